/** Speech is compared at this rate, since intelligibility depends on frequencies below 4 kHz. */
const RATE_HZ = 8000;
/** The rate of the first, coarse search. */
const COARSE_HZ = 1000;
const WINDOW_S = 0.25;
/** A window this much quieter than the loudest one is ignored. */
const QUIET = 0.02;

/**
 * How similar the heard speech is to the spoken one: 1 fully, 0 not at all. Both are WAV files (16 bit). The speech is cut into quarter
 * seconds, each is found by normalised cross-correlation, and the median of their peaks is returned. So a jitter buffer that shifts a
 * pause or plays faster for a moment changes little.
 */
export function likeness(spokenWav: Uint8Array, heardWav: Uint8Array): number {
  const spoken = mono(spokenWav, RATE_HZ);
  const heard = mono(heardWav, RATE_HZ);
  const coarse = mono(heardWav, COARSE_HZ);
  const size = RATE_HZ * WINDOW_S;
  const windows: { window: Float64Array; energy: number }[] = [];
  for (let at = 0; at + size <= spoken.length; at += size) {
    const window = spoken.subarray(at, at + size);
    windows.push({ window, energy: dot(window, window, 0) });
  }
  const loudest = Math.max(0, ...windows.map(({ energy }) => energy));
  const peaks = windows
    .filter(({ energy }) => energy > loudest * QUIET)
    .map(({ window }) => peak(window, heard, coarse))
    .sort((a, b) => a - b);
  return peaks[Math.floor(peaks.length / 2)] ?? 0;
}

function peak(window: Float64Array, heard: Float64Array, coarse: Float64Array): number {
  const ratio = RATE_HZ / COARSE_HZ;
  const small = resampled(window, RATE_HZ, COARSE_HZ);
  const place = best(small, coarse, 0, coarse.length - small.length).at * ratio;
  return best(window, heard, place - 2 * ratio, place + 2 * ratio).peak;
}

/** The position between `from` and `to` at which `wanted` correlates best. */
function best(
  wanted: Float64Array,
  there: Float64Array,
  from: number,
  to: number,
): { at: number; peak: number } {
  const energy = dot(wanted, wanted, 0);
  let found = { at: 0, peak: 0 };
  for (let at = Math.max(0, from); at <= Math.min(to, there.length - wanted.length); at++) {
    const part = there.subarray(at, at + wanted.length);
    const product = dot(wanted, part, 0);
    if (product <= 0) continue;
    const peak = product / Math.sqrt(energy * dot(part, part, 0));
    if (peak > found.peak) found = { at, peak };
  }
  return found;
}

function dot(a: Float64Array, b: Float64Array, from: number): number {
  let sum = 0;
  for (let i = from; i < a.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
}

/** The first channel of a 16-bit WAV file, resampled. A length that is missing, as from a pipe, is taken from the file's end. */
function mono(wav: Uint8Array, rateHz: number): Float64Array {
  const view = new DataView(wav.buffer, wav.byteOffset, wav.byteLength);
  let channels = 1;
  let fileRate = 48_000;
  for (let at = 12; at + 8 <= view.byteLength;) {
    const name = view.getUint32(at);
    const length = view.getUint32(at + 4, true);
    if (name === 0x666d7420) {
      channels = view.getUint16(at + 10, true);
      fileRate = view.getUint32(at + 12, true);
    } else if (name === 0x64617461) {
      const end = Math.min(at + 8 + length, view.byteLength);
      const samples = new Float64Array(Math.floor((end - at - 8) / 2 / channels));
      for (let i = 0; i < samples.length; i++) samples[i] = view.getInt16(at + 8 + i * 2 * channels, true);
      return resampled(samples, fileRate, rateHz);
    }
    at += 8 + length + (length % 2);
  }
  return new Float64Array(0);
}

/** Resamples by averaging over each new sample's span, a low pass that is good enough for comparing. */
function resampled(samples: Float64Array, fromHz: number, toHz: number): Float64Array {
  const step = fromHz / toHz;
  const result = new Float64Array(Math.floor(samples.length / step));
  for (let i = 0; i < result.length; i++) {
    const from = Math.floor(i * step);
    const to = Math.max(from + 1, Math.floor((i + 1) * step));
    let sum = 0;
    for (let k = from; k < to; k++) sum += samples[k] ?? 0;
    result[i] = sum / (to - from);
  }
  return result;
}

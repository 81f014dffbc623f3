/** 48 kHz is decimated to 12 kHz before comparing, since speech and test tones are below 6 kHz. */
const DECIMATION = 4;
const RATE_HZ = 48_000 / DECIMATION;
/** Overlaps with less than this share of the reference's energy are ignored. */
const MIN_ENERGY_SHARE = 0.05;

interface Correlation {
  /** How much later the reference appears in the recording, milliseconds; negative when earlier. */
  readonly lagMs: number;
  /** 1: the recording contains exactly the reference (at any loudness), 0: nothing of it. */
  readonly peak: number;
}

/** Finds `reference` within `recording` (both 48 kHz mono int16): normalised cross-correlation by FFT. */
export function correlate(reference: Int16Array, recording: Int16Array): Correlation {
  const a = decimate(reference);
  const b = decimate(recording);
  if (a.length === 0 || b.length === 0) return { lagMs: 0, peak: 0 };
  let size = 1;
  while (size < a.length + b.length) size *= 2;
  const aRe = new Float64Array(size);
  const aIm = new Float64Array(size);
  const bRe = new Float64Array(size);
  const bIm = new Float64Array(size);
  aRe.set(a);
  bRe.set(b);
  transform(aRe, aIm, false);
  transform(bRe, bIm, false);
  for (let i = 0; i < size; i++) {
    const re = aRe[i]! * bRe[i]! + aIm[i]! * bIm[i]!;
    const im = aRe[i]! * bIm[i]! - aIm[i]! * bRe[i]!;
    aRe[i] = re;
    aIm[i] = im;
  }
  transform(aRe, aIm, true);
  return strongest(aRe, energySums(a), energySums(b));
}

/** The loudest sample's share of full scale, 0..1. */
export function peakLevel(samples: Int16Array): number {
  let peak = 0;
  for (const sample of samples) peak = Math.max(peak, Math.abs(sample));
  return peak / 32768;
}

function strongest(products: Float64Array, aSums: Float64Array, bSums: Float64Array): Correlation {
  const aLength = aSums.length - 1;
  const bLength = bSums.length - 1;
  const enough = aSums[aLength]! * MIN_ENERGY_SHARE;
  let best: Correlation = { lagMs: 0, peak: 0 };
  for (let lag = 1 - aLength; lag < bLength; lag++) {
    const from = Math.max(0, -lag);
    const to = Math.min(aLength, bLength - lag);
    const aEnergy = aSums[to]! - aSums[from]!;
    const bEnergy = bSums[to + lag]! - bSums[from + lag]!;
    if (aEnergy <= enough || bEnergy <= 0) continue;
    // Normalised by the energy of the whole reference, so that missing parts lower the result.
    const energy = Math.sqrt(aSums[aLength]! * bEnergy);
    const product = products[lag < 0 ? lag + products.length : lag]! / products.length;
    const peak = product / energy;
    if (peak > best.peak) best = { lagMs: (lag * 1000) / RATE_HZ, peak };
  }
  return best;
}

function decimate(samples: Int16Array): Float64Array {
  const out = new Float64Array(Math.floor(samples.length / DECIMATION));
  let mean = 0;
  for (let i = 0; i < out.length; i++) {
    let sum = 0;
    for (let k = 0; k < DECIMATION; k++) sum += samples[i * DECIMATION + k]!;
    out[i] = sum;
    mean += sum / out.length;
  }
  for (let i = 0; i < out.length; i++) out[i]! -= mean;
  return out;
}

function energySums(values: Float64Array): Float64Array {
  const sums = new Float64Array(values.length + 1);
  for (let i = 0; i < values.length; i++) sums[i + 1] = sums[i]! + values[i]! * values[i]!;
  return sums;
}

/** Radix-2 FFT in place; the inverse is not scaled. */
function transform(re: Float64Array, im: Float64Array, inverse: boolean): void {
  const size = re.length;
  for (let i = 1, j = 0; i < size; i++) {
    let bit = size >> 1;
    for (; j & bit; bit >>= 1) j ^= bit;
    j ^= bit;
    if (i < j) {
      [re[i], re[j]] = [re[j]!, re[i]!];
      [im[i], im[j]] = [im[j]!, im[i]!];
    }
  }
  for (let half = 1; half < size; half *= 2) {
    const angle = ((inverse ? 1 : -1) * Math.PI) / half;
    for (let k = 0; k < half; k++) {
      const cos = Math.cos(angle * k);
      const sin = Math.sin(angle * k);
      for (let i = k; i < size; i += half * 2) {
        const j = i + half;
        const xRe = re[j]! * cos - im[j]! * sin;
        const xIm = re[j]! * sin + im[j]! * cos;
        re[j] = re[i]! - xRe;
        im[j] = im[i]! - xIm;
        re[i]! += xRe;
        im[i]! += xIm;
      }
    }
  }
}

/** A quarter of a second: long enough to differ from other speech, short enough that a jump of the delay affects few pieces. */
const PIECE_SAMPLES = 12_000;
const PIECE_HEARD = 0.5;
/** Pieces quieter than this share of the loudest are pauses. */
const QUIET = 0.15;

/**
 * The share (0..1) of the reference's quarter seconds that the recording contains, each at any place: live speech may be delayed or played
 * faster for a moment, which moves later pieces without loss.
 */
export function heardShare(reference: Int16Array, recording: Int16Array, pieceHeard = PIECE_HEARD): number {
  const pieces: Int16Array[] = [];
  for (let at = 0; at + PIECE_SAMPLES <= reference.length; at += PIECE_SAMPLES) {
    pieces.push(reference.subarray(at, at + PIECE_SAMPLES));
  }
  const loud = pieces.filter((piece) => peakLevel(piece) > QUIET * peakLevel(reference));
  const heard = loud.filter((piece) => correlate(piece, recording).peak > pieceHeard);
  return heard.length / loud.length;
}

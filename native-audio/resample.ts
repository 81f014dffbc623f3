import { saturated } from './saturated.ts';

/** Zero crossings of the sinc on either side: more make the filter sharper and slower. */
const CROSSINGS = 16;
/** Entries of the kernel's table for each crossing. */
const TABLE_STEPS = 512;

/** Windowed sinc (Blackman), read off a table. */
const KERNEL = Float32Array.from({ length: CROSSINGS * TABLE_STEPS + 2 }, (_, i) => {
  const x = i / TABLE_STEPS;
  if (x >= CROSSINGS) return 0;
  const window =
    0.42 + 0.5 * Math.cos((Math.PI * x) / CROSSINGS) + 0.08 * Math.cos((2 * Math.PI * x) / CROSSINGS);
  return x === 0 ? 1 : (window * Math.sin(Math.PI * x)) / (Math.PI * x);
});

/** Samples of -1..1 at one rate → int16 at another, band-limited below half of the lower rate. */
export function resample(samples: Float32Array, fromHz: number, toHz: number): Int16Array {
  const out = new Int16Array(Math.round((samples.length * toHz) / fromHz));
  if (fromHz === toHz) {
    // A loop, since `Int16Array.from` takes a second for a minute of sound, in which this computer would seem to be gone.
    for (let i = 0; i < out.length; i++) out[i] = toInt16(samples[i]!);
    return out;
  }
  const step = fromHz / toHz;
  const cutoff = Math.min(1, toHz / fromHz);
  const reach = CROSSINGS / cutoff;
  for (let i = 0; i < out.length; i++) {
    const center = i * step;
    const from = Math.max(0, Math.ceil(center - reach));
    const to = Math.min(samples.length - 1, Math.floor(center + reach));
    let sum = 0;
    for (let k = from; k <= to; k++) {
      sum += samples[k]! * KERNEL[Math.round(Math.abs(k - center) * cutoff * TABLE_STEPS)]!;
    }
    out[i] = toInt16(sum * cutoff);
  }
  return out;
}

function toInt16(value: number): number {
  return saturated(Math.round(value * 32767));
}

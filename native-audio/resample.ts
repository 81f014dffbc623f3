import { nextTurn } from '../main/model/index.ts';
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

/** Samples of the result that are made in one turn of the event loop: some milliseconds' work. */
const A_TURN = 12_000;

/** Samples of -1..1 at one rate → int16 at another, band-limited below half of the lower rate. */
export function resample(samples: Float32Array, fromHz: number, toHz: number): Int16Array {
  const out = new Int16Array(Math.round((samples.length * toHz) / fromHz));
  fill(out, 0, out.length, samples, fromHz / toHz);
  return out;
}

/** The same, a part in each turn of the event loop: a minute of sound takes it a tenth of a second and more. */
export async function resampleInTurns(
  samples: Float32Array,
  fromHz: number,
  toHz: number,
): Promise<Int16Array> {
  const out = new Int16Array(Math.round((samples.length * toHz) / fromHz));
  for (let at = 0; at < out.length; at += A_TURN) {
    fill(out, at, Math.min(out.length, at + A_TURN), samples, fromHz / toHz);
    await nextTurn();
  }
  return out;
}

/** Makes the samples from `begin` to before `end`. `step`: input samples for each sample of the result. */
function fill(out: Int16Array, begin: number, end: number, samples: Float32Array, step: number): void {
  if (step === 1) {
    // A loop, since `Int16Array.from` takes a second for a minute of sound, in which this computer would seem to be gone.
    for (let i = begin; i < end; i++) out[i] = toInt16(samples[i]!);
    return;
  }
  const cutoff = Math.min(1, 1 / step);
  const reach = CROSSINGS / cutoff;
  for (let i = begin; i < end; i++) {
    const center = i * step;
    const from = Math.max(0, Math.ceil(center - reach));
    const to = Math.min(samples.length - 1, Math.floor(center + reach));
    let sum = 0;
    for (let k = from; k <= to; k++) {
      sum += samples[k]! * KERNEL[Math.round(Math.abs(k - center) * cutoff * TABLE_STEPS)]!;
    }
    out[i] = toInt16(sum * cutoff);
  }
}

function toInt16(value: number): number {
  return saturated(Math.round(value * 32767));
}

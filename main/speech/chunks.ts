/** Whisper hears 30 s at a time; shorter stretches are also what progress is made of. */
const LONGEST_S = 25;
/** A stretch ends at the quietest place of its last seconds. */
const SEARCHED_S = 10;
const WINDOW_S = 0.2;

/** A stretch of sound: samples from `from` to before `to`. */
interface Chunk {
  readonly from: number;
  readonly to: number;
}

/** Divides sound into stretches that a recogniser can take at once, between words where there are pauses. */
export function chunksOf(samples: Int16Array, rateHz: number): Chunk[] {
  const chunks: Chunk[] = [];
  let from = 0;
  while (samples.length - from > LONGEST_S * rateHz) {
    const to = quietest(samples, from + (LONGEST_S - SEARCHED_S) * rateHz, from + LONGEST_S * rateHz, rateHz);
    chunks.push({ from, to });
    from = to;
  }
  if (samples.length > from) chunks.push({ from, to: samples.length });
  return chunks;
}

/** The middle of the quietest window in a range; of equal ones the last. */
function quietest(samples: Int16Array, begin: number, end: number, rateHz: number): number {
  const window = WINDOW_S * rateHz;
  let best = end;
  let least = Infinity;
  for (let at = begin; at + window <= end; at += window / 2) {
    let loudness = 0;
    for (let i = at; i < at + window; i++) loudness += Math.abs(samples[i]!);
    if (loudness > least) continue;
    least = loudness;
    best = at + window / 2;
  }
  return best;
}

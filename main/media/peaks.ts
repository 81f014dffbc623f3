/** A waveform has this many peaks at most, however long the message is: no panel draws it wider. */
export const MAX_PEAKS = 200;

/** Nothing below this loudness is drawn: the noise of a quiet room (−60 dB of full scale, as power). */
const SILENCE = 10 ** (-60 / 10);
/** What reaches the top: the message's own loud parts, but neither whispered noise nor a shout alone decides. */
const QUIETEST_TOP = 10 ** (-34 / 10);
const LOUDEST_TOP = 10 ** (-12 / 10);
const LOUD_SHARE = 0.95;
/** Loudness as a person feels it: what is twice as loud is drawn about twice as high (Stevens's exponent for the amplitude). */
const EXPONENT = 0.6;

/**
 * The loudness over time, to draw: 0 to 255, evenly spread over what `powers` covers.
 * @param powers the mean square of each frame, full scale being 1
 */
export function peaksOf(powers: ArrayLike<number>): number[] {
  const count = Math.min(MAX_PEAKS, powers.length);
  const means = Array.from({ length: count }, (_, i) => meanOf(powers, i, count));
  const top = Math.min(LOUDEST_TOP, Math.max(QUIETEST_TOP, quantile(means, LOUD_SHARE)));
  return means.map((power) =>
    power < SILENCE ? 0 : Math.min(255, Math.round(255 * Math.sqrt(power / top) ** EXPONENT)),
  );
}

function meanOf(powers: ArrayLike<number>, part: number, parts: number): number {
  const from = Math.floor((part * powers.length) / parts);
  const to = Math.max(from + 1, Math.floor(((part + 1) * powers.length) / parts));
  let sum = 0;
  for (let n = from; n < to; n++) sum += powers[n] ?? 0;
  return sum / (to - from);
}

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) * share)] ?? 0;
}

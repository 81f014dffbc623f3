/**
 * Fits a message's peaks (0 to 255, evenly spread) to a number of bars. A bar's height is the loudest peak under it, so that short loud
 * sounds are visible. A bar between two peaks has a height between theirs.
 */
export function barsOf(peaks: readonly number[], bars: number): number[] {
  if (peaks.length < bars) return Array.from({ length: bars }, (_, bar) => between(peaks, bar, bars));
  const heights: number[] = [];
  for (let bar = 0; bar < bars; bar += 1) {
    const from = Math.floor((bar * peaks.length) / bars);
    const to = Math.max(from + 1, Math.floor(((bar + 1) * peaks.length) / bars));
    let highest = 0;
    for (let at = from; at < to; at += 1) highest = Math.max(highest, peaks[at] ?? 0);
    heights.push(highest);
  }
  return heights;
}

function between(peaks: readonly number[], bar: number, bars: number): number {
  const last = Math.max(0, peaks.length - 1);
  const at = Math.max(0, Math.min(last, ((bar + 0.5) * peaks.length) / bars - 0.5));
  const left = peaks[Math.floor(at)] ?? 0;
  return Math.round(left + ((peaks[Math.ceil(at)] ?? 0) - left) * (at % 1));
}

/** Half the height of a bar for silence, where 1 is the full one: a message without a sound is still a line to click. */
const LEAST = 0.04;

/**
 * The bars as an SVG path of upright strokes, one unit apart, between 0 and 2 with the middle at 1. Peaks are on a perceptual scale
 * already, and are drawn linearly.
 */
export function pathOf(heights: readonly number[]): string {
  return heights
    .map((height, at) => {
      const half = Math.max(LEAST, (0.94 * height) / 255);
      return `M${at + 0.5} ${(1 - half).toFixed(2)}V${(1 + half).toFixed(2)}`;
    })
    .join('');
}

/** How many bars fit side by side in this width, pixels. */
export function barsIn(pixels: number): number {
  return Math.max(12, Math.min(240, Math.round(pixels / 3)));
}

/** A message that is being spoken grows into this much room before its bars move closer together. */
const LIVE_SPAN_MS = 12_000;

/** The share of the width that a message fills, 0 to 1: all of it, unless it is live and still short. */
export function shareOfWidth(durationMs: number, live: boolean): number {
  return live ? Math.min(1, durationMs / LIVE_SPAN_MS) : 1;
}

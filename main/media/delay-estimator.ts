import { FRAME_MS } from '../model/index.ts';

const MIN_TARGET_MS = 4;
const MAX_TARGET_MS = 120;
/** Two seconds of arrivals; a new judgement every fifth of one. */
const WINDOW = 200;
const JUDGE_EVERY = 20;
/** One fragment in fifty may come too late: concealing it costs less than delay for all others. */
const QUANTILE = 0.98;
const MARGIN_MS = 2;
/** How much of a surplus of delay is given up at each judgement. */
const SHRINK = 0.1;
const BASE_WINDOW_MS = 3000;

/**
 * How long after the fastest fragment a fragment should be played, so that nearly all have arrived: the target delay. It grows at
 * once when a fragment comes too late, and shrinks slowly. Pure; times are ms of one clock.
 */
export class DelayEstimator {
  readonly #lateness = new Float64Array(WINDOW).fill(-1);
  readonly #sorted = new Float64Array(WINDOW);
  #arrivals = 0;
  #targetMs: number;
  /** When fragment 0 would have arrived had it been as fast as the fastest: the least of this window and the one before. */
  #base = Infinity;
  #previousBase = Infinity;
  #baseSince = 0;

  constructor(initialTargetMs = MIN_TARGET_MS + MARGIN_MS) {
    this.#targetMs = initialTargetMs;
  }

  get targetMs(): number {
    return this.#targetMs;
  }

  /** Whether anything has arrived, so that `delayOf` can tell. */
  get hasBase(): boolean {
    return this.#arrivals > 0;
  }

  /** Fragment `n` came from the network. `tooLate`: the playout had waited for it, or had concealed it. */
  arrived(n: number, now: number, tooLate: boolean): void {
    const start = now - n * FRAME_MS;
    if (now - this.#baseSince > BASE_WINDOW_MS) {
      this.#previousBase = this.#base;
      this.#base = start;
      this.#baseSince = now;
    }
    this.#base = Math.min(this.#base, start);
    const late = this.delayOf(n, now);
    this.#lateness[this.#arrivals % WINDOW] = late;
    this.#arrivals += 1;
    if (tooLate && late + MARGIN_MS > this.#targetMs)
      this.#targetMs = Math.min(MAX_TARGET_MS, late + MARGIN_MS);
    else if (this.#arrivals % JUDGE_EVERY === 0) this.#judge();
  }

  /** How long after the fastest possible arrival of fragment `n` it is now. */
  delayOf(n: number, now: number): number {
    return now - n * FRAME_MS - Math.min(this.#base, this.#previousBase);
  }

  #judge(): void {
    const count = Math.min(this.#arrivals, WINDOW);
    const sorted = this.#sorted.subarray(0, count);
    sorted.set(this.#lateness.subarray(0, count));
    sorted.sort();
    const wanted = sorted[Math.min(count - 1, Math.floor(count * QUANTILE))]! + MARGIN_MS;
    const bounded = Math.min(MAX_TARGET_MS, Math.max(MIN_TARGET_MS, wanted));
    this.#targetMs =
      bounded > this.#targetMs ? bounded : this.#targetMs + (bounded - this.#targetMs) * SHRINK;
  }
}

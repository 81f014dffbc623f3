import type { Clock, NodeId } from '../model/index.ts';

/** A colleague's clock, as a beat tells it. */
export interface ClockReading {
  readonly node: NodeId;
  /** The time by it when the beat left, ms since the epoch. */
  readonly wall: number;
  /** How long question and answer took, ms. */
  readonly roundTripMs: number;
}

/** An answer that took longer tells the time too roughly: half of this is how wrong a measurement can be, ms. */
const MAX_ROUND_TRIP_MS = 2000;
/** How long a measurement counts, ms: a clock is set meanwhile, or a computer is off. */
const GOOD_FOR_MS = 10 * 60_000;
/** More than this between two looks is no drift, ms: somebody set this computer's clock, or the computer slept. */
const STEP_MS = 2000;
/** A colleague's clock that is so far from this one's, ms, is a reason to ask others whose clock is wrong. */
const DOUBT_MS = 30_000;
/** How many clocks decide, if there are as many. */
const ENOUGH = 5;

interface Measured {
  /** How far that clock is ahead of this computer's, ms. */
  readonly aheadMs: number;
  /** Monotonic, ms. */
  readonly at: number;
}

/**
 * How far colleagues' clocks are from this computer's, and what the office's time is: the median of all that are known, this computer's own
 * among them. So no single colleague convinces anybody, and between two clocks nobody knows which one is wrong. Pure but for the clock.
 */
export class ColleagueClocks {
  readonly #clock: Clock;
  readonly #measured = new Map<NodeId, Measured>();
  #seen: { readonly now: number; readonly monotonic: number };

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#seen = { now: clock.now(), monotonic: clock.monotonic() };
  }

  /** Takes what a beat tells that is known to be fresh. False: it came too late to tell anything. */
  measure({ node, wall, roundTripMs }: ClockReading): boolean {
    this.look();
    if (roundTripMs < 0 || roundTripMs > MAX_ROUND_TRIP_MS) return false;
    const { now, monotonic } = this.#seen;
    this.#measured.set(node, { aheadMs: Math.round(wall + roundTripMs / 2 - now), at: monotonic });
    return true;
  }

  /** How far the node's clock is ahead of this computer's, ms; undefined: it was not measured lately. */
  aheadMs(node: NodeId): number | undefined {
    this.look();
    return this.#measured.get(node)?.aheadMs;
  }

  /** How far this computer's clock is ahead of the office's, ms; undefined: nobody can tell. */
  get ownAheadMs(): number | undefined {
    this.look();
    const others = [...this.#measured.values()].map(({ aheadMs }) => aheadMs);
    const [only] = others;
    if (only === undefined) return undefined;
    if (others.length === 1) return Math.abs(only) < DOUBT_MS ? 0 : undefined;
    return 0 - middleOf([0, ...others]);
  }

  /** Which of these nodes to ask for their time; nobody while the clocks that are known agree with this one. */
  toAsk(online: readonly NodeId[]): readonly NodeId[] {
    this.look();
    const known = [...this.#measured.values()];
    if (!known.some(({ aheadMs }) => Math.abs(aheadMs) >= DOUBT_MS)) return [];
    const unknown = online.filter((node) => !this.#measured.has(node));
    return unknown.slice(0, Math.max(0, ENOUGH - known.length));
  }

  /**
   * Looks at the own clock, and forgets what is too old. Where the clock was set, or the computer slept, no measurement holds.
   * @returns how far the clock has gone more than the time that has passed since the last look, ms; 0: as far
   */
  look(): number {
    const [now, monotonic] = [this.#clock.now(), this.#clock.monotonic()];
    const stepMs = now - this.#seen.now - (monotonic - this.#seen.monotonic);
    const wasSet = Math.abs(stepMs) > STEP_MS;
    this.#seen = { now, monotonic };
    for (const [node, { at }] of this.#measured)
      if (wasSet || monotonic - at > GOOD_FOR_MS) this.#measured.delete(node);
    return wasSet ? stepMs : 0;
  }

  forget(): void {
    this.#measured.clear();
  }
}

/** The median; of two in the middle the one that is nearer to 0. */
function middleOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const [low, high] = [sorted[(sorted.length - 1) >> 1] ?? 0, sorted[sorted.length >> 1] ?? 0];
  return Math.abs(low) <= Math.abs(high) ? low : high;
}

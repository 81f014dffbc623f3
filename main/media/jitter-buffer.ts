import { FRAME_MS, MAX_FRAGMENTS } from '../model/index.ts';
import { DelayEstimator } from './delay-estimator.ts';

/** What the next 10 ms of speech are made from. */
export type Step<T> =
  /** Decode it. */
  | { readonly kind: 'frame'; readonly n: number; readonly frame: T }
  /** There is more delay than needed: play both in the time of one, where nobody hears it. */
  | { readonly kind: 'merge'; readonly n: number; readonly frame: T; readonly next: T }
  /** The fragment is lost. The frame after it carries a coarse copy (in-band FEC). */
  | { readonly kind: 'fec'; readonly n: number; readonly next: T }
  /** The fragment is lost or comes too late: conceal it. */
  | { readonly kind: 'conceal'; readonly n: number }
  /** The fragment is expected, but not here yet: conceal 10 ms, and stay at this fragment. */
  | { readonly kind: 'stall' }
  /** Silence until it starts, or until the store gives more. */
  | { readonly kind: 'wait' }
  | { readonly kind: 'end' };

export type Pace = 'live' | 'catching-up' | 'stored';

interface JitterBufferOptions {
  /** The first fragment to play. */
  readonly from: number;
  /** Fragments in all; null while it is being spoken. */
  readonly count: number | null;
  /** Whether it keeps played frames, so that the listener can go back. */
  readonly keep: boolean;
  /** It is a direction of a call, which has no last fragment. */
  readonly isEndless?: boolean;
}

/** This many concealed steps in a row still sound like speech. Then silence follows. */
const MAX_STALLS = 5;
/** A stored message waits this long for a missing fragment if later ones are here; then the fragment is concealed. */
const STORED_PATIENCE_MS = 400;
/** After this many concealed fragments in a row the playout skips the other lost ones. */
const MAX_CONCEALED = 10;
/** The surplus of delay is the least within this window. The first window is shorter, since a pre-roll comes all at once. */
const SURPLUS_WINDOW_MS = 800;
const FIRST_WINDOW_MS = 250;
/** Catching up: playback gets faster at the first surplus, and stays so down to the second. Merging frames gives up the rest. */
const HURRY_FROM_MS = 90;
const HURRY_TO_MS = 40;
const FAST_FROM_MS = 800;
const HURRY_SPEED = 1.25;
const FAST_SPEED = 1.5;
/** This much surplus of delay is kept. */
const REST_MS = 1;
/** A store gives fragments in batches: this much of them in hand is no surplus. */
const STORED_RESERVE_MS = 200;
const CATCHING_UP_MS = 250;
/** Ten seconds: where a fragment of a call is further ahead than that, the playout jumps to it. More than this is not kept. */
const MAX_AHEAD = 1000;

/**
 * Decides what is played, each time the loudspeaker needs 10 ms. Pure; time is an argument (milliseconds). It plays a live
 * fragment `targetMs` after the fastest one could have come. A fragment from the store has no such time, and is played at
 * the listener's speed. It leaves out no fragment that arrives before its turn.
 */
export class JitterBuffer<T> {
  readonly #frames = new Map<number, T>();
  readonly #delay = new DelayEstimator();
  readonly #keep: boolean;
  readonly #most: number;
  readonly #isEndless: boolean;
  #next: number;
  #count: number | null;
  #highest = -1;
  #started = false;
  #stalls = 0;
  #concealed = 0;
  #missingSince: number | undefined;
  #hurry = 1;
  /** The least surplus of the present window, and of the last complete one. */
  #windowSurplus = Infinity;
  #surplus = 0;
  #windowSince = 0;
  #windowMs = FIRST_WINDOW_MS;
  readonly counts = { played: 0, concealed: 0, fec: 0, stalled: 0, shortened: 0, late: 0 };

  constructor(options: JitterBufferOptions) {
    this.#next = options.from;
    this.#count = options.count;
    this.#keep = options.keep;
    this.#isEndless = options.isEndless === true;
    this.#most = this.#isEndless ? Infinity : MAX_FRAGMENTS;
  }

  /** The fragment that is played next. */
  get position(): number {
    return this.#next;
  }

  get targetMs(): number {
    return this.#delay.targetMs;
  }

  /** How many frames are here without a gap, from the next one on; it counts up to `limit`. */
  ahead(limit: number): number {
    let count = 0;
    while (count < limit && this.#frames.has(this.#next + count)) count += 1;
    return count;
  }

  get count(): number | null {
    return this.#count;
  }

  setCount(count: number): void {
    this.#count = count;
  }

  seek(n: number): void {
    this.#next = n;
    this.#started = false;
    this.#missingSince = undefined;
    this.#stalls = 0;
    this.#concealed = 0;
    this.#restartSurplus(0);
  }

  /** `at`: when the fragment came from the network; null if it came from the store. */
  put(n: number, frame: T, at: number | null): void {
    if (n < 0 || n >= this.#most) return;
    const tooLate = this.#started && n < this.#next;
    const wasMissed = (tooLate && !this.#frames.has(n)) || (n === this.#next && this.#stalls > 0);
    if (at !== null) this.#delay.arrived(n, at, wasMissed);
    if (tooLate && !this.#frames.has(n)) this.counts.late += 1;
    if (tooLate && !this.#keep) return;
    if (this.#isEndless && n - this.#next > MAX_AHEAD) {
      this.#frames.clear();
      this.seek(n);
    }
    this.#frames.set(n, frame);
    this.#highest = Math.max(this.#highest, n);
  }

  /** What the listener is shown. A message is live only while it is being spoken. */
  pace(now: number): Pace {
    if (this.#count !== null || !this.#delay.hasBase) return 'stored';
    return this.#delay.delayOf(this.#next, now) - this.#delay.targetMs > CATCHING_UP_MS
      ? 'catching-up'
      : 'live';
  }

  /** The speed for a message that is being spoken: above 1 until the listener has caught up. */
  speed(now: number): number {
    const surplus = this.#delay.hasBase
      ? this.#delay.delayOf(this.#next, now) - this.#delay.targetMs
      : this.ahead(1000) * FRAME_MS - STORED_RESERVE_MS;
    if (surplus >= FAST_FROM_MS) this.#hurry = FAST_SPEED;
    else if (surplus >= HURRY_FROM_MS) this.#hurry = Math.max(this.#hurry, HURRY_SPEED);
    else if (surplus < HURRY_TO_MS) this.#hurry = 1;
    return this.#hurry;
  }

  /** `ahead`: the time stretcher asks for its look-ahead. It can wait for a frame, so it gets no `stall`. */
  next(now: number, ahead = false): Step<T> {
    if (this.#count !== null && this.#next >= this.#count) return { kind: 'end' };
    if (this.#delay.hasBase && !ahead) this.#measure(now);
    const frame = this.#frames.get(this.#next);
    if (frame === undefined) return this.#missing(now, ahead);
    if (!this.#mayStart(now)) return { kind: 'wait' };
    return ahead ? this.#play(frame) : (this.#mayMerge(frame) ?? this.#play(frame));
  }

  #mayMerge(frame: T): Step<T> | undefined {
    const next = this.#frames.get(this.#next + 1);
    if (next === undefined || this.surplusMs < FRAME_MS) return undefined;
    this.counts.played += 2;
    const n = this.#advance();
    this.#advance();
    return { kind: 'merge', n, frame, next };
  }

  /** Delay that could be given up, milliseconds; 0 while the time stretcher reduces it. */
  get surplusMs(): number {
    return this.#hurry > 1 ? 0 : Math.max(0, this.#surplus - REST_MS);
  }

  /** One or two frames were played in this much less time, which reduces the surplus. */
  shortened(ms: number): void {
    this.counts.shortened += 1;
    this.#surplus -= ms;
    this.#windowSurplus -= ms;
  }

  #play(frame: T): Step<T> {
    this.#missingSince = undefined;
    this.#started = true;
    this.#stalls = 0;
    this.#concealed = 0;
    this.counts.played += 1;
    return { kind: 'frame', n: this.#advance(), frame };
  }

  /** The first frame waits until the target delay has passed. For a listener who joins late it already has. */
  #mayStart(now: number): boolean {
    return (
      this.#started || !this.#delay.hasBase || this.#delay.delayOf(this.#next, now) >= this.#delay.targetMs
    );
  }

  #missing(now: number, ahead: boolean): Step<T> {
    this.#missingSince ??= now;
    const othersBehind = this.#highest > this.#next;
    const isLive =
      this.#delay.hasBase && this.#delay.delayOf(this.#next, now) < this.#delay.targetMs + FRAME_MS * 10;
    if (!othersBehind || !this.#patienceOver(now, isLive))
      return ahead ? { kind: 'wait' } : this.#stall(isLive);
    const following = this.#frames.get(this.#next + 1);
    if (following !== undefined && this.#started) {
      this.counts.fec += 1;
      return { kind: 'fec', n: this.#advance(), next: following };
    }
    if (this.#concealed >= MAX_CONCEALED || !this.#started) {
      while (!this.#frames.has(this.#next)) this.#advance();
      return this.next(now, ahead);
    }
    this.#concealed += 1;
    this.counts.concealed += 1;
    return { kind: 'conceal', n: this.#advance() };
  }

  #patienceOver(now: number, isLive: boolean): boolean {
    const waited = now - (this.#missingSince ?? now);
    if (!isLive || !this.#started) return waited >= (isLive ? this.#delay.targetMs + 60 : STORED_PATIENCE_MS);
    return this.#delay.delayOf(this.#next, now) >= this.#delay.targetMs;
  }

  #stall(isLive: boolean): Step<T> {
    if (!this.#started || !isLive || this.#stalls >= MAX_STALLS) return { kind: 'wait' };
    this.#stalls += 1;
    this.counts.stalled += 1;
    return { kind: 'stall' };
  }

  #advance(): number {
    const n = this.#next;
    if (!this.#keep) this.#frames.delete(n);
    this.#next += 1;
    return n;
  }

  #measure(now: number): void {
    const surplus = this.#delay.delayOf(this.#next, now) - this.#delay.targetMs;
    if (!this.#started) this.#restartSurplus(now);
    if (now - this.#windowSince >= this.#windowMs) {
      this.#surplus = this.#windowSurplus;
      this.#windowMs = SURPLUS_WINDOW_MS;
      this.#restartWindow(now);
    }
    this.#windowSurplus = Math.min(this.#windowSurplus, surplus);
  }

  #restartSurplus(now: number): void {
    this.#surplus = 0;
    this.#windowMs = FIRST_WINDOW_MS;
    this.#restartWindow(now);
  }

  #restartWindow(now: number): void {
    this.#windowSurplus = Infinity;
    this.#windowSince = now;
  }
}

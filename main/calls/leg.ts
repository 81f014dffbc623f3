import type { CallId, CallSignal, NodeId } from '../model/index.ts';

/** Pauses after which a signal that the other side has not acknowledged is repeated, before the regular signals. Milliseconds. */
const REPEAT_MS = [100, 200, 400, 800] as const;
/** Each side repeats its signal at this interval as a keepalive. Milliseconds. */
const BEAT_MS = 2000;

/** The complete state of one side of a call, as each signal carries it. */
export type SideState = Omit<CallSignal, 'v' | 'call' | 'side' | 'rev' | 'seen' | 'asks'>;

/**
 * One call between this computer and another one: the state of each side. Every signal carries the complete state of its sender, so
 * neither the order of signals nor the loss of one matters. Pure: times are milliseconds of one monotonic clock.
 */
export class Leg {
  readonly node: NodeId;
  readonly #call: CallId;
  readonly #side: CallSignal['side'];
  #own: SideState;
  #rev = 1;
  #acknowledged = 0;
  #theirs: CallSignal | undefined;
  #repeats = 0;
  #nextAt: number;
  heardAt: number;

  constructor(call: CallId, side: CallSignal['side'], node: NodeId, own: SideState, now: number) {
    this.#call = call;
    this.#side = side;
    this.node = node;
    this.#own = own;
    this.#nextAt = now;
    this.heardAt = now;
  }

  get own(): SideState {
    return this.#own;
  }

  /** The other side's latest state; undefined: no signal has come yet. */
  get theirs(): SideState | undefined {
    return this.#theirs;
  }

  get hasEnded(): boolean {
    return this.#own.state === 'ended';
  }

  /** Whether the other side has this side's latest state. */
  get isAcknowledged(): boolean {
    return this.#acknowledged >= this.#rev;
  }

  get nextAt(): number {
    return this.hasEnded && this.isAcknowledged ? Infinity : this.#nextAt;
  }

  /** Changes this side's state, and sends it at the next `due`. An ended side cannot change. */
  say(own: SideState, now: number): void {
    if (this.hasEnded) return;
    this.#own = own;
    this.#rev += 1;
    this.#repeats = 0;
    this.#nextAt = now;
  }

  /** The signal that is due to be sent; undefined: none is. */
  due(now: number): CallSignal | undefined {
    if (now < this.nextAt) return undefined;
    const pause = this.isAcknowledged ? BEAT_MS : (REPEAT_MS[this.#repeats] ?? BEAT_MS);
    this.#repeats += 1;
    this.#nextAt = now + pause;
    return this.signal();
  }

  signal(): CallSignal {
    return {
      ...{ v: 1, call: this.#call, side: this.#side, rev: this.#rev, seen: this.#theirs?.rev ?? 0 },
      ...(this.isAcknowledged ? {} : { asks: true }),
      ...this.#own,
    };
  }

  /** Takes a signal of the other side. Returns whether its state is new: an older one is ignored, and so is any after an end. */
  take(signal: CallSignal, now: number): boolean {
    this.heardAt = now;
    this.#acknowledged = Math.max(this.#acknowledged, Math.min(signal.seen, this.#rev));
    if (this.#theirs?.state === 'ended') return false;
    const isNews = signal.state === 'ended' || signal.rev > (this.#theirs?.rev ?? 0);
    if (isNews) this.#theirs = signal;
    return isNews;
  }
}

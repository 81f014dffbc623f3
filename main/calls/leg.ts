import type { CallId, CallSignal, NodeId } from '../model/index.ts';

/** A statement that the other side has not acknowledged is repeated after these, then at each beat. Milliseconds. */
const REPEAT_MS = [100, 200, 400, 800] as const;
/** While a call goes on each side repeats itself: what it says is how the other knows that it is there. */
const BEAT_MS = 2000;

/** What one side says of a call: all of it, each time. */
export type Word = Omit<CallSignal, 'v' | 'call' | 'side' | 'rev' | 'seen' | 'asks'>;

/**
 * One call between this computer and another one: what each says of it. The last word of each side says everything, so that nothing
 * depends on the order in which words arrive, nor on any one of them. Pure: times are milliseconds by one clock of the caller's.
 */
export class Leg {
  readonly node: NodeId;
  readonly #call: CallId;
  readonly #side: CallSignal['side'];
  #own: Word;
  #rev = 1;
  #acknowledged = 0;
  #theirs: CallSignal | undefined;
  #repeats = 0;
  #nextAt: number;
  heardAt: number;

  constructor(call: CallId, side: CallSignal['side'], node: NodeId, own: Word, now: number) {
    this.#call = call;
    this.#side = side;
    this.node = node;
    this.#own = own;
    this.#nextAt = now;
    this.heardAt = now;
  }

  get own(): Word {
    return this.#own;
  }

  /** Their last word; undefined: nothing came yet. */
  get theirs(): Word | undefined {
    return this.#theirs;
  }

  get hasEnded(): boolean {
    return this.#own.state === 'ended';
  }

  /** The other side knows this side's last word. */
  get isAcknowledged(): boolean {
    return this.#acknowledged >= this.#rev;
  }

  get nextAt(): number {
    return this.hasEnded && this.isAcknowledged ? Infinity : this.#nextAt;
  }

  /** From now on this side says this. What has ended stays so. */
  say(own: Word, now: number): void {
    if (this.hasEnded) return;
    this.#own = own;
    this.#rev += 1;
    this.#repeats = 0;
    this.#nextAt = now;
  }

  /** What is due to be sent; undefined: nothing yet. */
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

  /** Takes their word. Returns whether it says anything new: what has ended stays so, and what is older is passed over. */
  take(signal: CallSignal, now: number): boolean {
    this.heardAt = now;
    this.#acknowledged = Math.max(this.#acknowledged, Math.min(signal.seen, this.#rev));
    if (this.#theirs?.state === 'ended') return false;
    const isNews = signal.state === 'ended' || signal.rev > (this.#theirs?.rev ?? 0);
    if (isNews) this.#theirs = signal;
    return isNews;
  }
}

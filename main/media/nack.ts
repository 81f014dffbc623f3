import { MAX_FRAGMENTS } from '../model/index.ts';
import { FragmentSet } from './fragment-set.ts';
import { RecentFragments } from './recent-fragments.ts';

/** A gap may be two packets that changed places: it is asked for only after this long. */
const REORDER_MS = 3;
const RETRY_MIN_MS = 25;
const RETRY_MAX_MS = 60;
/** While a fragment can still be heard live, it is asked for at the pace of the round trip, and then more and more slowly. */
const LIVE_ATTEMPTS = 4;
const SLOW_FIRST_MS = 150;
const SLOW_MAX_MS = 2000;
const MAX_ATTEMPTS = 14;
/** Bounds what is asked: fragments at once, and per second. */
const BURST = 300;
const PER_SECOND = 400;
/** Numbers beyond what was heard of so far are believed up to this distance: one forger cannot make a message endless. */
const MAX_JUMP = 6000;
/** Fragments of a call that are older than this are not asked for: they would come too late to be heard. */
const MAX_CALL_GAPS = 50;

interface Gap {
  dueAt: number;
  askedAt: number;
  attempts: number;
}

interface NackOptions {
  readonly isEndless?: boolean;
  readonly spread?: () => number;
}

/**
 * Which fragments to ask for again, and when. Pure; times are ms of one clock. The same list serves the playout, for which a
 * fragment soon comes too late, and the store, for which it never does.
 */
export class NackScheduler {
  readonly #isEndless: boolean;
  readonly #have: FragmentSet | RecentFragments;
  readonly #gaps = new Map<number, Gap>();
  /** All fragments below are either there or a gap. */
  #known = 0;
  #budget = BURST;
  #budgetAt = 0;
  #roundTripMs = 5;
  readonly #spread: () => number;

  /**
   * `isEndless`: a direction of a call, which only the ear wants. `spread`: this much later than it could a gap is asked for, ms: what
   * many lack at once they do not ask for at once.
   */
  constructor({ isEndless = false, spread = () => 0 }: NackOptions = {}) {
    this.#isEndless = isEndless;
    this.#spread = spread;
    this.#have = isEndless ? new RecentFragments() : new FragmentSet();
  }

  get missing(): number {
    return this.#gaps.size;
  }

  /** All fragments before this one are there, or were found missing. */
  get known(): number {
    return this.#known;
  }

  get roundTripMs(): number {
    return this.#roundTripMs;
  }

  received(n: number, now: number): void {
    if (!this.#isEndless && (n >= MAX_FRAGMENTS || n > this.#known + MAX_JUMP)) return;
    if (!this.#have.add(n)) return;
    const gap = this.#gaps.get(n);
    if (gap) {
      this.#gaps.delete(n);
      // Where a fragment was asked for twice, nobody knows which question was answered (Karn's rule).
      if (gap.attempts === 1) this.#roundTripMs += (now - gap.askedAt - this.#roundTripMs) / 4;
    }
    if (n > this.#known) this.#open(n, now + REORDER_MS + this.#spread());
    this.#known = Math.max(this.#known, n + 1);
  }

  /** There are `count` fragments in all: those at the end may be missing too. */
  end(count: number, now: number): void {
    this.#open(Math.min(count, MAX_FRAGMENTS), now);
  }

  /** The fragments to ask for now, rising. They count as asked for. */
  due(now: number): number[] {
    this.#refill(now);
    const asked: number[] = [];
    for (const [n, gap] of this.#gaps) {
      if (gap.dueAt > now || this.#budget < 1) continue;
      this.#budget -= 1;
      asked.push(n);
      gap.attempts += 1;
      gap.askedAt = now;
      gap.dueAt = now + this.#pause(gap.attempts);
      if (gap.attempts >= (this.#isEndless ? LIVE_ATTEMPTS : MAX_ATTEMPTS)) this.#gaps.delete(n);
    }
    return asked.sort((a, b) => a - b);
  }

  /** When `due` is to be called next; undefined while nothing is missing. */
  nextAt(): number | undefined {
    let next: number | undefined;
    for (const { dueAt } of this.#gaps.values()) if (next === undefined || dueAt < next) next = dueAt;
    return next === undefined || this.#budget >= 1
      ? next
      : Math.max(next, this.#budgetAt + 1000 / PER_SECOND);
  }

  #open(to: number, dueAt: number): void {
    const from = this.#isEndless ? Math.max(this.#known, to - MAX_CALL_GAPS) : this.#known;
    for (let n = from; n < to; n++) {
      if (!this.#have.has(n)) this.#gaps.set(n, { dueAt, askedAt: 0, attempts: 0 });
    }
    this.#known = Math.max(this.#known, to);
  }

  #pause(attempts: number): number {
    const quick = Math.min(RETRY_MAX_MS, Math.max(RETRY_MIN_MS, this.#roundTripMs * 2));
    if (attempts < LIVE_ATTEMPTS) return quick;
    return Math.min(SLOW_MAX_MS, SLOW_FIRST_MS * 2 ** (attempts - LIVE_ATTEMPTS));
  }

  #refill(now: number): void {
    this.#budget = Math.min(BURST, this.#budget + ((now - this.#budgetAt) * PER_SECOND) / 1000);
    this.#budgetAt = now;
  }
}

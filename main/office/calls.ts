import { addressKey } from '../model/index.ts';
import type { SocketAddress } from './ports.ts';

/** When an address is called, ms after the call before; the last one for ever while this node is alone. */
const CALLS_AFTER_MS = [0, 150, 150, 150, 150, 1000, 5000, 30_000];
/** An address is called as if it were new once in this time, ms. */
const RESTARTED_EVERY_MS = 5000;
/** How long an address is kept that was found, or that another named, and where nobody answers. */
const KEPT_MS = 10 * 60_000;
/** A LAN's worth, not an attacker's. Beyond it the address that was longest not mentioned is forgotten, a saved one last. */
const MAX_ADDRESSES = 1000;

export interface CallHow {
  /** Saved, or given by a person: kept for as long as this node is in the office. */
  readonly isLasting?: boolean;
  /** It is called at once. */
  readonly isUrgent?: boolean;
  /** Found on the LAN, where anybody can announce any address. */
  readonly isFound?: boolean;
}

interface Called {
  readonly at: SocketAddress;
  isLasting: boolean;
  /** Nothing but that it was found speaks for it. */
  isFound: boolean;
  calls: number;
  nextAt: number;
  mentionedAt: number;
  restartedAt: number;
}

/** Addresses at which nobody is known to be, and when each is called. Pure: times are handed in, monotonic, ms. */
export class Calls {
  readonly #called = new Map<string, Called>();
  #nextAt = Infinity;

  get size(): number {
    return this.#called.size;
  }

  /** Somebody may be there. An address that is being called already is called no more often for it, unless `isUrgent`. */
  add(at: SocketAddress, now: number, how: CallHow = {}): void {
    const { isLasting = false, isUrgent = false, isFound = false } = how;
    const known = this.#called.get(addressKey(at));
    if (known) {
      known.mentionedAt = now;
      known.isLasting ||= isLasting;
      known.isFound &&= isFound;
      if (isUrgent) this.#restart(known, now);
      return;
    }
    if (this.#called.size >= MAX_ADDRESSES) this.#forgetOne();
    const { address, port } = at;
    const times = { calls: 0, nextAt: now, mentionedAt: now, restartedAt: isUrgent ? now : -Infinity };
    this.#called.set(addressKey(at), { at: { address, port }, isLasting, isFound, ...times });
    this.#nextAt = Math.min(this.#nextAt, now);
  }

  /** It is known who is there. */
  settle(at: SocketAddress): void {
    this.#called.delete(addressKey(at));
  }

  /** What was found there has ended; the address may have been named otherwise, too. */
  giveUp(at: SocketAddress): void {
    if (this.#called.get(addressKey(at))?.isFound) this.settle(at);
  }

  /** There is something to say that cannot wait: whoever may be there is called as if the address were new. */
  hurry(now: number): void {
    for (const called of this.#called.values()) this.#restart(called, now);
  }

  /** When `due` has something to do. */
  nextAt(): number {
    return this.#nextAt;
  }

  /** Where to call now. Alone, a node goes on for ever; otherwise it stops, since others will tell it. */
  due(now: number, alone: () => boolean): SocketAddress[] {
    if (now < this.#nextAt) return [];
    const isAlone = alone();
    const due: SocketAddress[] = [];
    this.#nextAt = Infinity;
    for (const [name, called] of this.#called) {
      if (called.nextAt <= now && (isAlone || called.calls < CALLS_AFTER_MS.length)) {
        due.push(called.at);
        called.calls += 1;
        called.nextAt = now + (CALLS_AFTER_MS[called.calls] ?? CALLS_AFTER_MS.at(-1) ?? Infinity);
      } else if (called.nextAt <= now) {
        called.nextAt = now + (CALLS_AFTER_MS.at(-1) ?? Infinity);
        if (!called.isLasting && now - called.mentionedAt >= KEPT_MS) this.#called.delete(name);
      }
      this.#nextAt = Math.min(this.#nextAt, called.nextAt);
    }
    return due;
  }

  /** Seldom, whoever asks for it: an address may be anybody's. */
  #restart(called: Called, now: number): void {
    if (now - called.restartedAt < RESTARTED_EVERY_MS) return;
    Object.assign(called, { calls: 0, nextAt: now, restartedAt: now });
    this.#nextAt = Math.min(this.#nextAt, now);
  }

  #forgetOne(): void {
    let oldest: [string, Called] | undefined;
    for (const entry of this.#called) {
      const [, one] = entry;
      if (!oldest || isSooner(one, oldest[1])) oldest = entry;
    }
    if (oldest) this.#called.delete(oldest[0]);
  }
}

function isSooner(a: Called, b: Called): boolean {
  if (a.isLasting !== b.isLasting) return b.isLasting;
  return a.mentionedAt < b.mentionedAt;
}

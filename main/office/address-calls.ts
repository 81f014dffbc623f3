import { addressKey } from '../model/index.ts';
import type { SocketAddress } from './ports.ts';

/** Pauses before each call of an address, ms. The last one repeats for ever while this node is alone. */
const CALLS_AFTER_MS = [0, 150, 150, 150, 150, 1000, 5000, 30_000];
/** The pauses of an address start from the beginning at most once in this time, ms. */
const RESTARTED_EVERY_MS = 5000;
/** A found or mentioned address at which nobody answers is kept for this long, ms. */
const KEPT_MS = 10 * 60_000;
/** Enough for a LAN. Beyond it the address that was mentioned longest ago is forgotten, saved ones last. */
const MAX_ADDRESSES = 1000;

export interface AddressCallOptions {
  /** Saved, or given by a person: kept for as long as this node is in the office. */
  readonly isLasting?: boolean;
  /** It is called at once. */
  readonly isUrgent?: boolean;
  /** Found on the LAN, where any computer can announce any address. */
  readonly isFound?: boolean;
}

interface Called {
  readonly at: SocketAddress;
  isLasting: boolean;
  /** It was only found; neither a colleague nor a person named it. */
  isFound: boolean;
  calls: number;
  nextAt: number;
  mentionedAt: number;
  restartedAt: number;
}

/** When to call which address at which no known node is. A call is a small datagram that asks for an answer. Pure: times are monotonic ms. */
export class AddressCalls {
  readonly #called = new Map<string, Called>();
  #nextAt = Infinity;

  get size(): number {
    return this.#called.size;
  }

  /** Adds an address at which a node may be. A known address is not called more often for it, unless `isUrgent`. */
  add(at: SocketAddress, now: number, how: AddressCallOptions = {}): void {
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

  /** The node at the address is known, so calls end. */
  settle(at: SocketAddress): void {
    this.#called.delete(addressKey(at));
  }

  /** The address is not announced any more: forgets it, unless it was named in another way as well. */
  giveUp(at: SocketAddress): void {
    if (this.#called.get(addressKey(at))?.isFound) this.settle(at);
  }

  /** Calls all addresses as if they were new, since this node has something urgent to send. */
  hurry(now: number): void {
    for (const called of this.#called.values()) this.#restart(called, now);
  }

  /** When `due` has something to do. */
  nextAt(): number {
    return this.#nextAt;
  }

  /** The addresses to call now. A node that is alone calls for ever; otherwise it stops, since colleagues will name new nodes. */
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

  /** Limited in rate, because the address may belong to a computer that has nothing to do with the office. */
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

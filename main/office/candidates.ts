import { addressKey, BUDGETS } from '../model/index.ts';
import type { SocketAddress } from './ports.ts';

/** A node that is not heard answers each mDNS query, of a lone node one a minute; after three unanswered ones its address is dropped. */
export const CANDIDATE_LIFE_MS = 200_000;
const IN_ALL = BUDGETS.candidates.inAll.atOnce;
const PER_SOURCE = BUDGETS.candidates.perPeer.atOnce;

interface Found {
  readonly at: SocketAddress;
  readonly source: string;
  readonly until: number;
}

/**
 * Addresses at which a node may be that was not heard yet. Saved ones, and those that a person gave, stay until a node was heard
 * there. Found ones expire, since any computer on the LAN can announce any address. Times are milliseconds of one clock.
 */
export class Candidates {
  readonly #kept = new Map<string, SocketAddress>();
  /** In the order in which they were found, or found again. */
  readonly #found = new Map<string, Found>();
  readonly #ended: (at: SocketAddress) => void;

  /** @param ended is called for each found address that was dropped */
  constructor(ended: (at: SocketAddress) => void = () => undefined) {
    this.#ended = ended;
  }

  /** A saved address, or one that a person gave. False where it is kept already. */
  keep(at: SocketAddress): boolean {
    const key = addressKey(at);
    if (this.#kept.has(key)) return false;
    this.#found.delete(key);
    this.#kept.set(key, at);
    return true;
  }

  /**
   * Adds an address that was found, or extends its life if it was found again.
   * @param source the IP address of the computer that announced it
   * @returns whether it was not known before
   */
  found(at: SocketAddress, source: string, now: number): boolean {
    const key = addressKey(at);
    if (this.#kept.has(key)) return false;
    this.end(now);
    const isNew = !this.#found.delete(key);
    if (isNew) this.#makeRoom(source);
    this.#found.set(key, { at, source, until: now + CANDIDATE_LIFE_MS });
    return isNew;
  }

  /** A node was heard there, so the address is no candidate any more. */
  heard(at: SocketAddress): void {
    const key = addressKey(at);
    this.#kept.delete(key);
    this.#found.delete(key);
  }

  all(now: number): SocketAddress[] {
    this.end(now);
    return [...this.#kept.values(), ...[...this.#found.values()].map(({ at }) => at)];
  }

  /** Drops the oldest: of this source if that has used up its share, otherwise of all. */
  #makeRoom(source: string): void {
    const ofSource = [...this.#found].filter(([, found]) => found.source === source);
    const [oldest] = ofSource.length >= PER_SOURCE ? ofSource : this.#found;
    if (oldest && (ofSource.length >= PER_SOURCE || this.#found.size >= IN_ALL))
      this.#drop(oldest[0], oldest[1].at);
  }

  /** Drops addresses that were not found again in time; the order is that of finding. */
  end(now: number): void {
    for (const [key, { at, until }] of this.#found) {
      if (until > now) return;
      this.#drop(key, at);
    }
  }

  #drop(key: string, at: SocketAddress): void {
    this.#found.delete(key);
    this.#ended(at);
  }
}

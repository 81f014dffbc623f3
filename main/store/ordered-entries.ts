import type { MessageId } from '../model/index.ts';
import type { Entry } from './stored-message.ts';

/** Where a message stands in an order: by a number, and by its id among those with the same. */
interface Position {
  readonly key: number;
  readonly id: MessageId;
}

/** Messages in the order of a number that each has. Putting one at the end, where almost all belong, costs the same however many there are. */
export class OrderedEntries {
  readonly #keys: number[] = [];
  readonly #entries: Entry[] = [];

  get size(): number {
    return this.#entries.length;
  }

  put(key: number, entry: Entry): void {
    const at = this.#placeOf({ key, id: entry.id });
    if (at === this.#entries.length) {
      this.#keys.push(key);
      this.#entries.push(entry);
    } else {
      this.#keys.splice(at, 0, key);
      this.#entries.splice(at, 0, entry);
    }
  }

  /** @param key the one under which it was put */
  remove(key: number, entry: Entry): void {
    const at = this.#placeOf({ key, id: entry.id });
    if (this.#entries[at] !== entry) return;
    this.#keys.splice(at, 1);
    this.#entries.splice(at, 1);
  }

  /** Puts them all at once, whatever order they come in. */
  fill(all: readonly { readonly key: number; readonly entry: Entry }[]): void {
    const sorted = [...all].sort((a, b) => a.key - b.key || compareIds(a.entry.id, b.entry.id));
    for (const { key, entry } of sorted) this.put(key, entry);
  }

  /** The first come first. What changes meanwhile may be passed over. */
  *forth(): IterableIterator<Entry> {
    for (let at = 0; at < this.#entries.length; at++) yield this.#entries[at]!;
  }

  /** The last come first, of those before a position if one is given. It may be one of a message that is gone. As `forth`. */
  *back(before?: Position): IterableIterator<Entry> {
    const end = before ? this.#placeOf(before) : this.#entries.length;
    for (let at = end - 1; at >= 0; at--) {
      const entry = this.#entries[at];
      if (entry) yield entry;
    }
  }

  /** The index where it stands, or would stand. */
  #placeOf({ key, id }: Position): number {
    let low = 0;
    let high = this.#entries.length;
    if (high > 0 && this.#isBefore(high - 1, key, id)) return high;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#isBefore(middle, key, id)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #isBefore(at: number, key: number, id: MessageId): boolean {
    const there = this.#keys[at]!;
    return there < key || (there === key && compareIds(this.#entries[at]!.id, id) < 0);
  }
}

export function compareIds(a: MessageId, b: MessageId): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

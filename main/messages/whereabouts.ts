import { MAX_SEAT_COUNT, type NodeId } from '../model/index.ts';

/** What a computer says of itself to the others of its person. */
export interface SeatWord {
  /**
   * Of all that the person's computers said, the highest number has the last input; 0: this one knows of none, as one without a
   * desktop. A count needs no clock, and tells nobody when somebody typed.
   */
  readonly n: number;
  /** It has a loudspeaker to play on. */
  readonly canPlay: boolean;
}

/** What was not said again for so long counts no more, ms: the other computer may be out of reach. */
export const SEAT_WORD_VALID_MS = 60_000;

interface Heard extends SeatWord {
  readonly until: number;
}

/**
 * At which of their computers a person is: where the last input was, of those that can play. One that knows of no input never takes
 * the person from one that does. Who takes the person says so, and whoever hears it yields: where that does not arrive, both play,
 * and none is silent. Pure; times are ms of one clock.
 */
export class Whereabouts {
  readonly #self: () => NodeId;
  readonly #others = new Map<NodeId, Heard>();
  /** Of all that was ever said: who takes the person next is above it. */
  #highest = 0;
  #own = 0;

  /** @param self may change where this computer goes on with other keys */
  constructor(self: () => NodeId) {
    this.#self = self;
  }

  /** What this computer says of its last input. */
  get own(): number {
    return this.#own;
  }

  /** Somebody touched this computer. True: it takes the person, and the others are to know. */
  input(now: number): boolean {
    if (this.#last(now, () => true) === this.#self()) return false;
    this.#highest = Math.min(this.#highest + 1, MAX_SEAT_COUNT);
    this.#own = this.#highest;
    return true;
  }

  /** Another computer of the person says this. */
  hear(node: NodeId, { n, canPlay }: SeatWord, now: number): void {
    this.#highest = Math.max(this.#highest, n);
    this.#others.set(node, { n, canPlay, until: now + SEAT_WORD_VALID_MS });
  }

  /** It is out of reach, or not the person's any more. */
  forget(node: NodeId): void {
    this.#others.delete(node);
  }

  /** Another computer of the person was heard of lately. */
  hasOthers(now: number): boolean {
    return [...this.#others.values()].some(({ until }) => now < until);
  }

  /** The other computer where the person is, and hears what comes; undefined: here, or nobody knows. */
  elsewhere(canPlay: boolean, now: number): NodeId | undefined {
    const at = this.#last(now, (node, word) => (node === this.#self() ? canPlay : word.canPlay));
    return at === this.#self() ? undefined : at;
  }

  #last(now: number, counts: (node: NodeId, word: SeatWord) => boolean): NodeId | undefined {
    const words: [NodeId, SeatWord][] = [[this.#self(), { n: this.#own, canPlay: true }]];
    for (const [node, word] of this.#others) if (now < word.until) words.push([node, word]);
    let last: { readonly node: NodeId; readonly n: number } | undefined;
    for (const [node, word] of words) {
      if (word.n === 0 || !counts(node, word)) continue;
      if (!last || word.n > last.n || (word.n === last.n && node > last.node)) last = { node, n: word.n };
    }
    return last?.node;
  }
}

import { MAX_SEAT_COUNT, type NodeId } from '../model/index.ts';

/** What a computer tells the others of its person about itself. */
export interface SeatReport {
  /**
   * The computer with the highest number had the last input; 0: this one knows of no input, such as one without a desktop. A counter
   * needs no clock, and does not reveal when somebody typed.
   */
  readonly n: number;
  /** It has a loudspeaker to play on. */
  readonly canPlay: boolean;
}

/** A word that is not repeated for this long expires, ms: the other computer may be out of reach. */
export const SEAT_REPORT_VALID_MS = 60_000;

interface Heard extends SeatReport {
  readonly until: number;
}

/**
 * At which of their computers a person is: the one with the last input among those that can play. A computer that knows of no input
 * never takes the person from one that does. A computer that takes the person tells the others, which yield; if that word is lost, two
 * computers play, rather than none. Pure; times are ms of one clock.
 */
export class Whereabouts {
  readonly #self: () => NodeId;
  readonly #others = new Map<NodeId, Heard>();
  /** The highest number that was ever heard: the next computer that takes the person counts one above it. */
  #highest = 0;
  #own = 0;

  /** @param self this computer's id, which changes when it gets other keys */
  constructor(self: () => NodeId) {
    this.#self = self;
  }

  /** This computer's own number. */
  get own(): number {
    return this.#own;
  }

  /** There was input at this computer. True: it takes the person, and the others have to be told. */
  input(now: number): boolean {
    if (this.#last(now, () => true) === this.#self()) return false;
    this.#highest = Math.min(this.#highest + 1, MAX_SEAT_COUNT);
    this.#own = this.#highest;
    return true;
  }

  /** Takes the word of another computer of the person. */
  hear(node: NodeId, { n, canPlay }: SeatReport, now: number): void {
    this.#highest = Math.max(this.#highest, n);
    this.#others.set(node, { n, canPlay, until: now + SEAT_REPORT_VALID_MS });
  }

  /** That computer is out of reach, or not the person's any more. */
  forget(node: NodeId): void {
    this.#others.delete(node);
  }

  /** Whether another computer of the person was heard lately. */
  hasOthers(now: number): boolean {
    return [...this.#others.values()].some(({ until }) => now < until);
  }

  /** The other computer at which the person is; undefined: here, or it is unknown. */
  elsewhere(canPlay: boolean, now: number): NodeId | undefined {
    const at = this.#last(now, (node, word) => (node === this.#self() ? canPlay : word.canPlay));
    return at === this.#self() ? undefined : at;
  }

  #last(now: number, counts: (node: NodeId, word: SeatReport) => boolean): NodeId | undefined {
    const words: [NodeId, SeatReport][] = [[this.#self(), { n: this.#own, canPlay: true }]];
    for (const [node, word] of this.#others) if (now < word.until) words.push([node, word]);
    let last: { readonly node: NodeId; readonly n: number } | undefined;
    for (const [node, word] of words) {
      if (word.n === 0 || !counts(node, word)) continue;
      if (!last || word.n > last.n || (word.n === last.n && node > last.node)) last = { node, n: word.n };
    }
    return last?.node;
  }
}

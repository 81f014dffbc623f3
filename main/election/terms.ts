import type { NodeId } from '../model/index.ts';
import { firstTermOf, isTermOf, nextTerm, roundOf } from './term.ts';

/** How many rounds the terms may rise within that time, ms, over what this node knew at its beginning. */
const MAX_RISE = 1024;
const RISE_WITHIN_MS = 10_000;
/** A step as small as honest nodes make has as much room again: a liar that used up the room cannot shut them out. */
const SMALL_STEP = 64;
/** More claimants than an office has; beyond it the one with the lowest term is forgotten. */
const MAX_CLAIMANTS = 1000;

/** The highest term of each claimant that this node followed, its own included. Only a claim that it follows raises one. */
export class Terms {
  readonly #known = new Map<NodeId, number>();
  #baseRound: number;
  #baseAt: number;
  #highest = 0;

  /** `known`: from before this start. `now` in ms, monotonic. */
  constructor(known: Iterable<readonly [NodeId, number]>, now: number) {
    for (const [node, term] of known) if (isTermOf(term, node)) this.take(node, term);
    this.#baseRound = roundOf(this.#highest);
    this.#baseAt = now;
  }

  get highest(): number {
    return this.#highest;
  }

  /** Whether a term may be that node's, and is near enough to what is known. */
  isCredible(node: NodeId, term: number, now: number): boolean {
    if (this.#known.get(node) === term) return true;
    return roundOf(term) <= this.#mostRound(roundOf(term), now) && isTermOf(term, node);
  }

  /** Notes a claim that this node follows, or its own. Returns whether that claimant's term has risen. */
  take(node: NodeId, term: number): boolean {
    if (term <= (this.#known.get(node) ?? 0)) return false;
    this.#known.set(node, term);
    this.#highest = Math.max(this.#highest, term);
    if (this.#known.size > MAX_CLAIMANTS) this.#forgetLowest();
    return true;
  }

  /** The term that this node claims next: above all known ones, and above `rival` as far as others would believe it. */
  next(self: NodeId, isStandby: boolean, rival: number, now: number): number {
    const above = Math.max(this.#highest, rival);
    const most = this.#mostRound(roundOf(above) + 1, now) - 1;
    const round = Math.max(roundOf(this.#highest), Math.min(roundOf(above), most));
    return nextTerm(firstTermOf(round), self, isStandby);
  }

  /** Forgets the terms of a node that is no member any more. */
  forget(node: NodeId, now: number): void {
    if (this.#known.delete(node)) this.#recount(now);
  }

  /** Takes over the round of others, also a lower one, since this node is alone. */
  join(round: number, now: number): void {
    for (const [node, term] of this.#known) if (roundOf(term) > round + MAX_RISE) this.#known.delete(node);
    this.#recount(now);
    this.#baseRound = round;
  }

  /** Whether the highest known round is too far above or below `round`. */
  isFarFrom(round: number): boolean {
    return Math.abs(round - Math.max(this.#baseRound, roundOf(this.#highest))) > MAX_RISE;
  }

  #recount(now: number): void {
    this.#highest = Math.max(0, ...this.#known.values());
    this.#baseRound = roundOf(this.#highest);
    this.#baseAt = now;
  }

  #mostRound(round: number, now: number): number {
    const known = roundOf(this.#highest);
    if (now - this.#baseAt >= RISE_WITHIN_MS) {
      this.#baseRound = Math.max(known, this.#baseRound);
      this.#baseAt = now;
    }
    return this.#baseRound + (round <= known + SMALL_STEP ? 2 * MAX_RISE : MAX_RISE);
  }

  #forgetLowest(): void {
    const [lowest] = [...this.#known].sort(([, a], [, b]) => a - b);
    if (lowest) this.#known.delete(lowest[0]);
  }
}

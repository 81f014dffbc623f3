import type { NodeId } from '../model/index.ts';
import { Accusations } from './accusations.ts';
import { Distrust } from './distrust.ts';
import type { Phase } from './phase.ts';
import { Rate } from './rate.ts';
import type { Claim } from './term.ts';
import { Terms } from './terms.ts';

/** How often a minute a node may take over from a switch that beats, and how often a switch may raise its own term. */
const TAKEOVERS = 4;
const RAISES = 20;
/** How often a minute a node may fall silent soon after it became the switch. */
const DESERTIONS = 1;
/** How often a minute this node claims above a rival: less often than others take it for restless. */
const OUTBIDS = 12;
/** How long a switch is followed until it is at home, ms: its return is no takeover. */
const HOME_AFTER_MS = 10_000;

interface TrustOptions {
  readonly self: NodeId;
  /** The highest term of each claimant that was known before this start. */
  readonly terms?: Iterable<readonly [NodeId, number]> | undefined;
  readonly now: number;
}

/** Whom this node may follow, whatever others say of themselves. Times in ms, monotonic. */
export class Trust {
  readonly terms: Terms;
  readonly accusations = new Accusations();
  readonly #self: NodeId;
  readonly #distrust = new Distrust();
  readonly #takeovers = new Rate(TAKEOVERS);
  readonly #raises = new Rate(RAISES);
  readonly #desertions = new Rate(DESERTIONS);
  readonly #outbids = new Rate(OUTBIDS);
  #home: NodeId | undefined;

  constructor({ self, terms = [], now }: TrustOptions) {
    this.#self = self;
    this.terms = new Terms(terms, now);
  }

  isOut(node: NodeId, now: number): boolean {
    return this.#distrust.isOut(node, now);
  }

  /** Whether a claim may be followed that has been heard from its claimant, or from a switch that yields to it. */
  believes({ node, term }: Claim, now: number): boolean {
    return !this.isOut(node, now) && this.terms.isCredible(node, term, now);
  }

  /** The switch that this node follows raises its own term. False where it does so too often to be followed. */
  raises(node: NodeId, now: number): boolean {
    return this.#isCalm(this.#raises, node, now);
  }

  /** A node takes over from a switch that still beats. False where it does so too often to be followed. */
  takesOver(node: NodeId, from: Phase & { kind: 'member' | 'switch' }, now: number): boolean {
    const left = from.kind === 'member' ? from.leader.node : this.#self;
    if (now - from.since >= HOME_AFTER_MS) this.#home = left;
    if (node === this.#home) return true;
    return this.#isCalm(this.#takeovers, node, now);
  }

  /** The switch that this node has followed since `since` fell silent. Where it does so soon, and again, it is not followed for a while. */
  fellSilent(node: NodeId, since: number, now: number): void {
    if (now - since < HOME_AFTER_MS) this.#isCalm(this.#desertions, node, now);
  }

  /** Whether this node may raise its own term once more: no more often than others believe it. */
  mayOutbid(now: number): boolean {
    return this.#outbids.allows(this.#self, now);
  }

  /** The others cannot reach that node: nobody follows it for a while. */
  depose(node: NodeId, now: number): void {
    if (this.#home === node) this.#home = undefined;
    this.#distrust.putOut(node, now);
    this.accusations.forget(node);
  }

  /** Most nodes follow that one. */
  goWith(node: NodeId, round: number, now: number): void {
    this.#distrust.pardon(node, now);
    this.terms.join(round, now);
  }

  /** A link to the node works, which is what it was deposed for not having. */
  reached(node: NodeId): void {
    this.#distrust.forgive(node);
    this.accusations.acquit(node);
  }

  /** The node is no member any more: nothing of it is kept. */
  forget(node: NodeId, now: number): void {
    this.terms.forget(node, now);
    this.accusations.forget(node);
    this.#distrust.forgive(node);
    this.#takeovers.forget(node);
    this.#raises.forget(node);
    this.#desertions.forget(node);
  }

  #isCalm(rate: Rate, node: NodeId, now: number): boolean {
    if (rate.allows(node, now)) return true;
    this.#distrust.putOut(node, now);
    return false;
  }
}

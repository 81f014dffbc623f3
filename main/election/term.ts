import { createHash } from 'node:crypto';
import type { NodeId } from '../model/index.ts';

/** Low bits of a term that name its claimant; the round above them counts elections. */
const TAG_BITS = 24;
const TAG_SPAN = 2 ** TAG_BITS;
const STANDBY_BIT = 2 ** (TAG_BITS - 1);
/** The last round that fits a safe integer. Half a thousand million elections are enough for an office. */
const LAST_ROUND = 2 ** (53 - TAG_BITS) - 1;

/** The claim of a node to be the switch. `compareClaims` orders claims. */
export interface Claim {
  readonly term: number;
  readonly rank: number;
  readonly node: NodeId;
}

/** The number of elections that led to this term. */
export function roundOf(term: number): number {
  return Math.floor(term / TAG_SPAN);
}

/** The lowest term of a round. */
export function firstTermOf(round: number): number {
  return round * TAG_SPAN;
}

/** Whether a term carries that node's tag. Nobody else can have claimed it, so whoever says so is not believed. */
export function isTermOf(term: number, node: NodeId): boolean {
  return roundOf(term) > 0 && term % STANDBY_BIT === tagOf(node);
}

function tagOf(node: NodeId): number {
  return createHash('sha256').update(node).digest().readUInt32BE(0) % STANDBY_BIT;
}

/**
 * The term that `node` claims after `highest`. Its low bits are the claimant's own, so two nodes that claim at the
 * same moment never claim the same term, and which of them yields is settled before they hear each other. The
 * standby's claim is above every other of its round.
 */
export function nextTerm(highest: number, node: NodeId, isStandby: boolean): number {
  const round = Math.min(roundOf(highest) + 1, LAST_ROUND);
  return round * TAG_SPAN + (isStandby ? STANDBY_BIT : 0) + tagOf(node);
}

/** Above zero if `a` is to be followed rather than `b`: by term, then rank, then id. */
export function compareClaims(a: Claim, b: Claim): number {
  if (a.term !== b.term) return a.term - b.term;
  if (a.rank !== b.rank) return a.rank - b.rank;
  return a.node === b.node ? 0 : a.node > b.node ? 1 : -1;
}

/** Above zero if `a` is the better next switch: by rank, then id. */
export function compareRanks(a: Omit<Claim, 'term'>, b: Omit<Claim, 'term'>): number {
  return compareClaims({ ...a, term: 0 }, { ...b, term: 0 });
}

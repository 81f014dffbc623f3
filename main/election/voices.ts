import type { NodeId } from '../model/index.ts';
import type { Peer } from './peers.ts';
import { roundOf } from './term.ts';

/** A node that was silent for so long has no voice, ms. */
const SILENT_MS = 3500;

/**
 * The round that a node goes by which follows nobody: what most of the others say whom it hears. One voice can raise
 * it, since an office may be one switch; to lower it takes two. Undefined: nobody says anything, or too few.
 */
export function roundOfMost(
  peers: Iterable<Peer>,
  self: NodeId,
  ownRound: number,
  now: number,
): number | undefined {
  const rounds: number[] = [];
  for (const { alive, follows, term, heardAt } of peers) {
    if (!alive || follows === undefined || now - heardAt >= SILENT_MS) continue;
    rounds.push(follows === self ? ownRound : roundOf(term));
  }
  rounds.sort((a, b) => a - b);
  const median = rounds[(rounds.length - 1) >> 1];
  if (median === undefined || median >= ownRound) return median;
  const lower = rounds.filter((round) => round < ownRound).length;
  return lower >= 2 && lower > (rounds.length + 1) / 2 ? median : undefined;
}

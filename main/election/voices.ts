import type { NodeId } from '../model/index.ts';
import type { Peer, Peers } from './peers.ts';
import { roundOf } from './term.ts';

/** After this long a silence takes a node's voice away, ms. */
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

/**
 * The switch that more than half of the office follows, this node counted in, by beats since then: undefined where that
 * is this node or nobody, or where that one does not say so itself.
 */
export function switchOfMost(peers: Peers, self: NodeId, since: number): Peer | undefined {
  const heard = peers.alive().filter(({ heardAt }) => heardAt >= since);
  const followers = new Map<NodeId, number>();
  for (const { follows } of heard) {
    if (follows !== undefined) followers.set(follows, (followers.get(follows) ?? 0) + 1);
  }
  for (const [node, count] of followers) {
    const leader = peers.get(node);
    if (node === self || count <= (heard.length + 1) / 2) continue;
    return leader?.role === 'switch' && leader.heardAt >= since ? leader : undefined;
  }
  return undefined;
}

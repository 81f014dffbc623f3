import { PINNED_RANK } from './beat.ts';
import type { Phase } from './phase.ts';
import type { ElectionTimings } from './timings.ts';

/** How much longer than the standby a node waits before it claims, ms: the lower its rank the longer, and no two alike. */
export function patienceOf(rank: number, chance: number, timings: ElectionTimings): number {
  const { othersMs, othersRankMs, othersSpreadMs } = timings;
  const byRank = (1 - Math.min(rank, PINNED_RANK) / PINNED_RANK) * othersRankMs;
  return othersMs + byRank + chance * othersSpreadMs;
}

/** From when the leader's silence is suspect, and when it ends in a claim; ms on the election's clock. */
export function silenceOf(
  { heardAt, droppedAt, patienceMs }: Phase & { kind: 'member' },
  isStandby: boolean,
  { claimMs, suspectMs, droppedMs }: ElectionTimings,
): { readonly suspectAt: number; readonly claimAt: number } {
  const waitMs = isStandby ? 0 : patienceMs;
  const bySilence = heardAt + claimMs + waitMs;
  const byDrop = (droppedAt ?? Infinity) + droppedMs + waitMs;
  if (byDrop < bySilence) return { suspectAt: byDrop - droppedMs, claimAt: byDrop };
  return { suspectAt: bySilence - (claimMs - suspectMs), claimAt: bySilence };
}

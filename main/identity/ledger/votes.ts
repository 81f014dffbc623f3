import type { NodeId } from '../../model/index.ts';
import type { Contest } from './electorate.ts';
import type { PersonId, StatementId } from './statement.ts';

/** A vote is signed after a random time up to this, so that hundreds of nodes do not all sign. */
export const VOTE_WITHIN_MS = 5_000;
/** What contradicts a statement that was held before is evaluated after this: the votes are there before anything turns over. */
export const EVALUATE_AFTER_MS = 10_000;
/** A side that leads by so many votes needs no more. */
const ENOUGH_AHEAD = 5;

/** The exchange in which each statement came, counted up. Those read from the file at start are in none, and count as 0. */
export type Exchanges = ReadonlyMap<StatementId, number>;

/** A statement that this node held before the exchange which brought another that contradicts it. */
export interface Meeting {
  readonly first: StatementId;
  readonly over: StatementId;
  readonly signAtMs: number;
  readonly evaluateAtMs: number;
}

/**
 * The contradictions that this node has met.
 * @param known those that this function returned before, whose times stay
 * @param fraction at least 0, less than 1; called once for each new one
 */
export function meetings(
  contests: readonly Contest[],
  exchanges: Exchanges,
  known: readonly Meeting[],
  nowMs: number,
  fraction: () => number,
): Meeting[] {
  const before = new Map(known.map((meeting) => [`${meeting.first} ${meeting.over}`, meeting]));
  const cameIn = (id: StatementId): number => exchanges.get(id) ?? 0;
  const met = new Map<string, Meeting>();
  for (const { id: first, against } of contests) {
    for (const over of against) {
      const pair = `${first} ${over}`;
      if (cameIn(first) >= cameIn(over) || met.has(pair)) continue;
      met.set(
        pair,
        before.get(pair) ?? {
          ...{ first, over },
          signAtMs: nowMs + fraction() * VOTE_WITHIN_MS,
          evaluateAtMs: nowMs + EVALUATE_AFTER_MS,
        },
      );
    }
  }
  return [...met.values()];
}

/**
 * The votes that this node must sign now: one for each statement that it held first, where its vote counts, its person has not
 * voted, and the statement is not well ahead.
 */
export function dueVotes(
  met: readonly Meeting[],
  contests: readonly Contest[],
  self: { readonly node: NodeId; readonly person: PersonId },
  nowMs: number,
): Pick<Meeting, 'first' | 'over'>[] {
  const votes = new Map<StatementId, number>();
  for (const { id, voters } of contests) votes.set(id, Math.max(votes.get(id) ?? 0, voters.size));
  const due = new Map<StatementId, Pick<Meeting, 'first' | 'over'>>();
  for (const contest of contests) {
    const { id, against, voters, mayVote } = contest;
    const strongest = against.reduce((most, other) => Math.max(most, votes.get(other) ?? 0), 0);
    if (voters.has(self.person) || voters.size - strongest >= ENOUGH_AHEAD) continue;
    const others = new Set(against);
    const vote = met.find(
      ({ first, over, signAtMs }) =>
        first === id && signAtMs <= nowMs && others.has(over) && mayVote(self.node, over),
    );
    if (vote) due.set(id, { first: id, over: vote.over });
  }
  return [...due.values()];
}

/**
 * Until when the node goes by its standing from before; undefined: it may evaluate now. The earliest end counts, otherwise a
 * hostile admin could hold back a removal for ever by signing what contradicts it again and again.
 */
export function evaluateAtMs(met: readonly Meeting[], nowMs: number): number | undefined {
  const ends = met.map((meeting) => meeting.evaluateAtMs);
  return ends.length > 0 && ends.every((end) => end > nowMs) ? Math.min(...ends) : undefined;
}

import type { NodeId } from '../../model/index.ts';
import type { Contest } from './electorate.ts';
import { MAX_FIRSTS } from './limits.ts';
import type { PersonId, StatementId } from './statement.ts';

/** A vote is signed after a random time up to this, so that hundreds of nodes do not all sign. */
const VOTE_WITHIN_MS = 5_000;
/** What contradicts a statement that was held before is believed after this: the votes are there before anything turns over. */
const SETTLE_AFTER_MS = 10_000;
/** A side that leads by so many votes needs no more. */
const ENOUGH_AHEAD = 5;
/** Votes on numbers. The rest of those that count is kept for removals: any member can contradict a number. */
const MAX_NUMBER_FIRSTS = MAX_FIRSTS / 2;

/** The exchange in which each statement came, counted up. Those read from the file at start are in none, and count as 0. */
export type Exchanges = ReadonlyMap<StatementId, number>;

/** What a vote says: this node held the one before it met the other. */
export interface Vote {
  readonly first: StatementId;
  readonly over: StatementId;
}

/** A statement that this node held before the exchange which brought another that contradicts it. */
export interface Ballot extends Vote {
  readonly isRemoval: boolean;
  readonly signAtMs: number;
  readonly settlesAtMs: number;
}

/** Who votes, and how many votes it has signed so far. */
export interface Voter {
  readonly node: NodeId;
  readonly person: PersonId;
  readonly signed: number;
  /** Of these, on numbers. */
  readonly signedOnNumbers: number;
}

/**
 * The contradictions that this node has met. One that is over, since its sides were replaced, lasts for its time all the same:
 * otherwise what was held back is believed as soon as a third statement comes.
 * @param known those that this function returned before, whose times stay
 * @param fraction at least 0, less than 1; called once for each new one
 */
export function ballots(
  contests: readonly Contest[],
  exchanges: Exchanges,
  known: readonly Ballot[],
  nowMs: number,
  fraction: () => number,
): Ballot[] {
  const before = new Map(known.map((ballot) => [`${ballot.first} ${ballot.over}`, ballot]));
  const cameIn = (id: StatementId): number => exchanges.get(id) ?? 0;
  const held = new Map([...before].filter(([, { settlesAtMs }]) => settlesAtMs > nowMs));
  for (const { id: first, against, isRemoval } of contests) {
    for (const over of against) {
      const pair = `${first} ${over}`;
      if (cameIn(first) >= cameIn(over) || held.has(pair)) continue;
      held.set(
        pair,
        before.get(pair) ?? {
          ...{ first, over, isRemoval },
          signAtMs: nowMs + fraction() * VOTE_WITHIN_MS,
          settlesAtMs: nowMs + SETTLE_AFTER_MS,
        },
      );
    }
  }
  return [...held.values()];
}

/**
 * The votes that this node must sign now: for a statement that it held first, where its vote counts, its person has not voted, and
 * the statement is not well ahead. One for each party against each other one, and no more than count: otherwise a member who
 * contradicts again and again would have its colleagues sign for ever, and leave them no vote.
 */
export function dueVotes(
  held: readonly Ballot[],
  contests: readonly Contest[],
  self: Voter,
  nowMs: number,
): Vote[] {
  const strength = new Map<StatementId, number>();
  for (const { id, voters } of contests) strength.set(id, Math.max(strength.get(id) ?? 0, voters.size));
  const partyOf = new Map(contests.map(({ id, party }) => [id, party]));
  const sidesOf = ({ party, against }: Contest): string[] => [
    ...new Set(against.map((other) => `${party} ${partyOf.get(other)}`)),
  ];
  const voted = new Set(contests.filter(({ voters }) => voters.has(self.person)).flatMap(sidesOf));
  const byFirst = new Map<StatementId, Ballot[]>();
  for (const ballot of held) {
    const those = byFirst.get(ballot.first);
    if (those) those.push(ballot);
    else byFirst.set(ballot.first, [ballot]);
  }
  const due = new Map<StatementId, Ballot>();
  for (const contest of contests) {
    const { id, party, against, voters, mayVote } = contest;
    const strongest = against.reduce((most, other) => Math.max(most, strength.get(other) ?? 0), 0);
    if (voters.has(self.person) || voters.size - strongest >= ENOUGH_AHEAD) continue;
    const others = new Set(against);
    const ballot = byFirst
      .get(id)
      ?.find(
        ({ over, signAtMs }) =>
          signAtMs <= nowMs &&
          others.has(over) &&
          !voted.has(`${party} ${partyOf.get(over)}`) &&
          mayVote(self.node, over),
      );
    if (!ballot) continue;
    due.set(id, ballot);
    voted.add(`${party} ${partyOf.get(ballot.over)}`);
  }
  return withinBounds([...due.values()], self).map(({ first, over }) => ({ first, over }));
}

function withinBounds(due: readonly Ballot[], { signed, signedOnNumbers }: Voter): Ballot[] {
  let onNumbers = signedOnNumbers;
  return due
    .filter(({ isRemoval }) => isRemoval || ++onNumbers <= MAX_NUMBER_FIRSTS)
    .slice(0, Math.max(0, MAX_FIRSTS - signed));
}

/**
 * The statements that this node does not believe yet, since they contradict one that it held before. Each for its own time alone:
 * whoever contradicts again and again holds nothing else back.
 */
export function unsettled(held: readonly Ballot[], nowMs: number): Set<StatementId> {
  return new Set(held.filter(({ settlesAtMs }) => settlesAtMs > nowMs).map(({ over }) => over));
}

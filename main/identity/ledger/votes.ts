import type { NodeId } from '../../model/index.ts';
import type { Contest } from './electorate.ts';
import { MAX_FIRSTS } from './limits.ts';
import type { PersonId, StatementId } from './statement.ts';

/** A vote is signed after a random delay up to this, ms, so that hundreds of nodes do not all sign. */
const VOTE_WITHIN_MS = 5_000;
/** A statement that contradicts an earlier one counts after this time, ms, so that votes come before anything changes. */
const SETTLE_AFTER_MS = 10_000;
/** A side that leads by this many votes needs no more. */
const ENOUGH_AHEAD = 5;
/** The most votes on numbers. The rest is reserved for removals, since any member can contradict a number. */
const MAX_NUMBER_FIRSTS = MAX_FIRSTS / 2;

/** The number of the exchange in which each statement came. Statements that were read from the file at start have none, and count as 0. */
export type Exchanges = ReadonlyMap<StatementId, number>;

/** The content of a vote: this node held the one statement before it received the other. */
export interface Vote {
  readonly first: StatementId;
  readonly over: StatementId;
}

/** A statement that this node held before an exchange brought another that contradicts it. */
export interface Ballot extends Vote {
  readonly isRemoval: boolean;
  readonly signAtMs: number;
  readonly settlesAtMs: number;
}

/** The voting node, and how many votes it has signed so far. */
export interface Voter {
  readonly node: NodeId;
  readonly person: PersonId;
  readonly signed: number;
  /** How many of these are on numbers. */
  readonly signedOnNumbers: number;
}

/**
 * The contradictions that this node has received. One whose sides were replaced still lasts for its full time; otherwise a third
 * statement could make the delayed one count at once.
 * @param known the earlier result of this function, whose times stay
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
 * The votes that this node must sign now: for a statement that it held first, if its vote counts, its person has not voted yet, and the
 * statement does not lead clearly. One vote for each party against each other one, and no more than count; otherwise a member who
 * contradicts again and again could use up its colleagues' votes.
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
 * The statements that this node does not count yet, since they contradict one that it held before. Each is delayed for its own time, so
 * that repeated contradictions delay nothing else.
 */
export function unsettled(held: readonly Ballot[], nowMs: number): Set<StatementId> {
  return new Set(held.filter(({ settlesAtMs }) => settlesAtMs > nowMs).map(({ over }) => over));
}

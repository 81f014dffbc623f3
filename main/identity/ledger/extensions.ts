import type { Counted, Grant } from './count.ts';
import { contestOf, votesIn, type Contest, type Votes } from './electorate.ts';
import type { Entry } from './entry.ts';
import type { PersonId, StatementId } from './statement.ts';

export interface Numbers {
  /** Extension to person. */
  readonly extensions: ReadonlyMap<string, PersonId>;
  /** Grants of one number of which neither had seen the other: what nodes vote on. */
  readonly contests: readonly Contest[];
}

/**
 * Who has which number. A person's number is the last that was granted; where two persons' last grants name one number, the
 * rules of `prefer` say who keeps it. The other has none then.
 * @param living persons who have a node that is not removed: a removal frees the number
 */
export function numbersOf(counted: Counted, living: ReadonlySet<PersonId>): Numbers {
  const current = new Map<PersonId, Grant>();
  for (const grant of counted.grants) if (living.has(grant.person)) current.set(grant.person, grant);
  const votes = votesIn(counted);
  const holders = new Map<string, Grant>();
  const contests: Contest[] = [];
  // In order, so that every node compares the same pairs.
  for (const grant of counted.grants) {
    if (current.get(grant.person) !== grant) continue;
    const holder = holders.get(grant.extension);
    if (!holder) {
      holders.set(grant.extension, grant);
      continue;
    }
    let winner = preferKnown(holder, grant);
    if (!winner) {
      const pair = contestsOf(holder, grant, votes, counted);
      contests.push(...pair);
      winner = preferVoted(holder, grant, pair);
    }
    holders.set(grant.extension, winner);
  }
  return {
    extensions: new Map([...holders].map(([extension, { person }]) => [extension, person])),
    contests,
  };
}

/** An admin's `over`; the grant that the other's author had seen; undefined where neither says which. */
function preferKnown(earlier: Grant, later: Grant): Grant | undefined {
  if (isOver(earlier, later)) return earlier;
  if (isOver(later, earlier)) return later;
  if (hasSeen(later, earlier)) return earlier;
  return hasSeen(earlier, later) ? later : undefined;
}

function contestsOf(earlier: Grant, later: Grant, votes: Votes, counted: Counted): [Contest, Contest] {
  return [
    contestOf(earlier.entry, [later.entry], votes, counted),
    contestOf(later.entry, [earlier.entry], votes, counted),
  ];
}

/** More votes; the grant of an admin; the earlier in order. */
function preferVoted(earlier: Grant, later: Grant, pair: readonly [Contest, Contest]): Grant {
  const lead = pair[1].voters.size - pair[0].voters.size;
  if (lead !== 0) return lead > 0 ? later : earlier;
  return later.byAdmin && !earlier.byAdmin ? later : earlier;
}

/** Whether an admin ended the other grant with this one. */
function isOver(grant: Grant, other: Grant): boolean {
  return grant.byAdmin && overOf(grant.entry) === other.entry.id;
}

function hasSeen(grant: Grant, other: Grant): boolean {
  return grant.entry.past.has(other.entry.index);
}

function overOf({ read }: Entry): StatementId | undefined {
  return read.kind === 'rule' && read.rule.type === 'number' ? read.rule.over : undefined;
}

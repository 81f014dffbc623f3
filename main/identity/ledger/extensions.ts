import type { Counted, Grant } from './count.ts';
import { contestOf, votesIn, type Contest, type Votes } from './electorate.ts';
import type { Entry } from './entry.ts';
import type { GroupGrant } from './groups.ts';
import { inOrder } from './seats.ts';
import type { PersonId, StatementId } from './statement.ts';

export interface Numbers {
  /** Extension to person. */
  readonly extensions: ReadonlyMap<string, PersonId>;
  /** Extension to group. */
  readonly groupNumbers: ReadonlyMap<string, StatementId>;
  /** Grants of the same number of which neither had seen the other, on which nodes vote. */
  readonly contests: readonly Contest[];
}

/** A grant to a person or to a group. */
type AnyGrant = Grant | GroupGrant;

/**
 * Who has which number: the last one that was granted to the person or group. If two last grants name the same number, the rules of
 * `prefer` decide, and the other party has none.
 * @param living people who have a node that is not removed; the removal of all nodes frees the number
 * @param groups the last grant of each existing group; the end of a group frees the number
 */
export function numbersOf(
  counted: Counted,
  living: ReadonlySet<PersonId>,
  groups: readonly GroupGrant[],
): Numbers {
  const current = new Map<PersonId, Grant>();
  for (const grant of counted.grants) if (living.has(grant.person)) current.set(grant.person, grant);
  const votes = votesIn(counted);
  const holders = new Map<string, AnyGrant>();
  const contests: Contest[] = [];
  const last = counted.grants.filter((grant) => current.get(grant.person) === grant);
  // In order, so that every node compares the same pairs.
  const all: readonly AnyGrant[] =
    groups.length === 0 ? last : [...last, ...groups].sort((a, b) => inOrder(a.entry, b.entry));
  for (const grant of all) {
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
  const extensions = new Map<string, PersonId>();
  const groupNumbers = new Map<string, StatementId>();
  for (const [extension, grant] of holders)
    if ('group' in grant) groupNumbers.set(extension, grant.group);
    else extensions.set(extension, grant.person);
  return { extensions, groupNumbers, contests };
}

/** Prefers a grant that an admin signed `over` the other, then one whose author had seen the other; undefined: neither applies. */
function preferKnown(earlier: AnyGrant, later: AnyGrant): AnyGrant | undefined {
  if (isOver(earlier, later)) return earlier;
  if (isOver(later, earlier)) return later;
  if (hasSeen(later, earlier)) return earlier;
  return hasSeen(earlier, later) ? later : undefined;
}

function contestsOf(earlier: AnyGrant, later: AnyGrant, votes: Votes, counted: Counted): [Contest, Contest] {
  return [
    contestOf(earlier.entry, [later.entry], votes, counted),
    contestOf(later.entry, [earlier.entry], votes, counted),
  ];
}

/** Prefers the grant with more votes, then an admin's, then the earlier in order. */
function preferVoted(earlier: AnyGrant, later: AnyGrant, pair: readonly [Contest, Contest]): AnyGrant {
  const lead = pair[1].voters.size - pair[0].voters.size;
  if (lead !== 0) return lead > 0 ? later : earlier;
  return later.byAdmin && !earlier.byAdmin ? later : earlier;
}

/** Whether an admin signed this grant to replace the other. */
function isOver(grant: AnyGrant, other: AnyGrant): boolean {
  return grant.byAdmin && overOf(grant.entry) === other.entry.id;
}

function hasSeen(grant: AnyGrant, other: AnyGrant): boolean {
  return grant.entry.past.has(other.entry.index);
}

function overOf({ read }: Entry): StatementId | undefined {
  return read.kind === 'rule' && read.rule.type === 'number' ? read.rule.over : undefined;
}

import type { Counted, Grant } from './count.ts';
import type { Entry } from './history.ts';
import type { PersonId, StatementId } from './statement.ts';

/**
 * Who has which number. A person's number is the last that was granted; where two persons' last grants name one number, the
 * rules of `prefer` say who keeps it. The other has none then.
 * @param living persons who have a node that is not removed: a removal frees the number
 */
export function extensionsOf(counted: Counted, living: ReadonlySet<PersonId>): ReadonlyMap<string, PersonId> {
  const current = new Map<PersonId, Grant>();
  for (const grant of counted.grants) if (living.has(grant.person)) current.set(grant.person, grant);
  const holders = new Map<string, Grant>();
  // In order, so that every node compares the same pairs.
  for (const grant of counted.grants) {
    if (current.get(grant.person) !== grant) continue;
    const holder = holders.get(grant.extension);
    holders.set(grant.extension, holder ? prefer(holder, grant, counted) : grant);
  }
  return new Map([...holders].map(([extension, { person }]) => [extension, person]));
}

/** An admin's `over`; the grant that the other had seen; more votes; the grant of an admin; the earlier in order. */
function prefer(earlier: Grant, later: Grant, counted: Counted): Grant {
  for (const [one, other] of [
    [earlier, later],
    [later, earlier],
  ] as const) {
    if (one.byAdmin && overOf(one.entry) === other.entry.id) return one;
  }
  if (later.entry.past.has(earlier.entry.index)) return earlier;
  if (earlier.entry.past.has(later.entry.index)) return later;
  const lead = votesFor(later, earlier, counted) - votesFor(earlier, later, counted);
  if (lead !== 0) return lead > 0 ? later : earlier;
  return later.byAdmin && !earlier.byAdmin ? later : earlier;
}

function overOf({ read }: Entry): StatementId | undefined {
  return read.kind === 'rule' && read.rule.type === 'number' ? read.rule.over : undefined;
}

/** How many persons held `first` before they met `over`; neither of the two holders has a vote. */
function votesFor(first: Grant, over: Grant, { counting, members }: Counted): number {
  const voters = new Set<PersonId>();
  for (const { by, read } of counting) {
    if (read.kind !== 'rule' || read.rule.type !== 'first') continue;
    if (read.rule.first !== first.entry.id || read.rule.over !== over.entry.id) continue;
    const voter = members.get(by);
    if (!voter || voter.person === first.person || voter.person === over.person) continue;
    if (![first, over].every(({ entry }) => entry.past.hasAny(voter.admissions))) continue;
    voters.add(voter.person);
  }
  return voters.size;
}

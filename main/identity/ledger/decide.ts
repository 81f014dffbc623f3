import type { NodeId } from '../../model/index.ts';
import { count, nodesNamed, type Counted } from './count.ts';
import type { Entry } from './history.ts';
import type { PersonId, StatementId } from './statement.ts';

/** What holds: the statements that count, and the removals in force, in the order in which they were taken up. */
export interface Decided {
  readonly counted: Counted;
  readonly inForce: readonly Entry[];
}

/** Nobody is less senior. */
const NEVER_ADMIN = Number.MAX_SAFE_INTEGER;

/**
 * Which removals are in force. A removal that nothing threatens stands; only circles of removals are put to the vote, since
 * otherwise a dismissed founder signs a backdated removal of everybody else. Yields between passes: the caller may rest there.
 * @param ordered all statements held, in order, the charter first
 */
export function* decide(ordered: readonly Entry[]): Generator<void, Decided> {
  const position = new Map(ordered.map((entry, at) => [entry, at]));
  const inForce: Entry[] = [];
  for (;;) {
    const counted = count(ordered, inForce);
    yield;
    const open = openRemovals(counted, inForce, position);
    if (open.length === 0) return { counted, inForce };
    const threats = yield* threatsAmong(open, counted, ordered, inForce);
    const free = open.filter((removal) => !threats.some(({ threatened }) => threatened === removal));
    if (free.length > 0) inForce.push(...free);
    else inForce.push(strongest(threats, counted, position));
  }
}

interface Threat {
  readonly by: Entry;
  readonly threatened: Entry;
}

function openRemovals(
  counted: Counted,
  inForce: readonly Entry[],
  position: ReadonlyMap<Entry, number>,
): Entry[] {
  const taken = new Set(inForce);
  const restores = new Map<StatementId, Entry[]>();
  for (const entry of counted.counting) {
    if (entry.read.kind !== 'rule' || entry.read.rule.type !== 'restore') continue;
    const { removal } = entry.read.rule;
    restores.set(removal, [...(restores.get(removal) ?? []), entry]);
  }
  const isLifted = (removal: Entry): boolean =>
    (restores.get(removal.id) ?? []).some(
      (restore) =>
        restore.past.has(removal.index) &&
        (personOf(restore.by, counted) === personOf(removal.by, counted) ||
          seniority(restore.by, counted, position) < seniority(removal.by, counted, position)),
    );
  return counted.counting.filter(
    (entry) => nodesNamed(entry).length > 0 && !taken.has(entry) && !isLifted(entry),
  );
}

/** A removal threatens another where the other no longer counts once it is in force. */
function* threatsAmong(
  open: readonly Entry[],
  counted: Counted,
  ordered: readonly Entry[],
  inForce: readonly Entry[],
): Generator<void, Threat[]> {
  const threats: Threat[] = [];
  const byAuthor = new Map<NodeId, Entry[]>();
  for (const entry of counted.counting) {
    byAuthor.set(entry.by, [...(byAuthor.get(entry.by) ?? []), entry]);
  }
  for (const removal of open) {
    // Where the remover had seen all that its nodes signed, nothing of theirs falls.
    const fells = nodesNamed(removal).some((node) =>
      (byAuthor.get(node) ?? []).some((entry) => entry !== removal && !removal.past.has(entry.index)),
    );
    if (!fells) continue;
    const then = count(ordered, [...inForce, removal]);
    yield;
    for (const other of open) {
      if (other !== removal && !then.has(other)) threats.push({ by: removal, threatened: other });
    }
  }
  return threats;
}

/** Of removals that threaten each other: the one that most saw first, else the most senior author's, else the first in order. */
function strongest(
  threats: readonly Threat[],
  counted: Counted,
  position: ReadonlyMap<Entry, number>,
): Entry {
  const candidates = [...new Set(threats.map(({ by }) => by))];
  const votes = new Map(candidates.map((removal) => [removal, votesFor(removal, threats, counted)]));
  const [first] = candidates.sort(
    (a, b) =>
      (votes.get(b) ?? 0) - (votes.get(a) ?? 0) ||
      seniority(a.by, counted, position) - seniority(b.by, counted, position) ||
      (position.get(a) ?? 0) - (position.get(b) ?? 0),
  );
  if (!first) throw new Error('no removal threatens another');
  return first;
}

/** How many persons held this removal before they met one that threatens it. Neither author has a vote. */
function votesFor(removal: Entry, threats: readonly Threat[], counted: Counted): number {
  const against = new Map(
    threats.filter(({ threatened }) => threatened === removal).map(({ by }) => [by.id, by]),
  );
  const voters = new Set<PersonId>();
  for (const { by, read } of counted.counting) {
    if (read.kind !== 'rule' || read.rule.type !== 'first' || read.rule.first !== removal.id) continue;
    const over = against.get(read.rule.over);
    const voter = counted.members.get(by);
    if (!over || !voter) continue;
    const isAuthor = [removal, over].some((side) => personOf(side.by, counted) === voter.person);
    if (isAuthor || ![removal, over].every((side) => side.past.hasAny(voter.admissions))) continue;
    voters.add(voter.person);
  }
  return voters.size;
}

function personOf(node: NodeId, counted: Counted): PersonId | undefined {
  return counted.members.get(node)?.person;
}

/** Where the node's first admin grant stands in order: the founder has 0, plain members come after all. */
function seniority(node: NodeId, { members, counting }: Counted, position: ReadonlyMap<Entry, number>): number {
  const grants = new Set(members.get(node)?.admins ?? []);
  if (grants.size === 0) return NEVER_ADMIN;
  const first = counting.find(({ index }) => grants.has(index));
  return first ? (position.get(first) ?? NEVER_ADMIN) : NEVER_ADMIN;
}

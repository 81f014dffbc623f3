import type { NodeId } from '../../model/index.ts';
import { hasAny, type Counted, type CountedMember, type Grant } from './count.ts';
import type { Entry } from './entry.ts';
import { Past } from './past.ts';
import type { PersonId, StatementId } from './statement.ts';

/** The seniority of a node that was never an admin: the lowest. */
const NEVER_ADMIN = Number.MAX_SAFE_INTEGER;

/** The votes that count, by the statement that they support. */
export type Votes = ReadonlyMap<StatementId, readonly Vote[]>;

interface Vote {
  readonly by: NodeId;
  readonly over: StatementId;
}

export function votesIn({ counting }: Counted): Votes {
  const votes = new Map<StatementId, Vote[]>();
  for (const { by, read } of counting) {
    if (read.kind !== 'rule' || read.rule.type !== 'first') continue;
    const { first, over } = read.rule;
    const those = votes.get(first);
    if (those) those.push({ by, over });
    else votes.set(first, [{ by, over }]);
  }
  return votes;
}

/** One side of a contest: a statement that others contradict. Nodes vote for the one that they held first. */
export interface Contest {
  readonly id: StatementId;
  readonly isRemoval: boolean;
  /** The party that the statement favours: the author of a removal, or the person who gets a number. */
  readonly party: NodeId;
  readonly against: readonly StatementId[];
  /** The people who voted for it: they held it before one of the others. */
  readonly voters: ReadonlySet<PersonId>;
  /** Whether this node's vote for it, over one of the others, counts. */
  readonly mayVote: (node: NodeId, over: StatementId) => boolean;
}

export function contestOf(
  statement: Entry,
  others: readonly Entry[],
  votes: Votes,
  counted: Counted,
): Contest {
  const byId = new Map(others.map((other) => [other.id, other]));
  // Computed on demand: a hostile admin may sign hundreds of removals on which hardly anybody votes.
  const electorates = new Map<Entry, Electorate>();
  const voterOf = (node: NodeId, over: StatementId): CountedMember | undefined => {
    const other = byId.get(over);
    const voter = counted.members.get(node);
    if (!other || !voter) return undefined;
    const electorate = electorates.get(other) ?? new Electorate(statement, other, counted);
    electorates.set(other, electorate);
    return electorate.has(voter) ? voter : undefined;
  };
  const voters = (votes.get(statement.id) ?? []).flatMap(({ by, over }) => voterOf(by, over)?.person ?? []);
  return {
    id: statement.id,
    isRemoval: statement.read.kind === 'rule' && statement.read.rule.type === 'remove',
    party: grantIn(statement, counted)?.person ?? statement.by,
    against: [...byId.keys()],
    voters: new Set(voters),
    mayVote: (node, over) => voterOf(node, over) !== undefined,
  };
}

/**
 * Who may vote between two statements: members whose admission both sides had seen, and who are no party. So neither side can bring
 * voters of its own.
 *
 * What a side had seen does not follow from its `after` alone. An author who backdates a removal to the first day would leave nobody to
 * vote on it and, as a founder, win by seniority. So everything that the author, and those from whom it has its rights, had seen when
 * they signed a statement in the other side's past counts as seen as well.
 */
class Electorate {
  readonly #seen: readonly Past[];
  readonly #excluded: ReadonlySet<PersonId>;

  constructor(one: Entry, other: Entry, counted: Counted) {
    this.#seen = [seenBy(one, other, counted), seenBy(other, one, counted)];
    this.#excluded = new Set([one, other].flatMap((side) => partiesOf(side, counted)));
  }

  has({ person, admissions }: CountedMember): boolean {
    return !this.#excluded.has(person) && this.#seen.every((past) => hasAny(past, admissions));
  }
}

/** What the author of a statement had seen, as the other side's past proves. */
function seenBy(statement: Entry, other: Entry, counted: Counted): Past {
  const authority = authorityOf(statement, counted);
  authority.delete(other.by);
  const seen = new Past(Math.max(statement.past.size, other.past.size));
  seen.addAll(statement.past);
  for (const entry of counted.counting) {
    if (!authority.has(entry.by) || !other.past.has(entry.index)) continue;
    seen.add(entry.index);
    seen.addAll(entry.past);
  }
  return seen;
}

/**
 * The author, and those from whom it has its rights, up to the founder: the member who made it an admin, otherwise the one who admitted
 * it. The member who admitted an admin is left out, since a plain member is not trusted to say what an admin had seen.
 */
function authorityOf(statement: Entry, { members }: Counted): Set<NodeId> {
  const authority = new Set([statement.by]);
  for (const node of authority) {
    const { admins = [], admissions = [] } = members.get(node) ?? {};
    const granted = admins.filter(({ index }) => statement.past.has(index));
    const rights = granted.length > 0 ? granted : admissions.filter(({ index }) => statement.past.has(index));
    for (const { by } of rights) authority.add(by);
  }
  return authority;
}

/** The parties of a contest: the author of a removal, or the person who gets a number. */
function partiesOf(entry: Entry, counted: Counted): PersonId[] {
  const party = grantIn(entry, counted)?.person ?? counted.members.get(entry.by)?.person;
  return party === undefined ? [] : [party];
}

function grantIn(entry: Entry, { grants }: Counted): Grant | undefined {
  return grants.find((grant) => grant.entry === entry);
}

/** The place in the order of the node's first admin grant. The founder's is the charter; plain members come last. */
export function seniority(node: NodeId, { members, counting }: Counted): number {
  const grant = members.get(node)?.admins[0];
  return grant ? counting.indexOf(grant) : NEVER_ADMIN;
}

import type { NodeId, Signed } from '../../model/index.ts';
import type { Counted, Member } from './count.ts';
import { decide, type Decided } from './decide.ts';
import type { Contest } from './electorate.ts';
import { cardIn, nodesNamed, type Entry } from './entry.ts';
import { numbersOf } from './extensions.ts';
import { groupsOf, type Group } from './groups.ts';
import { digestOf, headsOf } from './heads.ts';
import { History, type Intake } from './history.ts';
import { surplusIn } from './idle.ts';
import { admittedAt, admittedBy, invitedIn, signedAtOf, unsettledIn } from './invited.ts';
import { removalsIn, type RemovalInForce } from './lifting.ts';
import { Past } from './past.ts';
import type { SeatCounts } from './seats.ts';
import {
  MAX_AFTER,
  officeIdOf,
  statementIdOf,
  type OfficeId,
  type PersonId,
  type StatementId,
} from './statement.ts';

/** The evaluation of the held statements. Nodes that hold the same statements have the same standing. */
export interface Standing {
  readonly members: ReadonlyMap<NodeId, Member>;
  readonly admins: ReadonlySet<NodeId>;
  /** Removed computers, with the removal of each. */
  readonly removed: ReadonlyMap<NodeId, StatementId>;
  /** The removed computers that were members, as they were. */
  readonly former: ReadonlyMap<NodeId, Member>;
  /** The removals in force. */
  readonly removals: readonly StatementId[];
  /** The same, in the same order, with the nodes that they name and those that may take them back. */
  readonly inForce: readonly RemovalInForce[];
  /** The keys of recovery codes that are not removed, with the statement that grants each. */
  readonly recoveryKeys: ReadonlyMap<NodeId, StatementId>;
  /** The computers that came in by each invitation, whether they are still in or not. */
  readonly invited: ReadonlyMap<string, ReadonlySet<NodeId>>;
  /** The computer that admitted each one, also removed ones. The founder is not in it. */
  readonly admittedBy: ReadonlyMap<NodeId, NodeId>;
  /** When each computer was first admitted, and when it was removed, by the authors' clocks. For display alone. */
  readonly admittedAt: ReadonlyMap<NodeId, number>;
  readonly removedAt: ReadonlyMap<NodeId, number>;
  /** Computers that were admitted by an invitation which a removal had closed elsewhere: admins are asked to check them. */
  readonly unsettled: ReadonlySet<NodeId>;
  /** Extension to person. */
  readonly extensions: ReadonlyMap<string, PersonId>;
  readonly groups: ReadonlyMap<StatementId, Group>;
  /** Extension to group, in the same space as those of people. */
  readonly groupNumbers: ReadonlyMap<string, StatementId>;
  readonly rights: ReadonlyMap<PersonId, readonly string[]>;
  readonly settings: ReadonlyMap<string, string>;
  /** The number of people whom each plain member sponsors. */
  readonly sponsored: ReadonlyMap<PersonId, number>;
  /** Statements that contradict each other, and on which this office's nodes vote. */
  readonly contests: readonly Contest[];
  /** The number of statements that count. */
  readonly counting: number;
  /** SHA-256 over the sorted ids of the statements that count, in base64url. */
  readonly digest: string;
  /** The counting statements that no other counting statement names, in order. */
  readonly heads: readonly StatementId[];
}

/** An office's statements on who is a member. Merges by union: in any order, any number of times, in any parts. */
export class Ledger {
  readonly office: OfficeId;
  readonly #history: History;
  /** The evaluation of the statements at revision `#evaluated`. */
  #standing: Standing | undefined;
  #evaluated = 0;
  #counting: ReadonlySet<StatementId> = new Set();
  /** An admission of each member, and an admin grant of each admin. */
  #rights: ReadonlyMap<NodeId, readonly StatementId[]> = new Map();

  /** @param seats the numbers of statements of one author that are held */
  constructor(charter: Signed, seats?: SeatCounts) {
    this.office = officeIdOf(statementIdOf(charter));
    this.#history = new History(this.office, seats);
    if (this.#history.add(charter) !== 'added') throw new RangeError('not a charter');
  }

  get size(): number {
    return this.#history.size;
  }

  /** The number of statements that have entered, including those that have left again. */
  get entered(): number {
    return this.#history.entered;
  }

  /** Ids of statements that others name and that are not here. */
  get missing(): readonly StatementId[] {
    return this.#history.missing;
  }

  /** All statements held, in order, the charter first: each after its whole past. */
  get statements(): readonly Signed[] {
    return this.#history.ordered.map(({ signed }) => signed);
  }

  /** The held statements that entered after the first `entered` ones, in the order of entering. */
  since(entered: number): readonly Signed[] {
    return this.#history.since(entered).map(({ signed }) => signed);
  }

  get ids(): readonly StatementId[] {
    return this.#history.ordered.map(({ id }) => id);
  }

  get(id: StatementId): Signed | undefined {
    return this.#history.get(id)?.signed;
  }

  /** Whether it counted in the last evaluation. */
  counts(id: StatementId): boolean {
    return this.#counting.has(id);
  }

  /** The ids of these statements and their whole past, in order, as far as they are held: what another node needs to verify them. */
  withPast(ids: readonly StatementId[]): readonly StatementId[] {
    const entries = new Set(ids.flatMap((id) => this.#history.get(id) ?? []));
    const past = new Past([...entries].reduce((size, entry) => Math.max(size, entry.past.size), 0));
    for (const entry of entries) past.addAll(entry.past);
    return this.#history.ordered.filter((one) => entries.has(one) || past.has(one.index)).map(({ id }) => id);
  }

  /** The number of votes that this node has signed, and how many of them are on numbers. */
  votesOf(node: NodeId): { readonly signed: number; readonly signedOnNumbers: number } {
    const firsts = this.#history.ordered.flatMap(({ by, read }) =>
      by === node && read.kind === 'rule' && read.rule.type === 'first' ? [read.rule.first] : [],
    );
    const onNumbers = firsts.filter((id) => {
      const entry = this.#history.get(id);
      return !entry || nodesNamed(entry).length === 0;
    });
    return { signed: firsts.length, signedOnNumbers: onNumbers.length };
  }

  authorOf(id: StatementId): NodeId | undefined {
    return this.#history.get(id)?.by;
  }

  add(signed: Signed): Intake {
    return this.#history.add(signed);
  }

  /**
   * The `after` of a new statement of this author: all heads or, if there are more than a statement can name, the latest ones and those
   * that have the author's rights and `about` in their past. So no statement is signed that cannot count.
   */
  afterFor(author: NodeId, about: readonly StatementId[] = []): StatementId[] {
    const { heads } = this.standing;
    if (heads.length <= MAX_AFTER) return [...heads];
    const named = new Set<StatementId>();
    const latest = heads.flatMap((id) => this.#history.get(id) ?? []).reverse();
    for (const wanted of [...(this.#rights.get(author) ?? []), ...about]) {
      const index = this.#history.get(wanted)?.index ?? -1;
      const holder = latest.find(({ id, past }) => id === wanted || past.has(index));
      if (holder && named.size < MAX_AFTER) named.add(holder.id);
    }
    for (const { id } of latest) if (named.size < MAX_AFTER) named.add(id);
    return [...named];
  }

  /** The statements that give a member its rights; none if it is no member. */
  rightsOf(node: NodeId): readonly StatementId[] {
    return this.standing.members.has(node) ? (this.#rights.get(node) ?? []) : [];
  }

  /** A member's signed card; undefined: it is no member. */
  cardOf(node: NodeId): Signed | undefined {
    const [admission] = this.rightsOf(node).flatMap((id) => this.#history.get(id) ?? []);
    return admission && cardIn(admission);
  }

  /** The present evaluation; computed once for each change. */
  get standing(): Standing {
    if (this.#standing && this.#evaluated === this.#history.revision) return this.#standing;
    for (const standing of this.evaluate()) if (standing) return standing;
    throw new Error('the evaluation ended without a standing');
  }

  /**
   * Evaluates in parts: yields undefined where the caller may let other work run, and the standing at its end. Statements that come
   * meanwhile are left to the next evaluation; otherwise a stream of statements could keep it from ever ending.
   */
  *evaluate(): Generator<Standing | undefined, void> {
    const { revision, entered } = this.#history;
    if (!this.#standing || this.#evaluated < revision) {
      const decided = yield* decide(this.#history.ordered);
      if (this.#evaluated < revision) {
        this.#rights = rightsOf(decided.counted);
        this.#counting = new Set(decided.counted.counting.map(({ id }) => id));
        this.#standing = standingOf(decided);
        const isAll = this.#history.revision === revision;
        this.#history.drop(surplusIn(this.#history.ordered, decided, entered));
        this.#evaluated = isAll ? this.#history.revision : revision;
      }
    }
    yield this.#standing;
  }

  /** Evaluates in parts as if these statements, and all with them in their past except votes, were not here. */
  *evaluateWithout(ids: ReadonlySet<StatementId>): Generator<Standing | undefined, void> {
    const left = [...ids].flatMap((id) => this.#history.get(id) ?? []);
    const places = left.map(({ index }) => index);
    const rest = this.#history.ordered.filter(
      (one) => !ids.has(one.id) && (isVote(one) || !one.past.hasAny(places)),
    );
    yield standingOf(yield* decide(rest));
  }
}

function isVote({ read }: Entry): boolean {
  return read.kind === 'rule' && read.rule.type === 'first';
}

function standingOf({ counted, inForce, contests }: Decided): Standing {
  const removed = new Map<NodeId, StatementId>();
  const removedAt = new Map<NodeId, number>();
  for (const removal of inForce) {
    const at = signedAtOf(removal);
    for (const node of nodesNamed(removal)) {
      if (removed.has(node)) continue;
      removed.set(node, removal.id);
      if (at !== undefined) removedAt.set(node, at);
    }
  }
  const living = [...counted.members.values()].filter(({ node }) => !removed.has(node));
  const members = new Map<NodeId, Member>();
  const former = new Map<NodeId, Member>();
  for (const { node, person, card, sponsor } of counted.members.values())
    (removed.has(node) ? former : members).set(node, { node, person, card, sponsor });
  const admins = new Set(living.filter((member) => member.admins.length > 0).map(({ node }) => node));
  const people = new Set(living.map(({ person }) => person));
  const { groups, grants } = groupsOf(counted, people);
  const { extensions, groupNumbers, contests: onNumbers } = numbersOf(counted, people, grants);
  return {
    ...{ members, removed, former, ...rightsAndSettings(counted) },
    removals: inForce.map(({ id }) => id),
    inForce: removalsIn(counted, inForce, admins),
    recoveryKeys: recoveryKeysOf(counted, removed),
    invited: invitedIn(counted),
    unsettled: unsettledIn(counted, inForce),
    admittedBy: admittedBy(counted),
    ...{ admittedAt: admittedAt(counted), removedAt },
    admins,
    ...{ extensions, groups, groupNumbers },
    sponsored: sponsoredBy(members),
    contests: [...contests, ...onNumbers],
    counting: counted.counting.length,
    digest: digestOf(counted.counting),
    heads: headsOf(counted.counting),
  };
}

function recoveryKeysOf({ recoveryKeys }: Counted, removed: Standing['removed']): Map<NodeId, StatementId> {
  const living = [...recoveryKeys].filter(([key]) => !removed.has(key));
  return new Map(living.flatMap(([key, [grant]]) => (grant ? [[key, grant.id] as const] : [])));
}

/** Rights and settings: the last counting statement in order holds. */
function rightsAndSettings({ counting }: Counted): Pick<Standing, 'rights' | 'settings'> {
  const rights = new Map<PersonId, readonly string[]>();
  const settings = new Map<string, string>();
  for (const { read } of counting) {
    if (read.kind === 'charter') {
      settings.set('name', read.charter.name).set('admit', read.charter.admit);
    } else if (read.kind === 'rule' && read.rule.type === 'right') {
      rights.set(read.rule.person, read.rule.rights);
    } else if (read.kind === 'rule' && read.rule.type === 'setting') {
      settings.set(read.rule.key, read.rule.value);
    }
  }
  return { rights, settings };
}

function rightsOf({ members }: Counted): Map<NodeId, StatementId[]> {
  const first = (entries: readonly Entry[]) => entries.slice(0, 1).map(({ id }) => id);
  return new Map(
    [...members].map(([node, { admissions, admins }]) => [node, [...first(admissions), ...first(admins)]]),
  );
}

function sponsoredBy(members: ReadonlyMap<NodeId, Member>): Map<PersonId, number> {
  const people = new Map<PersonId, Set<PersonId>>();
  for (const { sponsor, person } of members.values()) {
    if (sponsor === undefined) continue;
    people.set(sponsor, (people.get(sponsor) ?? new Set()).add(person));
  }
  return new Map([...people].map(([sponsor, theirs]) => [sponsor, theirs.size]));
}

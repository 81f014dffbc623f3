import { createHash } from 'node:crypto';
import type { NodeId, Signed } from '../../model/index.ts';
import { nodesNamed, type Counted, type Member } from './count.ts';
import { decide, type Decided } from './decide.ts';
import type { Contest } from './electorate.ts';
import { numbersOf } from './extensions.ts';
import { History, type Entry, type Intake } from './history.ts';
import { admittedAt, admittedBy, invitedIn, signedAtOf, unsettledIn } from './invited.ts';
import {
  MAX_AFTER,
  officeIdOf,
  statementIdOf,
  type OfficeId,
  type PersonId,
  type StatementId,
} from './statement.ts';

/** What the statements that are held come to. Two nodes that hold the same statements have the same standing. */
export interface Standing {
  readonly members: ReadonlyMap<NodeId, Member>;
  readonly admins: ReadonlySet<NodeId>;
  /** Computers that are out, with the removal that says so. */
  readonly removed: ReadonlyMap<NodeId, StatementId>;
  /** Those of them that were members, as they were. */
  readonly former: ReadonlyMap<NodeId, Member>;
  /** The removals in force. */
  readonly removals: readonly StatementId[];
  /** The keys of recovery codes that are not removed, with the statement that grants each. */
  readonly recoveryKeys: ReadonlyMap<NodeId, StatementId>;
  /** The computers that came in by each invitation, whether they are still in or not. */
  readonly invited: ReadonlyMap<string, ReadonlySet<NodeId>>;
  /** Whose computer let each one in, also those who are removed. The founder is not in it. */
  readonly admittedBy: ReadonlyMap<NodeId, NodeId>;
  /** When each computer was let in first, and when each was taken out, by the clocks of those who did it: for people alone. */
  readonly admittedAt: ReadonlyMap<NodeId, number>;
  readonly removedAt: ReadonlyMap<NodeId, number>;
  /** Computers let in by an invitation that a removal had ended elsewhere: admins are asked to look. */
  readonly unsettled: ReadonlySet<NodeId>;
  /** Extension to person. */
  readonly extensions: ReadonlyMap<string, PersonId>;
  readonly rights: ReadonlyMap<PersonId, readonly string[]>;
  readonly settings: ReadonlyMap<string, string>;
  /** How many people each plain member answers for. */
  readonly sponsored: ReadonlyMap<PersonId, number>;
  /** Statements that contradict each other, and on which this office's nodes vote. */
  readonly contests: readonly Contest[];
  /** SHA-256 over the sorted ids of the statements that count, in base64url. */
  readonly digest: string;
  /** The counting statements that no other counting statement names, in order. */
  readonly heads: readonly StatementId[];
}

/** An office's statements on who is a member. Merges by union: in any order, any number of times, in any parts. */
export class Ledger {
  readonly office: OfficeId;
  readonly #history: History;
  #standing: Standing | undefined;
  /** An admission of each member, and an admin grant of each admin. */
  #rights: ReadonlyMap<NodeId, readonly StatementId[]> = new Map();

  constructor(charter: Signed) {
    this.office = officeIdOf(statementIdOf(charter));
    this.#history = new History(this.office);
    if (this.#history.add(charter) !== 'added') throw new RangeError('not a charter');
  }

  get size(): number {
    return this.#history.size;
  }

  /** Statements that others name and that are not here. */
  get missing(): readonly StatementId[] {
    return this.#history.missing;
  }

  /** All statements held, in order, the charter first: each after its whole past. */
  get statements(): readonly Signed[] {
    return this.#history.ordered.map(({ signed }) => signed);
  }

  /** Those that were entered from this one on, as they came; `size` before them gives what is new. */
  since(size: number): readonly Signed[] {
    return this.#history.since(size).map(({ signed }) => signed);
  }

  get ids(): readonly StatementId[] {
    return this.#history.ordered.map(({ id }) => id);
  }

  get(id: StatementId): Signed | undefined {
    return this.#history.get(id)?.signed;
  }

  /** The statement behind its whole past, in order: what somebody needs who is to believe it. None where it is not held. */
  withPast(id: StatementId): readonly StatementId[] {
    const entry = this.#history.get(id);
    return this.#history.ordered
      .filter((one) => one === entry || entry?.past.has(one.index))
      .map(({ id: of }) => of);
  }

  authorOf(id: StatementId): NodeId | undefined {
    return this.#history.get(id)?.by;
  }

  add(signed: Signed): Intake {
    const before = this.#history.size;
    const intake = this.#history.add(signed);
    if (this.#history.size > before) this.#standing = undefined;
    return intake;
  }

  /**
   * What a new statement of this author names in its `after`: all heads, or, where there are more than a statement can name, the
   * latest and those that have the author's rights and `about` in their past. So nobody signs what cannot count.
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

  /** Statements that a member has its rights by; none where it is no member. */
  rightsOf(node: NodeId): readonly StatementId[] {
    return this.standing.members.has(node) ? (this.#rights.get(node) ?? []) : [];
  }

  /** What holds now; evaluated once for each change. */
  get standing(): Standing {
    for (const standing of this.evaluate()) if (standing) return standing;
    throw new Error('the evaluation ended without a standing');
  }

  /** The evaluation in parts: yields undefined where the caller may let others run, and the standing at its end. */
  *evaluate(): Generator<Standing | undefined, void> {
    while (!this.#standing) {
      const decided = yield* this.#decide();
      if (!decided) continue;
      this.#rights = rightsOf(decided.counted);
      this.#standing = standingOf(decided);
    }
    yield this.#standing;
  }

  /** Undefined where a statement came meanwhile: what was counted so far is of the past. */
  *#decide(): Generator<undefined, Decided | undefined> {
    const size = this.#history.size;
    const deciding = decide(this.#history.ordered);
    for (let step = deciding.next(); ; step = deciding.next()) {
      if (step.done) return step.value;
      yield undefined;
      if (this.#history.size !== size) return undefined;
    }
  }
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
  const numbers = numbersOf(counted, new Set(living.map(({ person }) => person)));
  return {
    ...{ members, removed, former, ...rightsAndSettings(counted) },
    removals: inForce.map(({ id }) => id),
    recoveryKeys: recoveryKeysOf(counted, removed),
    invited: invitedIn(counted),
    unsettled: unsettledIn(counted, inForce),
    admittedBy: admittedBy(counted),
    ...{ admittedAt: admittedAt(counted), removedAt },
    admins: new Set(living.filter(({ admins }) => admins.length > 0).map(({ node }) => node)),
    extensions: numbers.extensions,
    sponsored: sponsoredBy(members),
    contests: [...contests, ...numbers.contests],
    digest: digestOf(counted.counting),
    heads: headsOf(counted.counting),
  };
}

function recoveryKeysOf({ recoveryKeys }: Counted, removed: Standing['removed']): Map<NodeId, StatementId> {
  const living = [...recoveryKeys].filter(([key]) => !removed.has(key));
  return new Map(living.flatMap(([key, [grant]]) => (grant ? [[key, grant.id] as const] : [])));
}

/** The last counting one in order holds. */
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

function digestOf(counting: readonly Entry[]): string {
  const hash = createHash('sha256');
  for (const id of counting.map((entry) => entry.id).sort()) hash.update(id);
  return hash.digest('base64url');
}

/** Of the counting statements those that no other counting one names. */
function headsOf(counting: readonly Entry[]): StatementId[] {
  const named = new Set(counting.flatMap(({ after }) => after));
  return counting.filter(({ id }) => !named.has(id)).map(({ id }) => id);
}

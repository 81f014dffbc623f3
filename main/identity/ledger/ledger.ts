import { createHash } from 'node:crypto';
import type { NodeId, Signed } from '../../model/index.ts';
import type { Member } from './count.ts';
import { nodesNamed } from './count.ts';
import { decide, type Decided } from './decide.ts';
import { extensionsOf } from './extensions.ts';
import { History, type Entry, type Intake } from './history.ts';
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
  /** Extension to person. */
  readonly extensions: ReadonlyMap<string, PersonId>;
  readonly rights: ReadonlyMap<PersonId, readonly string[]>;
  readonly settings: ReadonlyMap<string, string>;
  /** How many people each plain member answers for. */
  readonly sponsored: ReadonlyMap<PersonId, number>;
  /** SHA-256 over the sorted ids of the statements that count, in base64url. */
  readonly digest: string;
  /** What a new statement names in its `after`. */
  readonly heads: readonly StatementId[];
}

/** An office's statements on who is a member. Merges by union: in any order, any number of times, in any parts. */
export class Ledger {
  readonly office: OfficeId;
  readonly #history: History;
  #standing: Standing | undefined;

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

  get ids(): readonly StatementId[] {
    return this.#history.ordered.map(({ id }) => id);
  }

  get(id: StatementId): Signed | undefined {
    return this.#history.get(id)?.signed;
  }

  add(signed: Signed): Intake {
    const before = this.#history.size;
    const intake = this.#history.add(signed);
    if (this.#history.size > before) this.#standing = undefined;
    return intake;
  }

  /** What holds now; evaluated once for each change. */
  get standing(): Standing {
    for (const standing of this.evaluate()) if (standing) return standing;
    throw new Error('the evaluation ended without a standing');
  }

  /** The evaluation in parts: yields undefined where the caller may let others run, and the standing at its end. */
  *evaluate(): Generator<Standing | undefined> {
    if (!this.#standing) {
      const size = this.#history.size;
      const deciding = decide(this.#history.ordered);
      let step = deciding.next();
      while (!step.done) {
        yield undefined;
        // A statement came meanwhile: what was counted so far is of the past.
        if (this.#history.size !== size) return yield* this.evaluate();
        step = deciding.next();
      }
      this.#standing = standingOf(step.value);
    }
    yield this.#standing;
  }
}

function standingOf({ counted, inForce }: Decided): Standing {
  const removed = new Map<NodeId, StatementId>();
  for (const removal of inForce) {
    for (const node of nodesNamed(removal)) if (!removed.has(node)) removed.set(node, removal.id);
  }
  const members = new Map([...counted.members].filter(([node]) => !removed.has(node)));
  const living = new Set([...members.values()].map(({ person }) => person));
  const rights = new Map<PersonId, readonly string[]>();
  const settings = new Map<string, string>();
  for (const { read } of counted.counting) {
    if (read.kind === 'charter') {
      settings.set('name', read.charter.name).set('admit', read.charter.admit);
    } else if (read.kind === 'rule' && read.rule.type === 'right') {
      rights.set(read.rule.person, read.rule.rights);
    } else if (read.kind === 'rule' && read.rule.type === 'setting') {
      settings.set(read.rule.key, read.rule.value);
    }
  }
  return {
    ...{ members, removed, rights, settings },
    admins: new Set([...members.values()].filter(({ admins }) => admins.length > 0).map(({ node }) => node)),
    extensions: extensionsOf(counted, living),
    sponsored: sponsoredBy(members),
    digest: digestOf(counted.counting),
    heads: headsOf(counted.counting),
  };
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

/** The counting statements that no other counting statement names; the latest, where there are many. */
function headsOf(counting: readonly Entry[]): StatementId[] {
  const named = new Set(counting.flatMap(({ after }) => after));
  return counting
    .filter(({ id }) => !named.has(id))
    .map(({ id }) => id)
    .slice(-MAX_AFTER);
}

import { assertNever, type NodeId } from '../../model/index.ts';
import type { Entry } from './history.ts';
import { recoveryNode, type Card, type Charter, type PersonId, type RuleOf } from './statement.ts';

/** Computers of a person besides the first. */
const MAX_FURTHER_NODES = 4;
/** People whom a plain member let in, with the people whom those let in. */
export const MAX_SPONSORED = 64;
/** Numbers, and votes, of one author; the first in order count. */
const MAX_NUMBERS = 64;
const MAX_FIRSTS = 64;
/** Statements of one author. */
const MAX_OF_AUTHOR = 4096;

/** A computer that the ledger names. Admissions and admin grants are the entries' indices. */
export interface Member {
  readonly node: NodeId;
  readonly person: PersonId;
  readonly card: Card;
  readonly admissions: readonly number[];
  readonly admins: readonly number[];
  /** The plain member who answers for this person, by whom they came in; undefined: an admin let them in, or made them one. */
  readonly sponsor: PersonId | undefined;
}

interface Draft extends Member {
  admissions: number[];
  admins: number[];
  sponsor: PersonId | undefined;
}

/** A grant of a number: an admission with an extension, or a `number`. */
export interface Grant {
  readonly entry: Entry;
  readonly person: PersonId;
  readonly extension: string;
  readonly byAdmin: boolean;
}

/** What one pass over the statements finds, where these removals are in force. */
export interface Counted {
  readonly members: ReadonlyMap<NodeId, Member>;
  /** The keys of recovery codes, and what makes each one an admin. */
  readonly recoveryKeys: ReadonlyMap<NodeId, number>;
  /** In order. */
  readonly counting: readonly Entry[];
  readonly has: (entry: Entry) => boolean;
  readonly grants: readonly Grant[];
}

/**
 * Which statements count, in one pass in order. Reads no clock and no order of arrival. A right must lie in the statement's own
 * past, so that one that was granted later validates nothing earlier.
 * @param ordered all statements held, in order, the charter first
 * @param inForce the removals in force
 */
export function count(ordered: readonly Entry[], inForce: readonly Entry[]): Counted {
  return new Count(inForce).run(ordered);
}

class Count implements Counted {
  readonly members = new Map<NodeId, Draft>();
  readonly recoveryKeys = new Map<NodeId, number>();
  readonly counting: Entry[] = [];
  readonly grants: Grant[] = [];
  readonly #removals = new Map<NodeId, Entry[]>();
  readonly #counts = new Set<Entry>();
  readonly #nodesOf = new Map<PersonId, NodeId[]>();
  readonly #sponsored = new Map<PersonId, number>();
  readonly #ofAuthor = new Map<string, number>();
  readonly #usedRecoveryKeys = new Set<NodeId>();
  readonly #whoAdmits: Entry[] = [];
  #charter: Charter | undefined;

  constructor(inForce: readonly Entry[]) {
    for (const removal of inForce) {
      for (const node of nodesNamed(removal)) {
        const named = this.#removals.get(node);
        if (named) named.push(removal);
        else this.#removals.set(node, [removal]);
      }
    }
  }

  readonly has = (entry: Entry): boolean => this.#counts.has(entry);

  run(ordered: readonly Entry[]): this {
    for (const entry of ordered) {
      if (!this.#take(entry)) continue;
      this.#counts.add(entry);
      this.counting.push(entry);
    }
    return this;
  }

  /** Whether the statement counts; its effect is entered. */
  #take(entry: Entry): boolean {
    const { read } = entry;
    if (read.kind === 'charter') return this.#found(entry, read.charter, read.card);
    if (this.#isAfterRemoval(entry)) return false;
    const author = this.members.get(entry.by);
    if (!author) return this.#takeOfRecoveryKey(entry);
    if (!entry.past.hasAny(author.admissions)) return false;
    if (!this.#isWithin(`all ${entry.by}`, MAX_OF_AUTHOR)) return false;
    if (read.kind === 'later') return true;
    const { rule } = read;
    const isAdmin = entry.past.hasAny(author.admins);
    switch (rule.type) {
      case 'admit':
        return read.card !== undefined && this.#admit(entry, rule, read.card, author, isAdmin);
      case 'admin':
        return isAdmin && this.#makeAdmin(entry, rule.node);
      case 'remove':
        return isAdmin || rule.nodes.every((node) => this.members.get(node)?.person === author.person);
      case 'restore':
      case 'right':
        return isAdmin;
      case 'setting':
        if (isAdmin && rule.key === 'admit') this.#whoAdmits.push(entry);
        return isAdmin;
      case 'recovery':
        if (isAdmin) this.recoveryKeys.set(recoveryNode(rule.key), entry.index);
        return isAdmin;
      case 'number':
        if (!isAdmin && rule.person !== author.person) return false;
        if (!this.#isWithin(`number ${entry.by}`, MAX_NUMBERS)) return false;
        this.grants.push({ entry, person: rule.person, extension: rule.extension, byAdmin: isAdmin });
        return true;
      case 'first':
        return this.#isWithin(`first ${entry.by}`, MAX_FIRSTS);
      default:
        return assertNever(rule);
    }
  }

  #found(entry: Entry, charter: Charter, card: Card): boolean {
    if (this.#charter) return false;
    this.#charter = charter;
    const { node } = card;
    this.members.set(node, {
      ...{ node, person: node, card, admissions: [entry.index], admins: [entry.index], sponsor: undefined },
    });
    this.#nodesOf.set(node, [node]);
    this.recoveryKeys.set(recoveryNode(charter.recovery), entry.index);
    return true;
  }

  /** What the remover had seen of a removed node stays; everything else of it falls. */
  #isAfterRemoval(entry: Entry): boolean {
    const removals = this.#removals.get(entry.by);
    if (!removals) return false;
    return !removals.some((removal) => removal === entry || removal.past.has(entry.index));
  }

  /** A recovery code makes one admin, once. */
  #takeOfRecoveryKey(entry: Entry): boolean {
    const grantedBy = this.recoveryKeys.get(entry.by);
    if (grantedBy === undefined || !entry.past.has(grantedBy) || this.#usedRecoveryKeys.has(entry.by)) return false;
    const { read } = entry;
    if (read.kind !== 'rule' || read.rule.type !== 'admin') return false;
    if (!this.#makeAdmin(entry, read.rule.node)) return false;
    this.#usedRecoveryKeys.add(entry.by);
    return true;
  }

  #admit(entry: Entry, rule: RuleOf<'admit'>, card: Card, author: Member, isAdmin: boolean): boolean {
    const { node } = card;
    const { person } = rule;
    const isOwn = person !== node && person === author.person;
    if (person !== node && !isOwn && !(isAdmin && this.#hasOnlyRemovedNodes(person, entry))) return false;
    const known = this.members.get(node);
    if (known && known.person !== person) return false;
    if (!known && isOwn && this.#livingNodes(person) > MAX_FURTHER_NODES) return false;
    let sponsor = isOwn ? author.sponsor : undefined;
    if (!isOwn && !isAdmin) {
      if (this.#whoMayAdmit(entry) !== 'members') return false;
      sponsor = author.sponsor ?? author.person;
      const sponsored = this.#sponsored.get(sponsor) ?? 0;
      if (!known && sponsored >= MAX_SPONSORED) return false;
      if (!known) this.#sponsored.set(sponsor, sponsored + 1);
    }
    if (known) {
      known.admissions.push(entry.index);
      if (isAdmin) known.sponsor = undefined;
    } else {
      this.members.set(node, { node, person, card, admissions: [entry.index], admins: [], sponsor });
      this.#nodesOf.set(person, [...(this.#nodesOf.get(person) ?? []), node]);
    }
    if (rule.extension !== undefined) {
      this.grants.push({ entry, person, extension: rule.extension, byAdmin: isAdmin });
    }
    return true;
  }

  #makeAdmin(entry: Entry, node: NodeId): boolean {
    const member = this.members.get(node);
    if (!member || !entry.past.hasAny(member.admissions)) return false;
    member.admins.push(entry.index);
    member.sponsor = undefined;
    return true;
  }

  /** An admin may pass a person on to a new computer only after the old ones are out. */
  #hasOnlyRemovedNodes(person: PersonId, entry: Entry): boolean {
    const nodes = this.#nodesOf.get(person) ?? [];
    return (
      nodes.length > 0 &&
      nodes.every((node) =>
        (this.#removals.get(node) ?? []).some((removal) => entry.past.has(removal.index)),
      )
    );
  }

  #livingNodes(person: PersonId): number {
    return (this.#nodesOf.get(person) ?? []).filter((node) => !this.#removals.has(node)).length;
  }

  #whoMayAdmit(entry: Entry): string | undefined {
    const setting = this.#whoAdmits.findLast(({ index }) => entry.past.has(index))?.read;
    if (setting?.kind === 'rule' && setting.rule.type === 'setting') return setting.rule.value;
    return this.#charter?.admit;
  }

  #isWithin(what: string, most: number): boolean {
    const counted = this.#ofAuthor.get(what) ?? 0;
    if (counted >= most) return false;
    this.#ofAuthor.set(what, counted + 1);
    return true;
  }
}

/** The nodes that a removal names; none of any other statement. */
export function nodesNamed({ read }: Entry): readonly NodeId[] {
  return read.kind === 'rule' && read.rule.type === 'remove' ? read.rule.nodes : [];
}

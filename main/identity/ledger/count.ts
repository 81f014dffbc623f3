import { assertNever, type NodeId } from '../../model/index.ts';
import { nodesNamed, type Entry } from './entry.ts';
import { MAX_FIRSTS, MAX_NUMBERS, OF_ADMIN, OF_MEMBER, type Limits } from './limits.ts';
import type { Past } from './past.ts';
import { recoveryNode, type Card, type Charter, type PersonId, type Read, type RuleOf } from './statement.ts';

/** The most computers of a person besides the first. */
const MAX_FURTHER_NODES = 4;
/** The most people whom a plain member can sponsor, directly and through those people. */
export const MAX_SPONSORED = 64;
/** A computer that the ledger has as a member. */
export interface Member {
  readonly node: NodeId;
  readonly person: PersonId;
  readonly card: Card;
  /** The sponsor: the plain member who answers for this person; undefined: an admin admitted them, or made them an admin. */
  readonly sponsor: PersonId | undefined;
}

/** A member, with the counting statements, in order, that make it a member and an admin. */
export interface CountedMember extends Member {
  readonly admissions: readonly Entry[];
  readonly admins: readonly Entry[];
}

interface Draft extends CountedMember {
  readonly admissions: Entry[];
  readonly admins: Entry[];
  sponsor: PersonId | undefined;
  /** How many of its statements count so far. */
  readonly spent: Spent;
}

interface Spent {
  numbers: number;
  firsts: number;
  readonly asAdmin: { -readonly [Kind in keyof Limits]: number };
  readonly asMember: { -readonly [Kind in keyof Limits]: number };
}

/** A grant of a number: an admission with an extension, or a `number`. */
export interface Grant {
  readonly entry: Entry;
  readonly person: PersonId;
  readonly extension: string;
  readonly byAdmin: boolean;
}

/** The result of one pass over the statements, with certain removals in force. */
export interface Counted {
  readonly members: ReadonlyMap<NodeId, CountedMember>;
  /** The statements that count, in order. */
  readonly counting: readonly Entry[];
  readonly has: (entry: Entry) => boolean;
  readonly grants: readonly Grant[];
  /** The keys of recovery codes, by the ids under which they sign, with the statements that make each an admin. */
  readonly recoveryKeys: ReadonlyMap<NodeId, readonly Entry[]>;
}

/**
 * Decides which statements count, in one pass in order. Depends neither on a clock nor on the order of arrival. A right must lie in the
 * statement's own past, so that a right that was granted later validates nothing earlier.
 * @param ordered all statements held, in order, the charter first
 * @param inForce the removals in force
 */
export function count(ordered: readonly Entry[], inForce: readonly Entry[]): Counted {
  return new Count(inForce).run(ordered);
}

class Count implements Counted {
  readonly members = new Map<NodeId, Draft>();
  readonly recoveryKeys = new Map<NodeId, Entry[]>();
  readonly counting: Entry[] = [];
  readonly grants: Grant[] = [];
  readonly #removals = new Map<NodeId, Entry[]>();
  readonly #counts = new Set<Entry>();
  readonly #nodesOf = new Map<PersonId, NodeId[]>();
  /** The people whom each plain member sponsors, by their first nodes. */
  readonly #sponsored = new Map<PersonId, Set<NodeId>>();
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

  /** Whether the statement counts. If so, applies its effect. */
  #take(entry: Entry): boolean {
    const { read } = entry;
    if (read.kind === 'charter') return this.#found(entry, read.charter, read.card);
    if (this.#isAfterRemoval(entry)) return false;
    if (this.#takeOfRecoveryKey(entry)) return true;
    const author = this.members.get(entry.by);
    if (!author || !hasAny(entry.past, author.admissions)) return false;
    const isAdmin = hasAny(entry.past, author.admins);
    const limits = isAdmin ? OF_ADMIN : OF_MEMBER;
    const { spent } = author;
    const part = isAdmin ? spent.asAdmin : spent.asMember;
    if (read.kind === 'later') return part.laters++ < limits.laters;
    const { type } = read.rule;
    if (part.rules >= limits.rules) return false;
    if (type === 'remove' && part.removals >= limits.removals) return false;
    if (type === 'number' && spent.numbers >= MAX_NUMBERS) return false;
    if (type === 'first' && spent.firsts >= MAX_FIRSTS) return false;
    if (!this.#apply(entry, read, author, isAdmin)) return false;
    part.rules++;
    if (type === 'remove') part.removals++;
    if (type === 'number') spent.numbers++;
    if (type === 'first') spent.firsts++;
    return true;
  }

  /** Applies a statement. False: its author has no right to it. */
  #apply(
    entry: Entry,
    { rule, card }: Extract<Read, { kind: 'rule' }>,
    author: Draft,
    isAdmin: boolean,
  ): boolean {
    switch (rule.type) {
      case 'admit':
        return card !== undefined && this.#admit(entry, rule, card, author, isAdmin);
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
        if (isAdmin) this.#grantRecovery(rule.key, entry);
        return isAdmin;
      case 'number':
        if (!isAdmin && rule.person !== author.person) return false;
        this.grants.push({ entry, person: rule.person, extension: rule.extension, byAdmin: isAdmin });
        return true;
      case 'first':
        return true;
      default:
        return assertNever(rule);
    }
  }

  #found(entry: Entry, charter: Charter, card: Card): boolean {
    if (this.#charter) return false;
    this.#charter = charter;
    const { node } = card;
    this.members.set(node, {
      ...{
        node,
        person: node,
        card,
        admissions: [entry],
        admins: [entry],
        sponsor: undefined,
        spent: nothing(),
      },
    });
    this.#nodesOf.set(node, [node]);
    this.#grantRecovery(charter.recovery, entry);
    return true;
  }

  /** Whether the statement is by a removed node and was not seen by the remover. Only statements that the remover had seen stay. */
  #isAfterRemoval(entry: Entry): boolean {
    const removals = this.#removals.get(entry.by);
    if (!removals) return false;
    return !removals.some((removal) => removal === entry || removal.past.has(entry.index));
  }

  #grantRecovery(point: string, entry: Entry): void {
    const key = recoveryNode(point);
    this.recoveryKeys.set(key, [...(this.recoveryKeys.get(key) ?? []), entry]);
  }

  /** Applies a statement of a recovery key, which can make one admin, once. */
  #takeOfRecoveryKey(entry: Entry): boolean {
    const grants = this.recoveryKeys.get(entry.by);
    if (!grants || !hasAny(entry.past, grants) || this.#usedRecoveryKeys.has(entry.by)) return false;
    const { read } = entry;
    if (read.kind !== 'rule' || read.rule.type !== 'admin') return false;
    if (!this.#makeAdmin(entry, read.rule.node)) return false;
    this.#usedRecoveryKeys.add(entry.by);
    return true;
  }

  #admit(entry: Entry, rule: RuleOf<'admit'>, card: Card, author: Draft, isAdmin: boolean): boolean {
    const { node } = card;
    const { person } = rule;
    const isOwn = person !== node && person === author.person;
    if (person !== node && !isOwn && !(isAdmin && this.#hasOnlyRemovedNodes(person, entry))) return false;
    // A recovery key is no computer, and a person who knows the code must not make it one.
    if (this.recoveryKeys.has(node)) return false;
    const known = this.members.get(node);
    if (known && known.person !== person) return false;
    if (!known && isOwn && this.#livingNodes(person) > MAX_FURTHER_NODES) return false;
    const needsSponsor = !isOwn && !isAdmin;
    if (needsSponsor && this.#whoMayAdmit(entry) !== 'members') return false;
    const sponsor = needsSponsor ? (author.sponsor ?? author.person) : isOwn ? author.sponsor : undefined;
    // A member who is in already needs no further place.
    if (!known && needsSponsor && !this.#takeUpon(sponsor, node)) return false;
    if (known) {
      known.admissions.push(entry);
      if (isAdmin) this.#relieveSponsor(known);
    } else {
      this.members.set(node, {
        node,
        person,
        card,
        admissions: [entry],
        admins: [],
        sponsor,
        spent: nothing(),
      });
      const nodes = this.#nodesOf.get(person);
      if (nodes) nodes.push(node);
      else this.#nodesOf.set(person, [node]);
    }
    // Otherwise a plain member, by admitting colleagues again, would change their numbers.
    if (rule.extension !== undefined && (isAdmin || isOwn || !known)) {
      this.grants.push({ entry, person, extension: rule.extension, byAdmin: isAdmin });
    }
    return true;
  }

  #makeAdmin(entry: Entry, node: NodeId): boolean {
    const member = this.members.get(node);
    if (!member || !hasAny(entry.past, member.admissions)) return false;
    member.admins.push(entry);
    this.#relieveSponsor(member);
    return true;
  }

  /** Whether the sponsor may answer for one more person. Removed people keep their places. */
  #takeUpon(sponsor: PersonId | undefined, node: NodeId): boolean {
    if (sponsor === undefined) return true;
    const people = this.#sponsored.get(sponsor) ?? new Set();
    if (people.size >= MAX_SPONSORED) return false;
    this.#sponsored.set(sponsor, people.add(node));
    return true;
  }

  /** Ends the sponsorship: an admin answers for this member from here on. */
  #relieveSponsor(member: Draft): void {
    if (member.sponsor !== undefined) this.#sponsored.get(member.sponsor)?.delete(member.node);
    member.sponsor = undefined;
  }

  /** Whether all nodes of the person are removed: only then an admin may give the person a new computer. */
  #hasOnlyRemovedNodes(person: PersonId, entry: Entry): boolean {
    const nodes = this.#nodesOf.get(person) ?? [];
    return (
      nodes.length > 0 &&
      nodes.every((node) => (this.#removals.get(node) ?? []).some((removal) => entry.past.has(removal.index)))
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
}

function nothing(): Spent {
  const asMember = { rules: 0, laters: 0, removals: 0 };
  return { numbers: 0, firsts: 0, asAdmin: { ...asMember }, asMember };
}

export function hasAny(past: Past, entries: readonly Entry[]): boolean {
  for (const { index } of entries) if (past.has(index)) return true;
  return false;
}

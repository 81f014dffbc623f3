import {
  Emitter,
  faults,
  FIRST_GROUP,
  verifyNodeRecord,
  lowestFree,
  rowHiding,
  USUAL_CODES,
  type DialCodes,
  type DialName,
  type Divert,
  type Endpoints,
  type KnownGroup,
  type KnownNode,
  type NodeId,
  type NodeRecord,
  type Presence,
  type Signed,
} from '../model/index.ts';
import { DIAL_PLAN, dialPlanOf, type DialRule } from './dial.ts';
import { latestDivert } from './divert.ts';
import { NOBODY, type Membership } from './membership.ts';

/** At most this many records are saved and read; no office has so many nodes. */
export const MAX_NODES = 1000;

/** One line of the list of nodes. */
export interface RosterEntry {
  readonly node: NodeId;
  readonly person: NodeId;
  readonly name: string;
  readonly extension: string;
  readonly presence: Presence;
  readonly online: boolean;
  readonly endpoints: Endpoints;
  /** P-256 key to wrap message keys for, base64url. */
  readonly hpkeKey: string;
}

interface Entry {
  readonly record: NodeRecord;
  readonly signed: Signed;
  online: boolean;
}

/**
 * Who is in the office: members and numbers by the ledger, everything else by the record that each node signs of itself. Of two records
 * of a node the later revision stays, so it does not matter in which order and how often they come. Records of nodes that are no
 * members are ignored.
 */
export class Directory {
  /** `changed`: a record came, or a later one in its place. */
  readonly events = new Emitter<{ changed: undefined }>((error) => faults.tell('the directory', error));
  readonly #entries = new Map<NodeId, Entry>();
  #membership: Membership = NOBODY;
  #plan: { readonly codes: DialCodes; readonly rules: readonly DialRule[] } = {
    codes: USUAL_CODES,
    rules: DIAL_PLAN,
  };

  /** Uses this ledger from now on. Of nodes that are no members any more only the names are kept. */
  use(membership: Membership): void {
    this.#membership = membership;
  }

  /** Takes in records from any source; those that their own node did not sign are ignored. */
  merge(records: Iterable<Signed>): void {
    for (const signed of records) this.add(signed);
  }

  /** Takes in one record. A forged or older one, or one of no member, is ignored. */
  add(signed: Signed): void {
    const node = peekNode(signed);
    if (this.#membership !== NOBODY && this.#membership.personOf(node) === undefined) return;
    const known = this.#entries.get(node);
    if (known?.signed.payload === signed.payload) return;
    const record = verifyNodeRecord(signed);
    if (!record || (known && !isLater(record, signed, known))) return;
    this.#entries.set(record.node, { record, signed, online: known?.online ?? false });
    this.#forgetFormer();
    this.events.emit('changed', undefined);
  }

  /** Sets whether a node is online, by its beats. A node without a record is ignored. */
  setOnline(node: NodeId, online: boolean): void {
    const entry = this.#entries.get(node);
    if (entry) entry.online = online;
  }

  get(node: NodeId): KnownNode | undefined {
    const record = this.#entries.get(node)?.record;
    const person = this.#membership.personOf(node);
    if (!record || person === undefined) return undefined;
    return { ...record, person, extension: this.#membership.extensionOf(person) ?? '' };
  }

  /** The name of a node that is a member, or was one. */
  nameOf(node: NodeId): string | undefined {
    return this.#entries.get(node)?.record.name;
  }

  /** The name of a person, from the record of any of their computers. */
  nameOfPerson(person: NodeId): string | undefined {
    for (const node of [...this.#membership.nodesOf(person), person]) {
      const name = this.nameOf(node);
      if (name !== undefined) return name;
    }
    return undefined;
  }

  nodes(): IterableIterator<NodeId> {
    return this.#entries.keys();
  }

  /** The signed record, to be handed on. */
  signed(node: NodeId): Signed | undefined {
    return this.#entries.get(node)?.signed;
  }

  /** All signed records, to be merged elsewhere or saved. */
  records(): Signed[] {
    return [...this.#entries.values()].map((entry) => entry.signed);
  }

  /** Whether some node's record names this IP address. */
  isAt(address: string): boolean {
    for (const { record } of this.#entries.values()) if (record.endpoints.address === address) return true;
    return false;
  }

  isOnline(node: NodeId): boolean {
    return this.#entries.get(node)?.online ?? false;
  }

  presenceOf(node: NodeId): Presence {
    const entry = this.#entries.get(node);
    return entry?.online ? entry.record.presence : 'offline';
  }

  /** All nodes, by extension. */
  roster(): RosterEntry[] {
    return [...this.#entries.keys()]
      .flatMap((node) => this.get(node) ?? [])
      .map(({ node, person, name, extension, endpoints, hpkeKey }) => ({
        ...{ node, person, name, extension, endpoints, hpkeKey },
        presence: this.presenceOf(node),
        online: this.isOnline(node),
      }))
      .sort((a, b) => byExtension(a.extension, b.extension) || (a.node < b.node ? -1 : 1));
  }

  /** The nodes that a number reaches: all computers of its person whose records are here. */
  resolve(extension: string): KnownNode[] {
    const person = this.#membership.holderOf(extension);
    return person === undefined ? [] : this.nodesOf(person);
  }

  /** The group that a number reaches. */
  groupWith(extension: string): KnownGroup | undefined {
    return this.#membership.groupWith(extension);
  }

  /** The computers of a person whose records are here. */
  nodesOf(person: NodeId): KnownNode[] {
    return this.#membership.nodesOf(person).flatMap((node) => this.get(node) ?? []);
  }

  /** The person to whom that person has diverted their messages; undefined: they have not. */
  divertOf(person: NodeId): NodeId | undefined {
    return this.latestDivertOf(person)?.to ?? undefined;
  }

  /** The latest divert in the records of that person's computers. */
  latestDivertOf(person: NodeId): Divert | undefined {
    return latestDivert(this.nodesOf(person).map(({ divert }) => divert));
  }

  /** Limits the number of names of former members. */
  #forgetFormer(): void {
    for (const node of this.#entries.keys()) {
      if (this.#entries.size <= MAX_NODES) return;
      if (this.#membership.personOf(node) === undefined) this.#entries.delete(node);
    }
  }

  /** The lowest free extension from 101 on. */
  nextFree(): string {
    return lowestFree(this.#isRefused);
  }

  /** The lowest free extension from 600 on, for a group. */
  nextFreeForGroup(): string {
    return lowestFree(this.#isRefused, FIRST_GROUP);
  }

  /** The dial plan of this office. */
  get plan(): readonly DialRule[] {
    const { codes } = this.#membership;
    if (this.#plan.codes !== codes) this.#plan = { codes, rules: dialPlanOf(codes) };
    return this.#plan.rules;
  }

  /** The row of the dial plan that matches the string of this extension's mailbox, if any: no person gets such an extension. */
  hiding(extension: string): DialName | undefined {
    return rowHiding(extension, this.#membership.codes);
  }

  /** How the mailbox of an extension is dialled in this office. */
  mailboxOf(extension: string): string {
    return (this.#membership.codes.get('mailbox') ?? '') + extension;
  }

  readonly #isRefused = (extension: string): boolean =>
    this.#membership.holderOf(extension) !== undefined ||
    this.#membership.groupWith(extension) !== undefined ||
    this.hiding(extension) !== undefined;
}

/** Compares by revision; of two records with the same revision by their text, so that all nodes choose the same. */
function isLater(record: NodeRecord, signed: Signed, known: Entry): boolean {
  if (record.revision !== known.record.revision) return record.revision > known.record.revision;
  return signed.payload > known.signed.payload;
}

/** The node that a record names, not verified. */
function peekNode(signed: Signed): NodeId {
  try {
    return (JSON.parse(signed.payload) as { node?: NodeId } | null)?.node ?? ('' as NodeId);
  } catch {
    return '' as NodeId;
  }
}

function byExtension(a: string, b: string): number {
  return Number(a || Infinity) - Number(b || Infinity) || a.length - b.length || 0;
}

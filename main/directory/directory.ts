import {
  verifyNodeRecord,
  type Endpoints,
  type NodeId,
  type NodeRecord,
  type Presence,
  type Signed,
} from '../model/index.ts';

/** The most nodes an office has; records beyond it are not taken in. */
export const MAX_NODES = 1000;
const FIRST_EXTENSION = 101;
const LAST_EXTENSION = 999_999;

/** One line of the list of people. */
export interface RosterEntry {
  readonly node: NodeId;
  readonly name: string;
  readonly extension: string;
  readonly presence: Presence;
  readonly online: boolean;
  readonly endpoints: Endpoints;
  /** P-256 key to wrap message keys for, base64url. */
  readonly hpkeKey: string;
  /** Who holds the extension that this node claimed too late. */
  readonly takenBy: NodeId | undefined;
}

interface Entry {
  readonly record: NodeRecord;
  readonly signed: Signed;
  online: boolean;
}

/**
 * Who is in the office, by what each node says of itself and has signed. Merging is union: of two records of a node
 * the later revision stays, so the order in which they come, and how often, does not matter.
 */
export class Directory {
  readonly #entries = new Map<NodeId, Entry>();
  /** Holders of each extension and those that want it, the earliest claim first. */
  readonly #claims = new Map<string, NodeId[]>();

  /** Takes in records from anybody; those that are not signed by their own node are left out. */
  merge(records: Iterable<Signed>): void {
    for (const signed of records) this.add(signed);
  }

  /** Forgets everybody: another office has other people, and learns nothing of these. */
  clear(): void {
    this.#entries.clear();
    this.#claims.clear();
  }

  /** Takes in one record. A record that is forged or older changes nothing, nor does a new node's where the office is full. */
  add(signed: Signed): void {
    const known = this.#entries.get(peekNode(signed));
    if (known?.signed.payload === signed.payload) return;
    const record = verifyNodeRecord(signed);
    if (!record) return;
    if (known && !isLater(record, signed, known)) return;
    if (!known && this.#entries.size >= MAX_NODES) return;
    this.#entries.set(record.node, { record, signed, online: known?.online ?? false });
    const touched = new Set([record.extension, ...(known ? [known.record.extension] : [])]);
    for (const extension of touched) this.#settle(extension);
  }

  /** Whether a node is reachable, by its beats. One that has no record yet is not remembered. */
  setOnline(node: NodeId, online: boolean): void {
    const entry = this.#entries.get(node);
    if (entry) entry.online = online;
  }

  get(node: NodeId): NodeRecord | undefined {
    return this.#entries.get(node)?.record;
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

  isOnline(node: NodeId): boolean {
    return this.#entries.get(node)?.online ?? false;
  }

  presenceOf(node: NodeId): Presence {
    const entry = this.#entries.get(node);
    return entry?.online ? entry.record.presence : 'offline';
  }

  /** Everybody, by extension. */
  roster(): RosterEntry[] {
    return [...this.#entries.values()]
      .map(({ record, online }) => ({
        node: record.node,
        name: record.name,
        extension: record.extension,
        presence: online ? record.presence : ('offline' as const),
        online,
        endpoints: record.endpoints,
        hpkeKey: record.hpkeKey,
        takenBy: this.takenBy(record.node),
      }))
      .sort((a, b) => byExtension(a.extension, b.extension) || (a.node < b.node ? -1 : 1));
  }

  /** The nodes that a number reaches: none, or the one that claimed it first. */
  resolve(extension: string): NodeRecord[] {
    const holder = this.#claims.get(extension)?.[0];
    const record = holder === undefined ? undefined : this.get(holder);
    return record ? [record] : [];
  }

  /** Who holds this node's extension in its stead; undefined where it holds it itself. */
  takenBy(node: NodeId): NodeId | undefined {
    const record = this.get(node);
    const holder = record && this.#claims.get(record.extension)?.[0];
    return holder === node ? undefined : holder;
  }

  /** Whether `node` may claim the extension: nobody else has. */
  isFree(extension: string, node?: NodeId): boolean {
    return (this.#claims.get(extension) ?? []).every((claimant) => claimant === node);
  }

  /** The lowest free extension from 101 on. */
  nextFree(): string {
    for (let number = FIRST_EXTENSION; number <= LAST_EXTENSION; number += 1) {
      if (!this.#claims.has(String(number))) return String(number);
    }
    throw new Error('a thousand nodes cannot claim a million extensions');
  }

  /** Orders the claimants of an extension, the earliest claim first. */
  #settle(extension: string): void {
    const claimants = [...this.#entries.values()]
      .map((entry) => entry.record)
      .filter((record) => record.extension === extension)
      .sort((a, b) => a.claimedAt - b.claimedAt || (a.node < b.node ? -1 : 1))
      .map((record) => record.node);
    if (claimants.length === 0) this.#claims.delete(extension);
    else this.#claims.set(extension, claimants);
  }
}

/** By revision; where a node signed two alike, by their text, so that all choose the same. */
function isLater(record: NodeRecord, signed: Signed, known: Entry): boolean {
  if (record.revision !== known.record.revision) return record.revision > known.record.revision;
  return signed.payload > known.signed.payload;
}

/** The node that a record speaks of, not yet believed. */
function peekNode(signed: Signed): NodeId {
  try {
    return (JSON.parse(signed.payload) as { node?: NodeId } | null)?.node ?? ('' as NodeId);
  } catch {
    return '' as NodeId;
  }
}

function byExtension(a: string, b: string): number {
  return Number(a) - Number(b) || a.length - b.length;
}

import {
  verifyNodeRecord,
  type Endpoints,
  type NodeId,
  type NodeRecord,
  type Presence,
  type Signed,
} from '../model/index.ts';

/** The most nodes an office has; a node that is there takes the place of one that is not. */
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
  /** This node had a link to it, so that it is no invention of somebody else. */
  met: boolean;
}

/**
 * Who is in the office, by what each node says of itself and has signed. Merging is union: of two records of a node
 * the later revision stays, so the order in which they come, and how often, does not matter.
 */
export class Directory {
  /** In the order in which they came, and those that were met behind all others, the latest last. */
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

  /**
   * Takes in one record. A record that is forged or older changes nothing. Where the office is full, a new node that is there now
   * takes the place of one that is not, first of those that this node never met; one that is only heard of is passed over.
   */
  add(signed: Signed, isThere = false): void {
    const known = this.#entries.get(peekNode(signed));
    if (known?.signed.payload === signed.payload) return;
    const record = verifyNodeRecord(signed);
    if (!record) return;
    if (known && !isLater(record, signed, known)) return;
    if (!known && this.#entries.size >= MAX_NODES && !(isThere && this.#makeRoom())) return;
    const { online = false, met = false } = known ?? {};
    this.#entries.set(record.node, { record, signed, online, met });
    const touched = new Set([record.extension, ...(known ? [known.record.extension] : [])]);
    for (const extension of touched) this.#settle(extension);
  }

  /** A link has proven that the node exists. */
  meet(node: NodeId): void {
    const entry = this.#entries.get(node);
    if (!entry) return;
    entry.met = true;
    this.#entries.delete(node);
    this.#entries.set(node, entry);
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

  /** All signed records, to be merged elsewhere or saved; those that make room first stand first, also after a restart. */
  records(): Signed[] {
    return [...this.#byMeeting()].map((entry) => entry.signed);
  }

  /** Whether some node says that it is at this IP address. */
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

  *#byMeeting(): Iterable<Entry> {
    for (const entry of this.#entries.values()) if (!entry.met) yield entry;
    for (const entry of this.#entries.values()) if (entry.met) yield entry;
  }

  /** Forgets the node that is away and was never met, or else was met the longest ago. False where all are there. */
  #makeRoom(): boolean {
    for (const { record, online } of this.#byMeeting()) {
      if (online) continue;
      this.#entries.delete(record.node);
      this.#settle(record.extension);
      return true;
    }
    return false;
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

import {
  openPacket,
  packetTag,
  pairKeys,
  type DirectionKey,
  type Packet,
  type PairKeys,
  type PairOwner,
} from '../identity/index.ts';
import type { NodeId } from '../model/index.ts';

/** At most this many keys are derived while a packet waits: about 10 ms. */
const AT_ONCE = 50;

/** The members of the office, and their keys. */
export interface Members {
  /** The member's HPKE key, from which a pair's keys are derived: an uncompressed point, 65 bytes. Undefined: no member. */
  hpkeKeyOf(node: NodeId): Uint8Array | undefined;
  nodes(): Iterable<NodeId>;
}

interface Entry {
  readonly point: Uint8Array;
  /** Undefined where the member's key is no valid point. */
  readonly keys: PairKeys | undefined;
}

/** The pair keys of this node with each other member, derived when they are first needed. */
export class PairBook {
  readonly #own: PairOwner;
  readonly #officeId: Uint8Array;
  readonly #members: Members;
  readonly #entries = new Map<NodeId, Entry>();
  readonly #nodesByTag = new Map<string, NodeId>();
  /** Every member has its entry, so an unknown tag belongs to no member. */
  #isComplete = false;

  constructor(own: PairOwner, officeId: Uint8Array, members: Members) {
    this.#own = own;
    this.#officeId = officeId;
    this.#members = members;
  }

  isMember(node: NodeId): boolean {
    return node !== this.#own.nodeId && this.#members.hpkeKeyOf(node) !== undefined;
  }

  sendingTo(node: NodeId): DirectionKey | undefined {
    return this.#entry(node)?.keys?.sending;
  }

  /** Opens a packet that a member sealed for this node; undefined: it is none. */
  open(bytes: Buffer): { readonly from: NodeId; readonly packet: Packet } | undefined {
    const tag = packetTag(bytes);
    const from = tag === undefined ? undefined : this.#nodeOf(tag);
    const keys = from === undefined ? undefined : this.#entries.get(from)?.keys;
    const packet = keys && openPacket(keys.receiving, bytes);
    return from !== undefined && packet ? { from, packet } : undefined;
  }

  /** To be called when members came, went or changed their keys. Returns the nodes to forget. */
  changed(): NodeId[] {
    this.#isComplete = false;
    const gone: NodeId[] = [];
    for (const [node, { point, keys }] of this.#entries) {
      const now = this.#members.hpkeKeyOf(node);
      if (now && Buffer.from(now).equals(point)) continue;
      if (keys) this.#nodesByTag.delete(nameOf(keys.receiving));
      this.#entries.delete(node);
      gone.push(node);
    }
    return gone;
  }

  #nodeOf(tag: string): NodeId | undefined {
    const known = this.#nodesByTag.get(tag);
    if (known !== undefined || this.#isComplete) return known;
    let made = 0;
    for (const node of this.#members.nodes()) {
      if (node === this.#own.nodeId || this.#entries.has(node)) continue;
      if (made === AT_ONCE) return this.#nodesByTag.get(tag);
      made += 1;
      this.#entry(node);
    }
    this.#isComplete = true;
    return this.#nodesByTag.get(tag);
  }

  #entry(node: NodeId): Entry | undefined {
    const known = this.#entries.get(node);
    if (known) return known;
    const point = node === this.#own.nodeId ? undefined : this.#members.hpkeKeyOf(node);
    if (!point) return undefined;
    const entry = { point, keys: pairKeys(this.#own, node, point, this.#officeId) };
    this.#entries.set(node, entry);
    if (entry.keys) this.#nodesByTag.set(nameOf(entry.keys.receiving), node);
    return entry;
  }
}

function nameOf({ tag }: DirectionKey): string {
  return Buffer.from(tag).toString('latin1');
}

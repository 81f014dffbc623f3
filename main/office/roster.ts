import type { Directory, RosterEntry } from '../directory/index.ts';
import { nodeRecordSchema, readStatement, type KnownNode, type NodeId, type Signed } from '../model/index.ts';
import { rosterDigest } from './presence.ts';

/** A node's record as it is sent to others, and whether the node is reachable. */
export interface SentEntry {
  readonly record: Signed;
  readonly online: boolean;
}

/** The records of all nodes of the office, this one included, and whether each is online. */
export class Roster {
  readonly directory: Directory;
  readonly #own: { readonly nodeId: NodeId };

  /** @param own this node, whose id changes when it joins again after a removal */
  constructor(own: { readonly nodeId: NodeId }, directory: Directory) {
    this.#own = own;
    this.directory = directory;
  }

  get self(): NodeId {
    return this.#own.nodeId;
  }

  get othersOnline(): readonly RosterEntry[] {
    return this.directory.roster().filter(({ node, online }) => online && node !== this.self);
  }

  /** Takes in a record; undefined where it is forged or malformed. An older record changes nothing: the known one is returned. */
  enter(signed: Signed): KnownNode | undefined {
    const claimed = readStatement(signed, nodeRecordSchema);
    if (!claimed || claimed.node === this.self) return undefined;
    this.directory.add(signed);
    return this.directory.get(claimed.node);
  }

  /** Takes in the record that a node sends of itself; undefined where it is another node's record, and as `enter`. */
  enterOwn(signed: Signed, node: NodeId): KnownNode | undefined {
    if (readStatement(signed, nodeRecordSchema)?.node !== node) return undefined;
    return this.enter(signed);
  }

  entryOf(node: NodeId): SentEntry | undefined {
    const record = this.directory.signed(node);
    return record && { record, online: this.directory.isOnline(node) };
  }

  /** The digest of who is online, this node included. */
  digest(): string {
    const { directory } = this;
    const online = [...directory.nodes()].filter((node) => directory.isOnline(node));
    return rosterDigest(online.flatMap((node) => directory.get(node) ?? []));
  }

  nodes(): NodeId[] {
    return this.directory.roster().map(({ node }) => node);
  }

  entries(): SentEntry[] {
    return this.nodes().flatMap((node) => this.entryOf(node) ?? []);
  }
}

import { verifyHeader, verifyManifest } from '../identity/index.ts';
import { fromBase64url, MAX_FRAGMENT_BYTES, type NodeId } from '../model/index.ts';
import type { ControlMessageOf } from '../signalling/index.ts';
import type { StoredMessage } from '../store/index.ts';
import type { Archive } from './archive.ts';
import type { FragmentFetcher } from './fragment-fetcher.ts';
import type { Holders } from './holders.ts';
import type { MessageSync } from './message-sync.ts';
import type { OfficePort, PeerLink } from './ports.ts';
import type { ProofServer } from './proof-server.ts';
import type { ReceiptSync } from './receipt-sync.ts';

const MIB = 1024 * 1024;
/** What a node keeps for one talker who asks it to, and for all of them, bytes: ten minutes of one are 84 MB at most. */
export const KEEP_BUDGET = { perTalker: 128 * MIB, inAll: 1024 * MIB } as const;

/**
 * Whether a message of `count` fragments finds room among what is kept here for others. Until it is here nobody knows how long
 * its fragments are, so that it counts with the most that they can be.
 */
export function hasRoomFor(kept: readonly StoredMessage[], talker: NodeId, count: number): boolean {
  const sizes = kept.map((message) => ({ talker: message.header.facts.talker, bytes: sizeOf(message) }));
  const asked = count * MAX_FRAGMENT_BYTES;
  const total = (some: typeof sizes) => some.reduce((sum, { bytes }) => sum + bytes, asked);
  return (
    total(sizes) <= KEEP_BUDGET.inAll &&
    total(sizes.filter((one) => one.talker === talker)) <= KEEP_BUDGET.perTalker
  );
}

function sizeOf({ state, bytes, manifest }: StoredMessage): number {
  if (state === 'complete') return bytes;
  return Math.max(bytes, (manifest?.facts.count ?? 0) * MAX_FRAGMENT_BYTES);
}

export interface KeeperParts {
  readonly archive: Archive;
  readonly office: OfficePort;
  readonly holders: Holders;
  readonly fetcher: FragmentFetcher;
  readonly sync: MessageSync;
  readonly receipts: ReceiptSync;
  readonly proofs: ProofServer;
  readonly log: (line: string) => void;
}

/** Keeps messages, sealed, for talkers who ask this node itself to: it is neither their switch nor its standby. */
export class Keeper {
  readonly #parts: KeeperParts;

  constructor(parts: KeeperParts) {
    this.#parts = parts;
  }

  /** The node at the other end asks to keep a message of its own. */
  keep(link: PeerLink, { header, manifest }: ControlMessageOf<'keep'>): void {
    const { archive, office, sync } = this.#parts;
    const signingKey = office.signingKeyOf(link.peer);
    const facts = signingKey === undefined ? undefined : verifyHeader(header, fromBase64url(signingKey));
    const end = signingKey === undefined ? undefined : verifyManifest(manifest, fromBase64url(signingKey));
    if (!facts || end?.id !== facts.id) return;
    if (facts.recipients.includes(office.self)) {
      // Its person has not been told of it: an announcement never came here.
      sync.header(header, link);
      sync.manifest(manifest, link);
    }
    const { id } = facts;
    const known = archive.read.get(id);
    if (known && known.header.facts.talker !== link.peer) return;
    if (!known && !this.#takes(id, facts.talker, end.count)) return this.#parts.proofs.deny(link, id);
    archive.begin({ signed: header, facts }, { keeps: true });
    if (known?.state === 'complete') return this.#parts.receipts.repeat(id, link);
    this.#fetch(link, { signed: manifest, facts: end });
  }

  #takes(id: StoredMessage['id'], talker: NodeId, count: number): boolean {
    const { archive, log } = this.#parts;
    if (archive.read.wasDeleted(id)) return false;
    const kept = archive.read.list().filter(({ roles }) => roles.mine === undefined);
    if (hasRoomFor(kept, talker, count)) return true;
    log(`${talker} asked this computer to keep another message: what it keeps for others is full.`);
    return false;
  }

  #fetch(link: PeerLink, manifest: NonNullable<StoredMessage['manifest']>): void {
    const { archive, holders, fetcher } = this.#parts;
    const { id } = manifest.facts;
    holders.add(id, link);
    void archive.end(manifest).then(() => fetcher.fetch(id));
  }
}

import { BUDGETS, faults, MAX_FRAGMENT_BYTES, type Emitter, type NodeId } from '../model/index.ts';
import type { ControlMessageOf } from '../signalling/index.ts';
import type { StoredMessage } from '../store/index.ts';
import type { Archive } from './archive.ts';
import { endOf, headerOf } from './authors.ts';
import type { MessageEvents } from './events.ts';
import type { FragmentFetcher } from './fragment-fetcher.ts';
import type { Holders } from './holders.ts';
import type { MessageSync } from './message-sync.ts';
import type { OfficePort, PeerLink } from './ports.ts';
import type { ProofServer } from './proof-server.ts';
import type { ReceiptSync } from './receipt-sync.ts';

/** How many bytes a node keeps for one talker who asks it to, and for all of them. */
const { perPeer, inAll } = BUDGETS.keptForTalkers;

/**
 * Whether a message of `count` fragments finds room among the messages that are kept here for others. The size of its fragments is
 * unknown before they are here, so it counts with the largest possible size.
 */
export function hasRoomFor(kept: readonly StoredMessage[], talker: NodeId, count: number): boolean {
  const sizes = kept.map((message) => ({ talker: message.header.facts.talker, bytes: sizeOf(message) }));
  const asked = count * MAX_FRAGMENT_BYTES;
  const total = (some: typeof sizes) => some.reduce((sum, { bytes }) => sum + bytes, asked);
  return (
    total(sizes) <= inAll.atOnce && total(sizes.filter((one) => one.talker === talker)) <= perPeer.atOnce
  );
}

function sizeOf({ state, bytes, manifest }: StoredMessage): number {
  if (state === 'complete') return bytes;
  return Math.max(bytes, (manifest?.facts.count ?? 0) * MAX_FRAGMENT_BYTES);
}

interface KeeperParts {
  readonly archive: Archive;
  readonly office: OfficePort;
  readonly holders: Holders;
  readonly fetcher: FragmentFetcher;
  readonly sync: MessageSync;
  readonly receipts: ReceiptSync;
  readonly proofs: ProofServer;
  readonly events: Emitter<MessageEvents>;
}

/** Keeps messages, sealed, for talkers who ask this node to keep them, though it is neither switch nor standby. */
export class Keeper {
  readonly #parts: KeeperParts;

  constructor(parts: KeeperParts) {
    this.#parts = parts;
  }

  /** Handles the request of a talker to keep one of its messages. */
  keep(link: PeerLink, asked: ControlMessageOf<'keep'>): void {
    const { archive, office, sync } = this.#parts;
    const header = headerOf(asked.header, office);
    const manifest = header && endOf(header.facts, asked.manifest, office);
    if (!manifest || header.facts.talker !== link.peer) return;
    const { facts } = header;
    if (facts.recipients.includes(office.self)) {
      // Handled as an announcement, which never came: this node's person may be a recipient.
      sync.header(header.signed, link);
      sync.manifest(manifest.signed, link);
    }
    const { id } = facts;
    if (facts.recipients.includes(office.self) && !archive.read.get(id))
      return this.#parts.proofs.deny(link, id);
    const known = archive.read.get(id);
    // Another header under the id of a known message is ignored.
    if (known && known.header.signed.payload !== header.signed.payload) return;
    if (!known && !this.#takes(id, facts.talker, manifest.facts.count))
      return this.#parts.proofs.deny(link, id);
    archive.begin(header, { keeps: true });
    if (known?.state === 'complete') return this.#parts.receipts.repeat(id, link);
    this.#fetch(link, manifest);
  }

  #takes(id: StoredMessage['id'], talker: NodeId, count: number): boolean {
    const { archive, office, events } = this.#parts;
    if (archive.read.wasDeleted(id) || !office.hasRoom(office.self)) return false;
    if (hasRoomFor(archive.read.those('others'), talker, count)) return true;
    events.emit('over', { node: talker, budget: 'keptForTalkers' });
    return false;
  }

  #fetch(link: PeerLink, manifest: NonNullable<StoredMessage['manifest']>): void {
    const { archive, holders, fetcher } = this.#parts;
    const { id } = manifest.facts;
    holders.add(id, link);
    archive
      .end(manifest)
      .then(() => fetcher.fetch(id))
      .catch((error: unknown) => faults.tell('the end of a message that is kept', error));
  }
}

import {
  BUDGETS,
  fragmentHashesSchema,
  MAX_BY_UNICAST,
  readStatement,
  type Clock,
  type Emitter,
  type FragmentHashes,
  type NodeId,
  type Signed,
  PeerBudget,
} from '../model/index.ts';
import type { Statement } from '../store/index.ts';
import type { Archive } from './archive.ts';
import { hashesOf } from './authors.ts';
import type { MessageEvents } from './events.ts';
import type { OfficePort, PeerLink } from './ports.ts';
import type { SwitchForwarder } from './switch-forwarder.ts';

interface VoucherSyncParts {
  readonly archive: Archive;
  readonly office: OfficePort;
  readonly forwarder: SwitchForwarder;
  readonly events: Emitter<MessageEvents>;
  readonly clock: Clock;
  /** Whether statements of a talker who was removed since are accepted over this link. */
  readonly mayTellOfFormer: (link: PeerLink) => boolean;
}

/**
 * Exchanges signed hashes of fragments, which talkers send while they speak to several. Each recipient gets them by datagram, which is
 * fast and needs no switch, and also over links, which lose nothing. Later they come with fetched fragments.
 */
export class VoucherSync {
  readonly #parts: VoucherSyncParts;
  readonly #byDatagram = new PeerBudget(BUDGETS.hashesByDatagram);

  constructor(parts: VoucherSyncParts) {
    this.#parts = parts;
  }

  /** Sends this node's signed hashes of a message that it speaks. */
  vouchOwn(hashes: Statement<FragmentHashes>): void {
    const { archive, office, forwarder } = this.#parts;
    const { signed, facts } = hashes;
    const header = archive.read.get(facts.id)?.header.facts;
    if (!header) return;
    archive.vouch(hashes);
    const { self, switchNode } = office;
    // For many recipients only the switch passes them on: a datagram for each has to be sealed, and live sound does not wait for them.
    const isLeftToSwitch =
      header.recipients.length > MAX_BY_UNICAST && (switchNode === self || office.upstream !== undefined);
    const recipients = isLeftToSwitch ? [] : header.recipients;
    for (const node of new Set([...recipients, ...(switchNode ? [switchNode] : [])])) {
      if (node !== self && office.isMember(node)) office.sendHashes(node, signed);
    }
    office.upstream?.send({ type: 'hashes', hashes: signed });
    forwarder.hashes(signed, header, undefined);
  }

  /** Handles hashes that came by datagram. Only their talker sends them that way. */
  byDatagram(signed: Signed, from: NodeId): void {
    const { clock, events } = this.#parts;
    if (!this.#byDatagram.take(from, clock.monotonic()))
      events.emit('over', { node: from, budget: 'hashesByDatagram' });
    else if (readStatement(signed, fragmentHashesSchema)?.talker === from) this.#take(signed, undefined);
  }

  byLink(signed: Signed, link: PeerLink): void {
    this.#take(signed, link);
  }

  #take(signed: Signed, link: PeerLink | undefined): void {
    const { archive, office, forwarder, mayTellOfFormer } = this.#parts;
    const claimed = readStatement(signed, fragmentHashesSchema);
    // The same hashes come by several ways: looking them up costs little, verifying a signature more.
    if (!claimed || !archive.lacksHashes(claimed)) return;
    const header = archive.read.get(claimed.id)?.header.facts;
    const hashes = header && hashesOf(header, signed, office, link && mayTellOfFormer(link));
    if (!hashes || !archive.vouch(hashes)) return;
    forwarder.hashes(signed, header, link);
  }
}

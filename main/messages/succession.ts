import type { Identity } from '../identity/index.ts';
import { isPassing, type Emitter, type KnownNode, type MessageId, type NodeId } from '../model/index.ts';
import type { StoredMessage } from '../store/index.ts';
import type { Archive } from './archive.ts';
import type { MessageEvents } from './events.ts';
import type { Forwarding } from './forwarding.ts';
import type { OfficePort } from './ports.ts';
import type { ReceiptSync } from './receipt-sync.ts';

interface SuccessionParts {
  readonly identity: Identity;
  readonly archive: Archive;
  readonly office: OfficePort;
  readonly forwarding: Forwarding;
  readonly receipts: ReceiptSync;
  readonly events: Emitter<MessageEvents>;
  readonly log: (line: string) => void;
}

/**
 * Whether a message has to be sealed again for a person's present computers: this node spoke it, its only recipients of that person are
 * removed computers, and none of these has heard it.
 */
export function waitsForSuccessor(
  { header, roles, receipts, state, local }: StoredMessage,
  person: NodeId,
  former: ReadonlySet<NodeId>,
  office: Pick<OfficePort, 'personOf'>,
): boolean {
  const nodes = header.facts.recipients;
  return (
    roles.mine === 'talker' &&
    state === 'complete' &&
    !isPassing(header.facts) &&
    local.deletedAt === undefined &&
    nodes.some((node) => former.has(node)) &&
    !nodes.some((node) => office.personOf(node) === person) &&
    !receipts.some(({ facts }) => facts.state === 'heard' && former.has(facts.node))
  );
}

/**
 * A person goes on with another computer after the old one was removed, such as a lost laptop. Messages that they had not heard
 * were sealed for the old computer alone. The node of each message's talker seals it again for the new computer, once.
 */
export class Succession {
  readonly #parts: SuccessionParts;
  /** People whose messages have been looked through since a computer of theirs was removed, or a removal was taken back. */
  readonly #done = new Set<NodeId>();
  #removed = 0;
  #last: Promise<void> = Promise.resolve();
  #isClosed = false;

  constructor(parts: SuccessionParts) {
    this.#parts = parts;
    parts.archive.read.on('complete', (id) => this.#complete(id));
  }

  /** These colleagues are online from now on. Costs little for a person who lost no computer. */
  expect(colleagues: readonly Pick<KnownNode, 'node'>[]): void {
    const { office } = this.#parts;
    const removed = office.removed.length;
    if (removed !== this.#removed) this.#done.clear();
    this.#removed = removed;
    if (removed === 0) return;
    for (const { node } of colleagues) {
      const person = office.personOf(node);
      if (person === undefined || this.#done.has(person)) continue;
      if (office.formerNodesOf(person).length === 0) continue;
      this.#done.add(person);
      this.#last = this.#last.then(() => this.#sendAnew(person));
    }
  }

  close(): void {
    this.#isClosed = true;
  }

  async #sendAnew(person: NodeId): Promise<void> {
    const { office, archive, log } = this.#parts;
    const recipients = office.knownNodesOf(person);
    if (recipients.length === 0) return;
    const former = new Set(office.formerNodesOf(person));
    for (const message of archive.read.those('unheardOfOwn')) {
      if (this.#isClosed) return;
      if (message.local.passedOn?.includes(person)) continue;
      if (!waitsForSuccessor(message, person, former, office)) continue;
      await this.#passOn(message, person, recipients, former).catch((error: unknown) => {
        log(
          `Message ${message.id} waits for a removed computer, and could not be sealed anew: ${String(error)}`,
        );
      });
    }
  }

  async #passOn(
    message: StoredMessage,
    person: NodeId,
    recipients: readonly KnownNode[],
    former: ReadonlySet<NodeId>,
  ): Promise<void> {
    const { archive, forwarding, events } = this.#parts;
    const { from, to, startedAt, forwardedFrom, group, diverted, recipients: before } = message.header.facts;
    const begun = this.#begunAnew(message, person);
    // The power failed while it was being sealed.
    if (begun && begun.state !== 'complete') await archive.discard(begun.id);
    if (begun?.state !== 'complete') {
      const addressing = {
        ...{ recipients, from, to, again: message.id, diverted },
        ...(forwardedFrom === undefined ? {} : { forwardedFrom }),
        ...(group && { group }),
      };
      await forwarding.send(message, addressing, { startedAt });
    }
    archive.markPassedOn(message.id, person);
    // The old message had no other recipients, so the new one replaces it.
    if (before.every((node) => former.has(node))) await archive.discard(message.id);
    events.emit('changed', undefined);
  }

  #begunAnew({ id }: StoredMessage, person: NodeId): StoredMessage | undefined {
    const { archive, office } = this.#parts;
    return archive.read
      .naming(id, 'again')
      .find(
        ({ roles, header: { facts } }) =>
          roles.mine === 'talker' && facts.recipients.some((node) => office.personOf(node) === person),
      );
  }

  /**
   * Drops the old message when its successor is here. This computer may hold both: under its former keys, or without a key. So no message
   * is shown twice, or becomes unheard again.
   */
  #complete(id: MessageId): void {
    const { archive, identity, office, receipts, events } = this.#parts;
    const message = archive.read.get(id);
    const again = message?.header.facts.again;
    const before = again === undefined ? undefined : archive.read.get(again);
    if (message?.roles.mine !== 'recipient' || before?.roles.mine !== 'recipient') return;
    const own = office.personOf(office.self);
    const former = new Set([
      ...identity.former.map(({ nodeId }) => nodeId),
      ...(own === undefined ? [] : office.formerNodesOf(own)),
    ]);
    const { talker, recipients } = before.header.facts;
    if (talker !== message.header.facts.talker || !recipients.some((node) => former.has(node))) return;
    if (before.local.heard !== undefined && archive.markHeard(id)) void receipts.signHeard(id);
    void archive.discard(before.id).then(() => events.emit('changed', undefined));
  }
}

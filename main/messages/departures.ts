import type { Emitter, NodeId } from '../model/index.ts';
import type { MessageReader } from './archive.ts';
import type { CopySync } from './copy-sync.ts';
import type { MessageEvents } from './events.ts';
import type { KeptOfTalkers } from './kept-of-talkers.ts';
import type { MessageSync } from './message-sync.ts';
import type { OutgoingMessages } from './outgoing-messages.ts';
import type { OfficePort } from './ports.ts';

interface DeparturesParts {
  readonly read: MessageReader;
  readonly office: OfficePort;
  readonly outgoing: OutgoingMessages;
  readonly sync: MessageSync;
  readonly copies: CopySync;
  readonly kept: KeptOfTalkers;
  readonly events: Emitter<MessageEvents>;
}

/** Acts at once when the ledger removes a member, this node included. Costs little when nobody was removed. */
export class Departures {
  readonly #parts: DeparturesParts;
  #removed: ReadonlySet<NodeId>;

  constructor(parts: DeparturesParts) {
    this.#parts = parts;
    this.#removed = new Set(parts.office.removed);
  }

  /** To be called when the members may have changed. */
  look(): void {
    const { office, outgoing, sync, events } = this.#parts;
    outgoing.membersChanged();
    const isOut = office.isRemoved(office.self);
    sync.silence((talker) => isOut || !office.isMember(talker));
    const before = this.#removed;
    const now = new Set(office.removed);
    this.#removed = now;
    const changed = new Set([...now, ...before].filter((node) => now.has(node) !== before.has(node)));
    if (changed.size === 0) return;
    this.#parts.kept.recount();
    this.#tellOfOwn(changed);
    events.emit('changed', undefined);
  }

  /** Updates own messages, for which more or fewer recipients count as missing than before. */
  #tellOfOwn(changed: ReadonlySet<NodeId>): void {
    const { read, copies, events } = this.#parts;
    for (const message of read.list({ mine: 'talker' })) {
      if (!message.header.facts.recipients.some((node) => changed.has(node))) continue;
      copies.recipientsChanged(message);
      events.emit('message', message.id);
    }
  }
}

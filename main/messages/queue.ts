import type { Emitter, Header, MessageId, NodeId } from '../model/index.ts';
import type { MessageReader } from './archive.ts';
import type { MessageEvents } from './events.ts';
import type { Floor } from './floor.ts';
import type { MediaPort } from './ports.ts';
import type { ReceiptSync } from './receipt-sync.ts';
import type { Engaged } from './states.ts';

interface QueueParts {
  readonly read: Pick<MessageReader, 'get'>;
  readonly floor: Floor;
  readonly receipts: Pick<ReceiptSync, 'sendProgress'>;
  readonly media: Pick<MediaPort, 'post'>;
  readonly events: Emitter<MessageEvents>;
}

/**
 * The messages that wait for the ear. Their talkers are told to whom the person listens meanwhile, and the person hears that one more
 * talker waits.
 */
export class Queue {
  readonly #parts: QueueParts;
  /** What the talkers of waiting messages were told. */
  readonly #told = new Map<MessageId, string>();

  constructor(parts: QueueParts) {
    this.#parts = parts;
    parts.floor.events.on('changed', () => this.#tell());
  }

  /** Has the message wait for its turn. False: too many wait already. */
  take({ id, talker }: Header): boolean {
    const { floor, events } = this.#parts;
    const isAnother = !floor.awaits(talker) && this.#heard()?.talker !== talker;
    if (!floor.queue(id, talker)) return false;
    this.#report(id, this.#engaged());
    if (isAnother) this.#callForAttention(id);
    events.emit('changed', undefined);
    return true;
  }

  /** A message waits while the own microphone is open for a page: that would be heard in it. */
  #callForAttention(id: MessageId): void {
    const { floor, media, events } = this.#parts;
    if (floor.isHeldByPage) return;
    media.post({ type: 'waiting-tone' });
    events.emit('waits', id);
  }

  #tell(): void {
    const { floor, read } = this.#parts;
    const waiting = new Set(floor.waiting);
    for (const id of [...this.#told.keys()]) if (!waiting.has(id)) this.#told.delete(id);
    if (waiting.size === 0) return;
    const engaged = this.#engaged();
    // Between two voices it is to nobody, and the next one begins at once.
    if (!engaged.isInCall && engaged.listensTo === undefined) return;
    for (const id of waiting)
      if (read.get(id)?.manifest === undefined && this.#told.get(id) !== JSON.stringify(engaged))
        this.#report(id, engaged);
  }

  #report(id: MessageId, engaged: Engaged): void {
    this.#told.set(id, JSON.stringify(engaged));
    this.#parts.receipts.sendProgress(id, 'queued', engaged);
  }

  #engaged(): Engaged {
    if (this.#parts.floor.isInCall) return { isInCall: true };
    const heard = this.#heard();
    return heard ? { listensTo: heard.talker } : {};
  }

  /** Who is heard; undefined: nobody, or what this person said themselves. */
  #heard(): { readonly talker: NodeId } | undefined {
    const { floor, read } = this.#parts;
    const message = floor.heard === undefined ? undefined : read.get(floor.heard);
    return message?.roles.mine === 'talker' ? undefined : message?.header.facts;
  }
}

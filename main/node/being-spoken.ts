import { Emitter, faults, type MessageId, type Schedule } from '../model/index.ts';
import type { Messages } from '../messages/index.ts';

/**
 * A received message of which no fragment came for this long is no longer being spoken: its talker sends one every 10 ms, also of
 * silence. Milliseconds.
 */
const SILENT_MS = 10_000;

interface BeingSpokenParts {
  readonly messages: Pick<Messages, 'events' | 'kept'>;
  readonly schedule: Schedule;
}

/**
 * Which received messages are being spoken now. A message whose talker's computer dies never gets its end, so the lack of an end alone
 * does not say so. Fragments that come again after a silence, as after a change of network, make it spoken again.
 */
export class BeingSpoken {
  readonly events = new Emitter<{ over: MessageId }>((error) => faults.tell('messages being spoken', error));
  readonly #parts: BeingSpokenParts;
  readonly #cancels = new Map<MessageId, () => void>();
  readonly #stops: readonly (() => void)[];

  constructor(parts: BeingSpokenParts) {
    const { events, kept } = parts.messages;
    this.#parts = parts;
    this.#stops = [
      events.on('grown', (id) => this.#grew(id)),
      events.on('message', (id) => {
        const message = kept.get(id);
        if (!message || message.manifest) this.#forget(id);
        // Its header has come, and no fragment yet.
        else if (message.held === 0 && !this.has(id)) this.#grew(id);
      }),
    ];
  }

  has(id: MessageId): boolean {
    return this.#cancels.has(id);
  }

  close(): void {
    for (const stop of this.#stops) stop();
    for (const id of [...this.#cancels.keys()]) this.#forget(id);
  }

  #grew(id: MessageId): void {
    const { messages, schedule } = this.#parts;
    const message = messages.kept.get(id);
    if (!message || message.manifest || message.roles.mine !== 'recipient') return;
    this.#forget(id);
    const over = (): void => {
      this.#cancels.delete(id);
      this.events.emit('over', id);
    };
    this.#cancels.set(id, schedule(over, SILENT_MS));
  }

  #forget(id: MessageId): void {
    this.#cancels.get(id)?.();
    this.#cancels.delete(id);
  }
}

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
  /** `over`: it fell silent, without its end. `changed`: others, or none, are spoken now. */
  readonly events = new Emitter<{ over: MessageId; changed: undefined }>((error) =>
    faults.tell('messages being spoken', error),
  );
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

  /** Whether somebody speaks to this person, whether it sounds here or not. */
  get isAny(): boolean {
    return this.#cancels.size > 0;
  }

  close(): void {
    for (const stop of this.#stops) stop();
    for (const id of [...this.#cancels.keys()]) this.#forget(id);
  }

  #grew(id: MessageId): void {
    const { messages, schedule } = this.#parts;
    const message = messages.kept.get(id);
    if (!message || message.manifest || message.roles.mine !== 'recipient') return;
    const isNew = !this.has(id);
    this.#cancels.get(id)?.();
    const over = (): void => {
      this.#cancels.delete(id);
      this.events.emit('over', id);
      this.events.emit('changed', undefined);
    };
    this.#cancels.set(id, schedule(over, SILENT_MS));
    if (isNew) this.events.emit('changed', undefined);
  }

  #forget(id: MessageId): void {
    const cancel = this.#cancels.get(id);
    if (!cancel) return;
    cancel();
    this.#cancels.delete(id);
    this.events.emit('changed', undefined);
  }
}

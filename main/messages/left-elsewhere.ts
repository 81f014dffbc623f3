import type { MessageId, Schedule } from '../model/index.ts';
import { isBrokenOff, type StoredMessage } from '../store/index.ts';
import type { MessageReader } from './archive.ts';

/** A message that was not heard at the other computer within this time after its end raises a notification here as well, ms. */
const NOTIFY_AFTER_MS = 60_000;

interface LeftElsewhereParts {
  readonly read: MessageReader;
  readonly schedule: Schedule;
  /** The person is notified of it here. */
  readonly notify: (id: MessageId) => void;
}

/**
 * Messages that are kept here without a notification, since their person hears them at another computer of theirs. Where that
 * does not happen, the person is notified here as well: after a while, or at once where the other computer is out of reach.
 */
export class LeftElsewhere {
  readonly #parts: LeftElsewhereParts;
  readonly #left = new Map<MessageId, () => void>();

  constructor(parts: LeftElsewhereParts) {
    this.#parts = parts;
  }

  has(id: MessageId): boolean {
    return this.#left.has(id);
  }

  leave(id: MessageId): void {
    this.#left.get(id)?.();
    this.#left.set(
      id,
      this.#parts.schedule(() => this.#due(id), NOTIFY_AFTER_MS),
    );
  }

  /** The message was heard or deleted. */
  done(id: MessageId): void {
    this.#left.get(id)?.();
    this.#left.delete(id);
  }

  /** The other computer is out of reach: notifies of all of them here. */
  takeBack(): void {
    for (const id of [...this.#left.keys()]) this.#notify(id);
  }

  close(): void {
    for (const cancel of this.#left.values()) cancel();
    this.#left.clear();
  }

  #due(id: MessageId): void {
    const message = this.#parts.read.get(id);
    if (message && goesOn(message)) this.leave(id);
    else this.#notify(id);
  }

  #notify(id: MessageId): void {
    this.done(id);
    this.#parts.notify(id);
  }
}

function goesOn(message: StoredMessage): boolean {
  return message.manifest === undefined && !isBrokenOff(message);
}

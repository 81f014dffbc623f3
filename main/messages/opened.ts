import { NewestMap, type MessageId } from '../model/index.ts';

/** So many are kept open. */
const KEPT = 5000;

interface OpenedParts<T> {
  /** Undefined: it cannot be opened. */
  readonly open: (id: MessageId) => Promise<T | undefined>;
  readonly onOpened: (id: MessageId) => void;
}

/**
 * Something that is sealed like the message to which it belongs, and that is kept open for those who look at it often. Opening takes
 * milliseconds, so each is opened once, one after the other.
 */
export class Opened<T> {
  readonly #parts: OpenedParts<T>;
  /** Undefined: it cannot be opened. */
  readonly #open = new NewestMap<MessageId, T | undefined>(KEPT);
  readonly #opening = new Map<MessageId, Promise<T | undefined>>();
  #last: Promise<unknown> = Promise.resolve();

  constructor(parts: OpenedParts<T>) {
    this.#parts = parts;
  }

  /** Undefined: it is being opened, after which `onOpened` is called; or it cannot be. */
  of(id: MessageId): T | undefined {
    if (!this.#open.has(id)) void this.open(id);
    return this.#open.get(id);
  }

  /** Undefined: it cannot be opened, or was forgotten meanwhile. */
  async open(id: MessageId): Promise<T | undefined> {
    if (this.#open.has(id)) return this.#open.get(id);
    return this.#opening.get(id) ?? this.#begin(id);
  }

  /** It is open from the beginning. */
  put(id: MessageId, value: T): void {
    this.forget(id);
    this.#open.set(id, value);
  }

  forget(id: MessageId): void {
    this.#open.delete(id);
    this.#opening.delete(id);
  }

  #begin(id: MessageId): Promise<T | undefined> {
    const opening = this.#last.then(async () => {
      const value = await this.#parts.open(id).catch(() => undefined);
      if (this.#opening.get(id) !== opening) return undefined;
      this.#opening.delete(id);
      this.#open.set(id, value);
      if (value !== undefined) this.#parts.onOpened(id);
      return value;
    });
    this.#opening.set(id, opening);
    this.#last = opening;
    return opening;
  }
}

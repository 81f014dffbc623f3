import type { MessageId } from '../model/index.ts';

/** Talks that may be mere clicks. Nobody is told of one before it is known to be meant. */
export class UnsureTalks {
  readonly #waiting = new Map<MessageId, (isMeant: boolean) => void>();

  has(id: MessageId): boolean {
    return this.#waiting.has(id);
  }

  /** Resolves with whether that talk is meant as one, once that is known. */
  async decision(id: MessageId): Promise<boolean> {
    return new Promise((resolve) => this.#waiting.set(id, resolve));
  }

  /** It is known now. The first word counts. */
  decide(id: MessageId, isMeant: boolean): void {
    this.#waiting.get(id)?.(isMeant);
    this.#waiting.delete(id);
  }
}

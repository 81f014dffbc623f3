import type { MessageSummary, NodeApi } from '../../preload/api.ts';

/** The last message to this person: whom the tray's menu offers to reply to. */
export class LastSpeaker {
  readonly #api: Pick<NodeApi, 'call'>;
  #message: MessageSummary | null = null;

  constructor(api: Pick<NodeApi, 'call'>) {
    this.#api = api;
  }

  get message(): MessageSummary | null {
    return this.#message;
  }

  spoke(message: MessageSummary): void {
    if (message.direction === 'in' && message.place >= (this.#message?.place ?? 0)) this.#message = message;
  }

  /** After a message was deleted, the one before it is the last one. Resolves with whether it was this one. */
  async forget(id: string): Promise<boolean> {
    if (this.#message?.id !== id) return false;
    this.#message = null;
    await this.ask();
    return true;
  }

  /** Asks the node for the messages that it has. */
  async ask(): Promise<void> {
    for (const message of await this.#api.call('messages').catch(() => [])) this.spoke(message);
  }
}

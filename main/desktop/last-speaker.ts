import type { MessagePosition, MessageSummary, NodeApi } from '../../preload/api.ts';

/** So many messages are asked for at once. */
const PAGE = 100;

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

  /** Asks the node for the last message to this person. */
  async ask(): Promise<void> {
    let before: MessagePosition | undefined;
    for (;;) {
      const page = await this.#api
        .call('messages', { limit: PAGE, ...(before && { before }) })
        .catch(() => []);
      const incoming = page.find(({ direction }) => direction === 'in');
      if (incoming) this.spoke(incoming);
      const last = page[page.length - 1];
      if (incoming || !last || page.length < PAGE) return;
      before = { place: last.place, id: last.id };
    }
  }
}

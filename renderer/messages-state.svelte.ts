import type { MessageSummary } from '../preload/api.ts';
import { compareMessages, isUnheard, placed, without } from './message-order.ts';

/** The messages in the order of display. */
export class MessagesState {
  list = $state.raw<readonly MessageSummary[]>([]);
  /** The message spoken last in this session: the talk bar shows its outcome. */
  lastTalk = $state.raw<MessageSummary | null>(null);
  readonly unheard = $derived(this.list.filter(isUnheard));
  readonly unheardMs = $derived(this.unheard.reduce((sum, { durationMs }) => sum + durationMs, 0));
  /** Whether a live message is in the list; it is on top. */
  readonly live = $derived(this.list[0]?.live ?? false);
  readonly #byId = new Map<string, MessageSummary>();
  #lastTalkId: string | null = null;

  replace(all: readonly MessageSummary[]): void {
    this.#byId.clear();
    for (const message of all) this.#byId.set(message.id, message);
    this.list = [...this.#byId.values()].sort(compareMessages);
  }

  put(message: MessageSummary): void {
    this.list = placed(this.list, message, this.#byId.get(message.id));
    this.#byId.set(message.id, message);
    if (message.id === this.#lastTalkId) this.lastTalk = message;
  }

  remove(id: string): void {
    const message = this.#byId.get(id);
    if (!message) return;
    this.#byId.delete(id);
    this.list = without(this.list, message);
    if (id === this.#lastTalkId) this.lastTalk = null;
  }

  get(id: string): MessageSummary | undefined {
    return this.#byId.get(id);
  }

  /** The person begins to talk: the panel follows that message's outcome. */
  talked(id: string): void {
    if (id === this.#lastTalkId) return;
    this.#lastTalkId = id;
    this.lastTalk = this.#byId.get(id) ?? null;
  }
}

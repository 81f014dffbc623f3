import type { Arguments, MessagePosition, MessageSummary, NodeApi } from '../preload/api.ts';
import { compareMessages, isUnheard, placed, without } from './message-order.ts';
import { MessageSearch } from './message-search.svelte.ts';

/** So many messages are loaded at once, and the most that the node gives in one answer. */
const PAGE = 100;
const MOST = 500;

/** Messages without a gap, and the place before which older ones follow; null: none do. */
interface Pages {
  readonly messages: readonly MessageSummary[];
  readonly before: MessagePosition | null;
}

/** The messages in the order of display: all that are unheard, and of the others the latest, as far as they were scrolled to. */
export class MessagesState {
  list = $state.raw<readonly MessageSummary[]>([]);
  /** The message spoken last in this session: the talk bar shows its outcome. */
  lastTalk = $state.raw<MessageSummary | null>(null);
  readonly unheard = $derived(this.list.filter(isUnheard));
  readonly unheardMs = $derived(this.unheard.reduce((sum, { durationMs }) => sum + durationMs, 0));
  /** Whether a live message is in the list; it is on top. */
  readonly live = $derived(this.list[0]?.live ?? false);
  readonly search: MessageSearch;
  readonly #api: Pick<NodeApi, 'call'>;
  readonly #try: (work: () => Promise<unknown>) => Promise<boolean>;
  readonly #byId = new Map<string, MessageSummary>();
  /** A message that plays though it is older than what is listed. */
  #beside = $state.raw<MessageSummary | null>(null);
  #before = $state.raw<MessagePosition | null>(null);
  /** The messages that changed while a page is on its way, in which they are outdated. null: no page is on its way. */
  #changed: Map<string, MessageSummary | null> | null = null;
  #lastTalkId: string | null = null;

  constructor(api: Pick<NodeApi, 'call'>, attempt: (work: () => Promise<unknown>) => Promise<boolean>) {
    this.#api = api;
    this.#try = attempt;
    this.search = new MessageSearch(api, attempt);
  }

  /** Older messages follow, which `older` loads. */
  get isPart(): boolean {
    return this.#before !== null;
  }

  /** Asks for the latest messages, as many as are listed by now, and for all that are unheard. */
  async latest(): Promise<Pages> {
    const [latest, unheard] = await Promise.all([
      this.#pages({}, Math.max(PAGE, this.list.length)),
      this.#pages({ unheard: true }, Infinity),
    ]);
    return { messages: [...latest.messages, ...unheard.messages], before: latest.before };
  }

  replace({ messages, before }: Pages): void {
    this.#byId.clear();
    this.#before = before;
    this.#add(messages);
  }

  /** Loads the messages that are older than the listed ones. */
  async older(): Promise<void> {
    const before = this.#before;
    if (before === null || this.#changed !== null) return;
    const changed = (this.#changed = new Map<string, MessageSummary | null>());
    await this.#try(async () => {
      const page = await this.#pages({ before }, PAGE);
      // Another list may have been loaded meanwhile.
      if (this.#before !== before) return;
      this.#before = page.before;
      this.#add(page.messages.flatMap((one) => (changed.has(one.id) ? (changed.get(one.id) ?? []) : one)));
    });
    this.#changed = null;
  }

  put(message: MessageSummary): void {
    this.#changed?.set(message.id, message);
    this.search.put(message);
    if (message.id === this.#beside?.id) this.#beside = message;
    const before = this.#byId.get(message.id);
    if (!before && this.#isBeyond(message)) return;
    this.list = placed(this.list, message, before);
    this.#byId.set(message.id, message);
    if (message.id === this.#lastTalkId) this.lastTalk = message;
  }

  remove(id: string): void {
    this.#changed?.set(id, null);
    this.search.remove(id);
    const message = this.#byId.get(id);
    if (!message) return;
    this.#byId.delete(id);
    this.list = without(this.list, message);
    if (id === this.#lastTalkId) this.lastTalk = null;
  }

  get(id: string): MessageSummary | undefined {
    return this.#byId.get(id) ?? (this.#beside?.id === id ? this.#beside : undefined);
  }

  /** Sees to it that `get` knows this message, also where it is older than what is listed. */
  async know(id: string): Promise<void> {
    if (this.get(id)) return;
    const [message] = await this.#api.call('messages', { which: id }).catch(() => []);
    if (message && !this.#byId.has(id)) this.#beside = message;
  }

  /** The person begins to talk: the panel follows that message's outcome. */
  talked(id: string): void {
    if (id === this.#lastTalkId) return;
    this.#lastTalkId = id;
    this.lastTalk = this.#byId.get(id) ?? null;
  }

  /** Whether its place is among the messages that are not loaded. */
  #isBeyond(message: MessageSummary): boolean {
    if (this.#before === null || isUnheard(message) || message.live) return false;
    const { place, id } = this.#before;
    return message.place < place || (message.place === place && message.id < id);
  }

  #add(messages: readonly MessageSummary[]): void {
    for (const message of messages) this.#byId.set(message.id, message);
    this.list = [...this.#byId.values()].sort(compareMessages);
  }

  async #pages(filter: NonNullable<Arguments<'messages'>>, most: number): Promise<Pages> {
    const messages: MessageSummary[] = [];
    let before = filter.before;
    do {
      const limit = Math.min(MOST, most - messages.length);
      const page = await this.#api.call('messages', { ...filter, ...(before && { before }), limit });
      messages.push(...page);
      const last = page[page.length - 1];
      before = last && page.length === limit ? { place: last.place, id: last.id } : undefined;
    } while (before && messages.length < most);
    return { messages, before: before ?? null };
  }
}

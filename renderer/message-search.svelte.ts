import type { MessagePosition, MessageSummary, NodeApi } from '../preload/api.ts';

/** So many messages are looked for, and again when the person has scrolled to the last of them. */
const PAGE = 50;
/** The node is asked once the person has not typed for this long, ms: opening sealed words takes time. */
const ASK_AFTER_MS = 200;

/** Looks among all messages, also those that the panel has not loaded. */
export class MessageSearch {
  query = $state('');
  /** What the node has found so far, the newest first. */
  found = $state.raw<readonly MessageSummary[]>([]);
  isLooking = $state(false);
  /** More may be found. */
  isPart = $state(false);
  readonly #api: Pick<NodeApi, 'call'>;
  readonly #try: (work: () => Promise<unknown>) => Promise<boolean>;
  /** What was found and deleted: that can be undone. */
  readonly #gone = new Set<string>();
  #before: MessagePosition | undefined;
  #wanted = 0;
  /** Counts the questions: an answer to an earlier one is not wanted any more. */
  #round = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(api: Pick<NodeApi, 'call'>, attempt: (work: () => Promise<unknown>) => Promise<boolean>) {
    this.#api = api;
    this.#try = attempt;
  }

  /** The person has typed these words. */
  ask(query: string): void {
    this.query = query;
    this.found = [];
    this.#gone.clear();
    this.#before = undefined;
    this.#wanted = PAGE;
    this.#round++;
    clearTimeout(this.#timer);
    this.isLooking = this.isPart = query.trim() !== '';
    if (this.isLooking) this.#timer = setTimeout(() => void this.#look(), ASK_AFTER_MS);
  }

  /** Looks for further ones. */
  more(): void {
    if (!this.isPart || this.isLooking) return;
    this.#wanted = this.found.length + PAGE;
    void this.#look();
  }

  /** A message has changed, or is back. */
  put(message: MessageSummary): void {
    if (this.#gone.delete(message.id)) this.found = [...this.found, message];
    else if (this.found.some(({ id }) => id === message.id))
      this.found = this.found.map((one) => (one.id === message.id ? message : one));
  }

  remove(id: string): void {
    if (!this.found.some((one) => one.id === id)) return;
    this.found = this.found.filter((one) => one.id !== id);
    this.#gone.add(id);
  }

  async #look(): Promise<void> {
    const round = this.#round;
    const isCurrent = (): boolean => round === this.#round;
    this.isLooking = true;
    const isDone = await this.#try(async () => {
      while (isCurrent() && this.isPart && this.found.length < this.#wanted) await this.#next(isCurrent);
    });
    if (!isCurrent()) return;
    this.isLooking = false;
    if (!isDone) this.isPart = false;
  }

  async #next(isCurrent: () => boolean): Promise<void> {
    const page = { limit: PAGE, ...(this.#before && { before: this.#before }) };
    const { messages, before } = await this.#api.call('findMessages', { words: this.query.trim(), ...page });
    if (!isCurrent()) return;
    this.found = [...this.found, ...messages];
    this.#before = before ?? undefined;
    this.isPart = before !== null;
  }
}

/** More waiting messages than this are told in one notification. */
const MAX_SINGLE = 3;
/** The key of the notification that stands for all. */
export const ALL = 'all';

/** A message that begins or waits, as the node tells it. */
export interface Waiting {
  readonly id: string;
  readonly name: string;
  readonly extension: string;
  readonly number: string;
}

/** `play`: what a click plays. */
export type NoticeOutput =
  | { readonly type: 'show'; readonly key: string; readonly title: string; readonly play: string }
  | { readonly type: 'withdraw'; readonly key: string };

/** Which notifications stand on the screen for the messages that wait. Pure; the caller shows and withdraws them. */
export class WaitingNotices {
  readonly #waiting = new Set<string>();
  #isCollapsed = false;

  add(message: Waiting): readonly NoticeOutput[] {
    if (this.#waiting.has(message.id)) return [];
    const before = [...this.#waiting];
    this.#waiting.add(message.id);
    if (!this.#isCollapsed && this.#waiting.size <= MAX_SINGLE) {
      const title = `${message.name} (${message.extension}) is talking to you — #${message.number}`;
      return [{ type: 'show', key: message.id, title, play: message.id }];
    }
    const withdrawn = this.#isCollapsed ? [] : before.map((key) => ({ type: 'withdraw', key }) as const);
    this.#isCollapsed = true;
    return [...withdrawn, this.#all()];
  }

  /** It was played or deleted. */
  done(id: string): readonly NoticeOutput[] {
    if (!this.#waiting.delete(id)) return [];
    if (!this.#isCollapsed) return [{ type: 'withdraw', key: id }];
    // What was read down in silence is not told again: the count comes right with the next message.
    if (this.#waiting.size > 0) return [];
    this.#isCollapsed = false;
    return [{ type: 'withdraw', key: ALL }];
  }

  #all(): NoticeOutput {
    return { type: 'show', key: ALL, title: `${this.#waiting.size} messages are waiting`, play: 'next' };
  }
}

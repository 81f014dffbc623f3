/** More unheard messages than this share one notification. */
const MAX_SINGLE = 3;
/** The key of the notification for all messages. */
export const ALL = 'all';

/** A message for which the node raised a notification. */
export interface Waiting {
  readonly id: string;
  /** The talker's id as a person. */
  readonly person: string;
  readonly name: string;
  readonly extension: string;
  /** The name of the group that it is for; null: it is for no group. */
  readonly group: string | null;
  readonly number: string;
  /** The diverted person for whom it was meant; null: it was meant for this person. */
  readonly meantFor: string | null;
  /** It is, or was, a page. */
  readonly page: { readonly isUrgent: boolean } | null;
  readonly isOverride: boolean;
  /** null: it is still being spoken. */
  readonly durationMs: number | null;
  /** It has no voice: it was typed, and is read. */
  readonly isAlone: boolean;
  /** What was typed; null: it was spoken, or the words are not here yet. */
  readonly words: string | null;
  /** What an engine understood of it; null: nothing, or not yet. */
  readonly understood: string | null;
  /** The engine is not sure of that. */
  readonly isUnsure: boolean;
}

/** What changes of a message while its notification is shown. */
export type Changing = Pick<Waiting, 'id' | 'durationMs' | 'words' | 'understood' | 'isUnsure'>;

/** One notification: a message, or the number of unheard messages. */
export type Notice =
  | {
      readonly kind: 'one';
      readonly message: Waiting;
      /** The same notification was shown before, and says something else now. */
      readonly isChange?: true;
    }
  | { readonly kind: 'many'; readonly count: number };

export type NoticeOutput =
  | { readonly type: 'show'; readonly key: string; readonly notice: Notice }
  | { readonly type: 'withdraw'; readonly key: string };

/** Decides which notifications are on the screen for the unheard messages. Pure; the caller shows and withdraws them. */
export class WaitingNotices {
  readonly #waiting = new Map<string, Waiting>();
  /** Messages of muted people. */
  readonly #muted = new Map<string, Waiting>();
  #mutedPeople: ReadonlySet<string> = new Set();
  /** Those whose notification has left the screen: the person closed it, or it had its time. */
  readonly #gone = new Set<string>();
  #isCollapsed = false;
  #isQuiet = false;

  add(message: Waiting): readonly NoticeOutput[] {
    if (this.#waiting.has(message.id) || this.#muted.has(message.id)) return [];
    if (this.#mutedPeople.has(message.person)) {
      this.#muted.set(message.id, message);
      return [];
    }
    const before = [...this.#waiting.keys()];
    this.#waiting.set(message.id, message);
    if (this.#isQuiet) return [];
    if (!this.#isCollapsed && this.#waiting.size <= MAX_SINGLE) return [one(message)];
    const withdrawn = this.#isCollapsed ? [] : before.map(withdraw);
    this.#isCollapsed = true;
    return [...withdrawn, this.#all()];
  }

  /** The message has ended, its words have come, or they were understood. A notification that has left the screen stays away. */
  change({ id, ...now }: Changing): readonly NoticeOutput[] {
    const known = this.#waiting.get(id) ?? this.#muted.get(id);
    if (!known || says(known, now)) return [];
    const message = { ...known, ...now };
    if (this.#muted.has(id)) this.#muted.set(id, message);
    else this.#waiting.set(id, message);
    const isShown = this.#waiting.has(id) && !this.#gone.has(id) && !this.#isCollapsed && !this.#isQuiet;
    return isShown ? [again(message)] : [];
  }

  /** The notification with this key has left the screen, and its message still waits. */
  gone(key: string): void {
    if (this.#waiting.has(key)) this.#gone.add(key);
  }

  /** All that is shown of single messages is to be shown again: the screen was locked or unlocked. */
  again(): readonly NoticeOutput[] {
    if (this.#isCollapsed || this.#isQuiet) return [];
    return [...this.#waiting.values()].filter(({ id }) => !this.#gone.has(id)).map(again);
  }

  /** A person has played or deleted the message. */
  done(id: string): readonly NoticeOutput[] {
    this.#muted.delete(id);
    this.#gone.delete(id);
    if (!this.#waiting.delete(id) || this.#isQuiet) return [];
    if (!this.#isCollapsed) return [withdraw(id)];
    // A lower count updates no notification: the next message corrects it.
    if (this.#waiting.size > 0) return [];
    this.#isCollapsed = false;
    return [withdraw(ALL)];
  }

  /** The person saw the notification with this key and wants none of it now: its messages raise no further notification. */
  later(key: string): readonly NoticeOutput[] {
    if (key !== ALL) return this.done(key);
    this.#waiting.clear();
    this.#gone.clear();
    this.#isCollapsed = false;
    return [withdraw(ALL)];
  }

  /** No notifications for a while (do not disturb); one notification afterwards stands for the messages that came meanwhile. */
  quiet(isQuiet: boolean): readonly NoticeOutput[] {
    if (isQuiet === this.#isQuiet) return [];
    this.#isQuiet = isQuiet;
    this.#gone.clear();
    if (isQuiet) {
      const shown = this.#isCollapsed ? [ALL] : [...this.#waiting.keys()];
      this.#isCollapsed = false;
      return shown.map(withdraw);
    }
    const [first] = this.#waiting.values();
    if (!first) return [];
    this.#isCollapsed = this.#waiting.size > 1;
    return [this.#isCollapsed ? this.#all() : one(first)];
  }

  /**
   * Raises no notifications for messages of these people for now. When a person is not muted any more, one notification stands for all
   * messages that came meanwhile.
   */
  mute(people: ReadonlySet<string>): readonly NoticeOutput[] {
    this.#mutedPeople = people;
    const outputs: NoticeOutput[] = [];
    for (const message of [...this.#waiting.values()]) {
      if (!people.has(message.person)) continue;
      outputs.push(...this.done(message.id));
      this.#muted.set(message.id, message);
    }
    const back = [...this.#muted.values()].filter(({ person }) => !people.has(person));
    for (const { id } of back) this.#muted.delete(id);
    const [first] = back;
    if (first && back.length === 1) return [...outputs, ...this.add(first)];
    return first ? [...outputs, ...this.#addAll(back)] : outputs;
  }

  #addAll(messages: readonly Waiting[]): readonly NoticeOutput[] {
    const before = [...this.#waiting.keys()];
    for (const message of messages) this.#waiting.set(message.id, message);
    if (this.#isQuiet) return [];
    const withdrawn = this.#isCollapsed ? [] : before.map(withdraw);
    this.#isCollapsed = true;
    return [...withdrawn, this.#all()];
  }

  #all(): NoticeOutput {
    return { type: 'show', key: ALL, notice: { kind: 'many', count: this.#waiting.size } };
  }
}

function says(known: Waiting, now: Omit<Changing, 'id'>): boolean {
  return (['durationMs', 'words', 'understood', 'isUnsure'] as const).every(
    (fact) => known[fact] === now[fact],
  );
}

function one(message: Waiting): NoticeOutput {
  return { type: 'show', key: message.id, notice: { kind: 'one', message } };
}

function again(message: Waiting): NoticeOutput {
  return { type: 'show', key: message.id, notice: { kind: 'one', message, isChange: true } };
}

function withdraw(key: string): NoticeOutput {
  return { type: 'withdraw', key };
}

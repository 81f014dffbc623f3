import type { MessageSummary } from '../preload/api.ts';

/** What somebody typed or said, to be read out by a screen reader. */
export interface ArrivedText {
  readonly id: string;
  readonly message: MessageSummary;
  readonly text: string;
}

/**
 * Finds each text that comes while the panel is open: once for each message to this person, and of none that was there when the panel
 * was opened. The text may come later than its message: its key is awaited, or an engine writes it down.
 */
export class ArrivedWords {
  /** The ids of messages that were read out. */
  readonly #done = new Set<string>();
  /** The ids of messages that came meanwhile, without their text. */
  readonly #awaited = new Set<string>();
  /** The place of the latest message that was shown: what stands before it, in the list or not loaded, was there. */
  #shownUpTo = -1;

  /** The latest messages, shown anew as a whole. One that is still being spoken is awaited. */
  shown(messages: readonly MessageSummary[]): void {
    for (const { id, live, place } of messages) {
      if (live) this.#awaited.add(id);
      this.#shownUpTo = Math.max(this.#shownUpTo, place);
    }
  }

  /** A message as it is now. Returns the text that has come with it; undefined: there is none that is new. */
  take(message: MessageSummary): ArrivedText | undefined {
    const { id, direction, place } = message;
    if (direction === 'out' || this.#done.has(id)) return undefined;
    if (place <= this.#shownUpTo && !this.#awaited.has(id)) return undefined;
    const text = textOf(message);
    if (text === '') {
      this.#awaited.add(id);
      return undefined;
    }
    this.#awaited.delete(id);
    this.#done.add(id);
    return { id, message, text };
  }
}

/** What was typed, or what an engine understood; empty: nothing is known of it. */
export function textOf({ words, transcript }: Pick<MessageSummary, 'words' | 'transcript'>): string {
  return words?.text ?? transcript?.text ?? '';
}

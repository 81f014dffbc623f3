import { Notification } from 'electron';
import { WaitingNotices, type NoticeOutput, type Waiting } from './waiting-notices.ts';

const BODY = 'Click to hear it from the beginning.';
/** Plain words to the person are as few: a storm of them helps nobody. */
const SAY_AGAIN_AFTER_MS = 10_000;

/** Raises and withdraws the desktop's notifications. A click plays, and opens no window. */
export class Notifications {
  readonly #play: (which: string) => void;
  readonly #log: (line: string) => void;
  readonly #notices = new WaitingNotices();
  /** Kept: a notification that is collected gets no click. */
  readonly #shown = new Map<string, Notification>();
  #saidAt = Number.NEGATIVE_INFINITY;

  constructor(play: (which: string) => void, log: (line: string) => void) {
    this.#play = play;
    this.#log = log;
  }

  waiting(message: Waiting): void {
    this.#put(this.#notices.add(message));
  }

  done(id: string): void {
    this.#put(this.#notices.done(id));
  }

  /** Tells a sentence to somebody who has no window open. */
  say(sentence: string): void {
    const now = performance.now();
    if (now - this.#saidAt < SAY_AGAIN_AFTER_MS) return;
    this.#saidAt = now;
    this.#raise('sentence', { title: 'Corridor', body: sentence, silent: true });
  }

  close(): void {
    for (const key of [...this.#shown.keys()]) this.#withdraw(key);
  }

  #put(outputs: readonly NoticeOutput[]): void {
    for (const output of outputs) {
      if (output.type === 'withdraw') this.#withdraw(output.key);
      else this.#raise(output.key, { title: output.title, body: BODY }, () => this.#play(output.play));
    }
  }

  #raise(key: string, words: Electron.NotificationConstructorOptions, clicked?: () => void): void {
    this.#withdraw(key);
    if (!Notification.isSupported()) return this.#log(`no notifications here: ${words.title ?? ''}`);
    const notification = new Notification(words);
    if (clicked) notification.on('click', clicked);
    notification.on('failed', (_event, error) => this.#log(`a notification could not be shown: ${error}`));
    this.#shown.set(key, notification);
    notification.show();
  }

  #withdraw(key: string): void {
    this.#shown.get(key)?.close();
    this.#shown.delete(key);
  }
}

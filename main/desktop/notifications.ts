import { Notification } from 'electron';
import type { NodeEvent } from '../../preload/api.ts';
import { strings } from './strings.ts';

/** More than these at once are told in one notification. */
const MAX_SEPARATE = 3;

type Told = Extract<NodeEvent, { type: 'notification' }>;

/** The notifications of messages that wait: one each, or one for all when they are many. A click plays, without a window. */
export class Notifications {
  readonly #play: (which: string) => void;
  readonly #waiting = new Map<string, Told>();
  readonly #shown = new Map<string, Notification>();
  #all: Notification | null = null;

  constructor(play: (which: string) => void) {
    this.#play = play;
  }

  onEvent(event: NodeEvent): void {
    if (event.type === 'notification') this.#add(event);
    else if (event.type === 'notification-done') this.#done(event.id);
  }

  /** Says something that is no message: why a key or a click did nothing. */
  say(title: string, body: string): void {
    if (Notification.isSupported()) new Notification({ title, body, silent: true }).show();
  }

  withdrawAll(): void {
    for (const notification of this.#shown.values()) notification.close();
    this.#shown.clear();
    this.#all?.close();
    this.#all = null;
  }

  #add(told: Told): void {
    this.#waiting.set(told.id, told);
    if (!Notification.isSupported()) return;
    if (this.#waiting.size > MAX_SEPARATE) {
      this.#showAll();
      return;
    }
    const title = strings.isTalkingToYou(told.name, told.extension, told.number);
    const notification = new Notification({ title, body: strings.clickToPlay });
    notification.on('click', () => {
      this.#done(told.id);
      this.#play(told.id);
    });
    notification.show();
    this.#shown.set(told.id, notification);
  }

  #showAll(): void {
    this.withdrawAll();
    const names = [...new Set([...this.#waiting.values()].map((told) => told.name))].join(', ');
    this.#all = new Notification({
      title: strings.manyMessages(this.#waiting.size),
      body: strings.clickToPlayFirst(names),
    });
    this.#all.on('click', () => {
      const [first] = this.#waiting.values();
      if (!first) return;
      this.#done(first.id);
      this.#play(first.id);
    });
    this.#all.show();
  }

  #done(id: string): void {
    this.#waiting.delete(id);
    this.#shown.get(id)?.close();
    this.#shown.delete(id);
    if (this.#waiting.size > 0 || this.#all === null) return;
    this.#all.close();
    this.#all = null;
  }
}

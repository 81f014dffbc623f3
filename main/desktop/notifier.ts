import { Notification } from 'electron';

export interface NoticeText {
  readonly title: string;
  readonly body: string;
  /** Its buttons, where the desktop has them. */
  readonly actions: readonly string[];
  /** The desktop's own sound for notifications is left out. */
  readonly isSilent: boolean;
}

/** One notification that stands on the screen. */
export interface Raised {
  /** Resolves when it is gone. Never rejects. */
  withdraw(): Promise<void>;
}

export interface Chosen {
  /** It was clicked. */
  readonly click: () => void;
  /** One of its buttons was, by its place. */
  readonly action: (index: number) => void;
  /** It could not be shown. */
  readonly failed: (why: string) => void;
}

/** How notifications come onto this desktop. `before`: the one whose place it takes. */
export type Notifier = (text: NoticeText, chosen: Chosen, before?: Raised) => Raised;

/**
 * Electron's own: with buttons on macOS and, in recent releases, on Windows. On Linux it has a click alone, so `notify-send` goes
 * before it where it can be had.
 */
export const electronNotifier: Notifier = ({ title, body, actions, isSilent }, chosen, before) => {
  void before?.withdraw();
  if (!Notification.isSupported()) {
    chosen.failed('this desktop shows none');
    return { withdraw: () => Promise.resolve() };
  }
  const notification = new Notification({
    title,
    body,
    silent: isSilent,
    actions: actions.map((text) => ({ type: 'button', text })),
  });
  notification.on('click', chosen.click);
  notification.on('action', (_event, index) => chosen.action(index));
  notification.on('failed', (_event, why) => chosen.failed(why));
  notification.show();
  return {
    withdraw: () => {
      notification.close();
      return Promise.resolve();
    },
  };
};

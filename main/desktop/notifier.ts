import { Notification } from 'electron';

export interface NoticeText {
  readonly title: string;
  readonly body: string;
  /** Labels of its buttons, where the desktop shows buttons. */
  readonly actions: readonly string[];
  /** Plays none of the desktop's sounds. */
  readonly isSilent: boolean;
  /** It says more than before, and is not to catch the person's eye again. */
  readonly isChange?: boolean;
}

/** One notification on the screen. */
export interface RaisedNotification {
  /** Resolves when it is gone. Never rejects. */
  withdraw(): Promise<void>;
}

export interface NotificationEvents {
  /** A person clicked it. */
  readonly click: () => void;
  /** A person clicked the button with this index. */
  readonly action: (index: number) => void;
  /** It has left the screen by itself, or since a person closed it. */
  readonly closed: () => void;
  /** The desktop did not show it. */
  readonly failed: (why: string) => void;
}

/** Shows a notification on this desktop. `before`: the notification that it replaces. */
export type Notifier = (
  text: NoticeText,
  chosen: NotificationEvents,
  before?: RaisedNotification,
) => RaisedNotification;

/**
 * Electron's notifications: with buttons on macOS and, in recent releases, on Windows. On Linux they report only a click, so
 * `notify-send` is preferred where it is installed.
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
  let isWithdrawn = false;
  notification.on('close', () => {
    if (!isWithdrawn) chosen.closed();
  });
  notification.on('failed', (_event, why) => chosen.failed(why));
  notification.show();
  return {
    withdraw: () => {
      isWithdrawn = true;
      notification.close();
      return Promise.resolve();
    },
  };
};

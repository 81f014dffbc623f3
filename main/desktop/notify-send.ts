import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import type { NotificationEvents, NoticeText, Notifier, RaisedNotification } from './notifier.ts';

const ASK_TIMEOUT_MS = 2000;
/** Coreutils' stdbuf: notify-send must write its first line, the id to withdraw the notification by, before it ends. */
const UNBUFFERED = 'stdbuf';
const BUS = ['--session', '--dest', 'org.freedesktop.Notifications'];
const OBJECT = ['--object-path', '/org/freedesktop/Notifications'];

/**
 * Linux: libnotify's program shows notifications with buttons, which Electron cannot. It runs as long as its notification is shown,
 * and prints the button that a person chose. Undefined where notify-send (0.7.10 or later) or a desktop with buttons is missing.
 */
export async function findNotifySend(): Promise<Notifier | undefined> {
  if (process.platform !== 'linux') return undefined;
  const [help, capabilities] = await Promise.all([
    run(UNBUFFERED, ['-oL', 'notify-send', '--help']),
    run('gdbus', ['call', ...BUS, ...OBJECT, '--method', 'org.freedesktop.Notifications.GetCapabilities']),
  ]);
  return help.includes('--action') && capabilities.includes("'actions'") ? notifySend : undefined;
}

const notifySend: Notifier = (text, chosen, before) => {
  if (before instanceof SentNotice) return new SentNotice(text, chosen, before);
  void before?.withdraw();
  return new SentNotice(text, chosen);
};

/** A notification and the notify-send process that shows it. */
class SentNotice implements RaisedNotification {
  readonly #child: ChildProcess;
  #before: SentNotice | undefined;
  /** The desktop's id of it, once it is shown. */
  #id: string | undefined;
  #isWithdrawn = false;
  #isReplaced = false;
  #printed = '';
  /** Resolves once the desktop shows it, or the process has ended. */
  readonly #begun: Promise<void>;
  #begin = (): void => undefined;

  /** Replaces another on the screen, so that nothing flickers. */
  constructor(
    { title, body, actions, isSilent, isChange = false }: NoticeText,
    chosen: NotificationEvents,
    before?: SentNotice,
  ) {
    this.#before = before;
    this.#begun = new Promise((resolve) => (this.#begin = resolve));
    const args = ['--app-name=Corridor', '--hint=string:desktop-entry:corridor', '--print-id', '--wait'];
    if (isSilent) args.push('--hint=boolean:suppress-sound:true');
    // GNOME would show it at full size once more.
    if (isChange && isGnome()) args.push('--urgency=low');
    // The first action is a click on the notification itself. Some desktops list it among the buttons, so its label is the body:
    // with the label of a button there would be two of that name, and the wrong one is chosen.
    args.push(`--action=default=${body}`, ...actions.map((label, index) => `--action=${index}=${label}`));
    if (before && before.#id !== undefined) args.push(`--replace-id=${before.#id}`);
    this.#child = spawn(UNBUFFERED, ['-oL', 'notify-send', ...args, '--', title, escapeMarkup(body)], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    this.#child.stdout?.on('data', (chunk: Buffer) => {
      const lines = `${this.#printed}${chunk.toString()}`.split('\n');
      this.#printed = lines.pop() ?? '';
      for (const line of lines) this.#read(line, actions.length, chosen);
    });
    this.#child.once('error', (error) => {
      this.#begin();
      chosen.failed(error.message);
    });
    this.#child.once('exit', (code) => {
      this.#begin();
      if (this.#isWithdrawn || this.#isReplaced) return;
      if (this.#id === undefined) chosen.failed(`notify-send ended with ${code}`);
      else chosen.closed();
    });
  }

  /**
   * Takes it off the screen, also where the desktop is only about to show it. Its process never outlives that: it would keep whatever
   * it inherited of the app open, and Electron's other processes would wait for its end.
   */
  async withdraw(): Promise<void> {
    this.#isWithdrawn = true;
    const before = this.#before;
    this.#before = undefined;
    await Promise.all([
      Promise.race([this.#begun, delay(ASK_TIMEOUT_MS, undefined, { ref: false })]),
      before?.withdraw(),
    ]);
    const isShown =
      this.#id !== undefined && this.#child.exitCode === null && this.#child.signalCode === null;
    const close = ['org.freedesktop.Notifications.CloseNotification', this.#id ?? ''];
    if (isShown) await run('gdbus', ['call', ...BUS, ...OBJECT, '--method', ...close]);
    this.#child.kill();
  }

  /** @param id of the notification that is shown in its place */
  #giveWay(id: string): void {
    this.#isReplaced = true;
    if (this.#id === id) this.#child.kill();
    else void this.withdraw();
  }

  #read(line: string, buttons: number, chosen: NotificationEvents): void {
    if (this.#id === undefined) {
      this.#id = line;
      this.#begin();
      // The desktop has replaced the other notification: only its process is left.
      if (this.#before) this.#before.#giveWay(line);
      this.#before = undefined;
    } else if (this.#isWithdrawn) return;
    else if (line === 'default') chosen.click();
    else if (Number(line) < buttons) chosen.action(Number(line));
  }
}

/** Elsewhere one of low urgency may be missing from the list of those that the person has not looked at. */
function isGnome(): boolean {
  return /\bgnome\b/i.test(process.env.XDG_CURRENT_DESKTOP ?? '');
}

/** Escapes a text for the body, which may hold markup. */
function escapeMarkup(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}

function run(command: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve) => {
    execFile(command, args, { timeout: ASK_TIMEOUT_MS }, (error, stdout) => resolve(error ? '' : stdout));
  });
}

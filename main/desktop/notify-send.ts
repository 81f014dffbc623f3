import { execFile, spawn } from 'node:child_process';
import type { Notifier } from './notifier.ts';

const ASK_TIMEOUT_MS = 2000;
/** A notification whose daemon does not answer must not keep a process. */
const CLOSE_TIMEOUT_MS = 2000;
const BUS = ['--session', '--dest', 'org.freedesktop.Notifications'];
const OBJECT = ['--object-path', '/org/freedesktop/Notifications'];

/**
 * Linux: libnotify's own program shows notifications with buttons, which Electron cannot. It stays for as long as its notification
 * does and prints what was chosen. Undefined where there is no such program (0.7.10 and later), or no desktop with buttons.
 */
export async function findNotifySend(): Promise<Notifier | undefined> {
  if (process.platform !== 'linux') return undefined;
  const [help, capabilities] = await Promise.all([
    run('notify-send', ['--help']),
    run('gdbus', ['call', ...BUS, ...OBJECT, '--method', 'org.freedesktop.Notifications.GetCapabilities']),
  ]);
  return help.includes('--action') && capabilities.includes("'actions'") ? notifySend : undefined;
}

const notifySend: Notifier = ({ title, body, actions }, chosen) => {
  const args = ['--app-name=Corridor', '--hint=string:desktop-entry:corridor', '--print-id', '--wait'];
  // The first is what a click on the notification itself does.
  args.push('--action=default=', ...actions.map((label, index) => `--action=${index}=${label}`));
  const child = spawn('notify-send', [...args, '--', title, escapeMarkup(body)], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let id: string | undefined;
  let isWithdrawn = false;
  const close = (): void => {
    if (id === undefined) return;
    void run('gdbus', [
      ...['call', ...BUS, ...OBJECT, '--method'],
      ...['org.freedesktop.Notifications.CloseNotification', id],
    ]);
    setTimeout(() => child.kill(), CLOSE_TIMEOUT_MS).unref();
  };
  let printed = '';
  child.stdout.on('data', (chunk: Buffer) => {
    printed += chunk.toString();
    const lines = printed.split('\n');
    printed = lines.pop() ?? '';
    for (const line of lines) {
      if (id === undefined && /^[0-9]+$/.test(line)) {
        id = line;
        if (isWithdrawn) close();
      } else if (isWithdrawn) continue;
      else if (line === 'default') chosen.click();
      else if (Number(line) < actions.length) chosen.action(Number(line));
    }
  });
  child.once('error', (error) => chosen.failed(error.message));
  child.once('exit', (code) => {
    if (id === undefined && !isWithdrawn) chosen.failed(`notify-send ended with ${code}`);
  });
  return {
    withdraw: () => {
      isWithdrawn = true;
      close();
    },
  };
};

/** The body may hold markup; a name is none. */
function escapeMarkup(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}

function run(command: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve) => {
    execFile(command, args, { timeout: ASK_TIMEOUT_MS }, (error, stdout) => resolve(error ? '' : stdout));
  });
}

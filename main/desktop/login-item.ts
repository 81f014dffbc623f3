import { createHash } from 'node:crypto';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { app } from 'electron';
import { whyOf } from '../model/index.ts';
import { defaultProfile } from '../transports/index.ts';
import type { DesktopApi } from './desktop-api.ts';
import { autostartEntry, putAutostart } from './autostart.ts';
import { loginFailed } from './troubles.ts';

/** Follows the setting for start at login: the system starts the app, hidden in the tray, or does not. */
export async function keepLoginItem(
  api: DesktopApi,
  profile: string,
  log: (line: string) => void,
): Promise<void> {
  let kept: boolean | undefined;
  const keep = (wanted: boolean): void => {
    if (wanted === kept) return;
    kept = wanted;
    try {
      setLoginItem(profile, wanted);
      api.setTrouble('login', undefined);
    } catch (error) {
      const why = whyOf(error);
      log(`start at login: ${why}`);
      api.setTrouble('login', loginFailed(why));
    }
  };
  api.onEvent((event) => {
    if (event.type === 'settings') keep(event.settings.startAtLogin);
  });
  keep((await api.call('settings')).startAtLogin);
}

function setLoginItem(profile: string, wanted: boolean): void {
  const isDefault = profile === defaultProfile();
  const [program = process.execPath, ...rest] = ownCommand();
  const args = [...rest, '--hidden', ...(isDefault ? [] : ['--profile', profile])];
  // Each profile has its own entry.
  const name = isDefault
    ? 'corridor'
    : `corridor-${createHash('sha256').update(profile).digest('hex').slice(0, 8)}`;
  if (process.platform === 'linux') {
    const folder = join(process.env['XDG_CONFIG_HOME'] || join(homedir(), '.config'), 'autostart');
    putAutostart(join(folder, `${name}.desktop`), wanted ? autostartEntry([program, ...args]) : undefined);
  } else if (process.platform === 'win32') {
    app.setLoginItemSettings({ openAtLogin: wanted, path: program, args: args.map(forWindows), name });
  } else if (app.isPackaged && isDefault) {
    // macOS starts applications, not command lines.
    app.setLoginItemSettings({ openAtLogin: wanted });
  }
}

/** The command that starts this app: the AppImage's file, or, in a checkout, Electron and the folder. */
function ownCommand(): readonly string[] {
  if (app.isPackaged) return [process.env['APPIMAGE'] ?? process.execPath];
  return [process.execPath, app.getAppPath()];
}

/** Windows keeps one line of text. */
function forWindows(argument: string): string {
  return /[\s"]/.test(argument) ? `"${argument.replace(/"/g, '\\"')}"` : argument;
}

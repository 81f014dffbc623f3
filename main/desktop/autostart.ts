import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * The file that lets the desktop start a program at login (Desktop Entry Specification 1.5).
 * `command`: the program and its arguments, not quoted.
 */
export function autostartEntry(command: readonly string[]): string {
  const lines = [
    '[Desktop Entry]',
    'Type=Application',
    'Name=Corridor',
    'Comment=An office intercom for one LAN',
    `Exec=${command.map(quoted).join(' ')}`,
    'Icon=corridor',
    'Terminal=false',
    'StartupNotify=false',
    'X-GNOME-Autostart-enabled=true',
  ];
  return `${lines.join('\n')}\n`;
}

/** Writes the entry atomically; without one, removes the file. Throws where the folder is not writable. */
export function putAutostart(path: string, entry: string | undefined): void {
  if (entry === undefined) {
    rmSync(path, { force: true });
    return;
  }
  if (contentOf(path) === entry) return;
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const fresh = `${path}.${process.pid}`;
  try {
    writeFileSync(fresh, entry, { mode: 0o644 });
    renameSync(fresh, path);
  } catch (error) {
    rmSync(fresh, { force: true });
    throw error;
  }
}

function contentOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

/** Quoted for the Exec key: the characters of the quoting rule first, then the backslashes of any string value; `%` is `%%`. */
function quoted(argument: string): string {
  if (/[\n\r\0]/.test(argument)) throw new RangeError('no line break in a desktop file');
  const inner = argument
    .replace(/["`$\\]/g, '\\$&')
    .replace(/\\/g, '\\\\')
    .replace(/%/g, '%%');
  return /^[A-Za-z0-9@%+=:,./_-]+$/.test(argument) ? inner : `"${inner}"`;
}

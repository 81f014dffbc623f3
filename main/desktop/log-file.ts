import { createWriteStream, mkdirSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** A log longer than this is put aside at the next start; the one before it is dropped. */
const MAX_BYTES = 1024 * 1024;

/** Writes what happens to `desktop.log` in the profile, and to the terminal, if there is one. A full disk is no trouble. */
export function openLog(profile: string): (line: string) => void {
  const path = join(profile, 'desktop.log');
  try {
    mkdirSync(profile, { recursive: true, mode: 0o700 });
    if (statSync(path).size > MAX_BYTES) renameSync(path, `${path}.old`);
  } catch {
    // It is not there yet.
  }
  const file = createWriteStream(path, { flags: 'a', mode: 0o600 });
  file.on('error', () => undefined);
  process.stderr.on('error', () => undefined);
  return (line) => {
    const text = `${new Date().toISOString()} ${line}\n`;
    if (!file.destroyed) file.write(text);
    process.stderr.write(text);
  };
}

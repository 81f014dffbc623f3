import { rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { app } from 'electron';

/** Runs it as `corridor` of the command line does; the process ends with it. */
export function runCommand(command: readonly string[]): void {
  app.disableHardwareAcceleration();
  // Nothing of Chromium's is kept.
  const folder = join(tmpdir(), `corridor-command-${process.pid}`);
  app.setPath('userData', folder);
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  process.argv.splice(1, process.argv.length, 'corridor', ...command);
  createRequire(import.meta.url)('./corridor.cjs');
}

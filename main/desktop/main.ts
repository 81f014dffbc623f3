import './thread-pool.ts';
import { app, dialog, Menu } from 'electron';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { defaultProfile } from '../faces/index.ts';
import { readArguments } from './arguments.ts';
import { Desktop } from './desktop.ts';
import { strings } from './strings.ts';

/** Leaving in good order takes a moment; a node that cannot is not waited for. */
const CLOSE_TIMEOUT_MS = 8000;

/** The desktop app: one instance for each profile; it lives in the tray, and ends by Quit alone. */
function main(): void {
  const options = readArguments(process.argv, defaultProfile());
  // Chromium's own files, and the lock that makes it one instance a profile.
  const userData = join(options.profile, 'desktop');
  mkdirSync(userData, { recursive: true, mode: 0o700 });
  app.setPath('userData', userData);
  app.setAppUserModelId('office.corridor.desktop');
  if (!app.requestSingleInstanceLock()) {
    app.exit(0);
    return;
  }
  const starting = app.whenReady().then(() => {
    Menu.setApplicationMenu(
      process.platform === 'darwin'
        ? Menu.buildFromTemplate([{ role: 'appMenu' }, { role: 'editMenu' }])
        : null,
    );
    return Desktop.start({ ...options, dist: __dirname, log });
  });
  app.on('second-instance', () => void starting.then((desktop) => desktop.open(), ignore));
  app.on('activate', () => void starting.then((desktop) => desktop.open(), ignore));
  app.on('window-all-closed', () => undefined);
  endInGoodOrder(starting);
  starting.catch((error: Error) => {
    log(error.message);
    dialog.showErrorBox(strings.cannotStart, error.message);
    app.exit(1);
  });
}

function endInGoodOrder(starting: Promise<Desktop>): void {
  let left = false;
  app.on('will-quit', (event) => {
    if (left) return;
    event.preventDefault();
    left = true;
    const late = new Promise<void>((resolve) => setTimeout(resolve, CLOSE_TIMEOUT_MS));
    const closed = starting.then((desktop) => desktop.close(), ignore);
    void Promise.race([closed, late])
      .catch((error: Error) => log(error.message))
      .then(() => app.exit(0));
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => app.quit());
}

function log(line: string): void {
  process.stderr.write(`${line}\n`);
}

function ignore(): void {
  // The start itself tells why it failed.
}

main();

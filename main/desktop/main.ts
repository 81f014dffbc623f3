import './thread-pool.ts';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { app, dialog } from 'electron';
import { parseArguments, type DesktopOptions } from './arguments.ts';
import { Desktop } from './desktop.ts';
import { openLog } from './log-file.ts';

/** Leaving in good order takes a moment; a node that cannot is not waited for. */
const CLOSE_TIMEOUT_MS = 8000;
const APP_ID = 'io.github.corridor.intercom';

function main(): void {
  const options = parseOrExit();
  const { profile } = options;
  const log = openLog(profile);
  // Windows groups windows and notifications by it.
  app.setAppUserModelId(APP_ID);
  // Chromium's own files lie in the profile too, and so does the lock: one instance for each profile.
  const userData = join(profile, 'electron');
  mkdirSync(userData, { recursive: true, mode: 0o700 });
  app.setPath('userData', userData);
  if (!app.requestSingleInstanceLock()) {
    log('Corridor already runs with this profile; its panel is shown.');
    app.exit(0);
    return;
  }
  process.on('unhandledRejection', (reason) =>
    log(`unhandled: ${reason instanceof Error ? (reason.stack ?? '') : String(reason)}`),
  );
  void run(options, log);
}

async function run(options: DesktopOptions, log: (line: string) => void): Promise<void> {
  let desktop: Desktop | undefined;
  const wishes = { open: false };
  let isClosing = false;
  const open = (): void => {
    if (desktop) desktop.open();
    else wishes.open = true;
  };
  app.on('second-instance', open);
  app.on('activate', open);
  // The app lives in the tray.
  app.on('window-all-closed', () => undefined);
  app.on('before-quit', (event) => {
    if (!desktop) return;
    event.preventDefault();
    if (isClosing) return;
    isClosing = true;
    const timer = setTimeout(() => {
      log('Corridor could not leave in good order within 8 s; messages are kept.');
      app.exit(1);
    }, CLOSE_TIMEOUT_MS);
    desktop
      .close()
      .catch((error: unknown) => log(`while leaving: ${String(error)}`))
      .finally(() => {
        clearTimeout(timer);
        app.exit(0);
      });
  });
  await app.whenReady();
  try {
    desktop = await Desktop.start(options, log);
    log('Corridor runs.');
    if (wishes.open) desktop.open();
  } catch (error) {
    const sentence = error instanceof Error ? error.message : String(error);
    log(sentence);
    dialog.showErrorBox('Corridor cannot start', sentence);
    app.exit(1);
  }
}

function parseOrExit(): DesktopOptions {
  try {
    return parseArguments(process.argv.slice(1));
  } catch (error) {
    console.error(`corridor: ${error instanceof Error ? error.message : String(error)}`);
    process.exit(2);
  }
}

main();

import { createRequire } from 'node:module';
import { app } from 'electron';
import { commandOf } from './command.ts';

/**
 * The first file that Electron loads. It is an ES module because Electron runs Node's event loop until one is loaded, and starts
 * Chromium only then. A command has ended the program before that: it needs no display and a fraction of the time.
 */

const load = createRequire(import.meta.url);
const command = app.isPackaged ? commandOf(process.argv) : undefined;

if (command) {
  process.argv.splice(1, process.argv.length, 'corridor', ...command);
  load('./corridor.cjs');
  // The command ends the program.
  await new Promise(() => undefined);
} else if (hasDisplay()) {
  load('./desktop.cjs');
} else {
  // Chromium would end with a segmentation fault.
  console.error('corridor: there is no display here; `corridor node` runs without one.');
  process.exit(1);
}

function hasDisplay(): boolean {
  const { env, platform } = process;
  return platform !== 'linux' || Boolean(env['DISPLAY'] || env['WAYLAND_DISPLAY']);
}

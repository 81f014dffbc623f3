import { createRequire } from 'node:module';
import { app } from 'electron';
import { commandOf } from './command.ts';

/**
 * What Electron loads first. It is an ES module because Electron waits for one to be loaded, and runs Node's event loop meanwhile,
 * before it starts anything of Chromium's: a command is done and the program ended by then, without a display and in a fraction of
 * the time.
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

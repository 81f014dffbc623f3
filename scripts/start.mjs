// npm start: starts the desktop app or, without a display or Electron, the same node with its panel in a browser.
import { join } from 'node:path';
import { build } from './build.mjs';
import { findElectron } from './electron.mjs';
import { root, runHere } from './project.mjs';

const args = process.argv.slice(2);
const hasDisplay =
  process.platform !== 'linux' || Boolean(process.env['DISPLAY'] || process.env['WAYLAND_DISPLAY']);

await build({ ifStale: true });

const electron = hasDisplay ? await findElectron() : { why: 'there is no display here' };
if ('why' in electron) {
  console.log(`start: ${electron.why}; Corridor runs without a desktop, and its panel in your browser.`);
  const panel = args.some((argument) => /^--panel\b/.test(argument)) ? [] : ['--panel'];
  const command = [join(root, 'dist', 'corridor.cjs'), 'node', ...panel, ...args];
  process.exitCode = await runHere(process.execPath, command);
} else {
  // Chromium's sandbox cannot start as root. Only the try-out runtime is started without it.
  const asRoot = electron.testsOnly && process.getuid?.() === 0;
  process.exitCode = await runHere(electron.path, [...(asRoot ? ['--no-sandbox'] : []), root, ...args]);
}

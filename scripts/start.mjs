// npm start: the desktop app; where there is no display or no Electron, the same node without a desktop.
import { join } from 'node:path';
import { build } from './build.mjs';
import { findElectron } from './electron.mjs';
import { root, runHere } from './say.mjs';

const args = process.argv.slice(2);
const hasDisplay =
  process.platform !== 'linux' || Boolean(process.env['DISPLAY'] || process.env['WAYLAND_DISPLAY']);

await build({ ifStale: true, renderer: hasDisplay });

const electron = hasDisplay ? await findElectron() : { why: 'there is no display here' };
if ('why' in electron) {
  console.log(`start: ${electron.why}; running Corridor without a desktop instead.`);
  process.exitCode = await runHere(process.execPath, [join(root, 'dist', 'corridor.cjs'), 'node', ...args]);
} else {
  // Chromium's sandbox cannot start as root; only for try-outs is that a reason to go without it.
  const asRoot = electron.testsOnly && process.getuid?.() === 0;
  process.exitCode = await runHere(electron.path, [...(asRoot ? ['--no-sandbox'] : []), root, ...args]);
}

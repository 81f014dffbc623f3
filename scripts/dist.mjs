// npm run dist [-- electron-builder's arguments]: builds, and makes the packages of this system into release/.
import { join } from 'node:path';
import { build } from './build.mjs';
import { npmElectron } from './electron.mjs';
import { root, runHere } from './say.mjs';

const electron = await npmElectron();
if ('why' in electron) {
  console.error(
    `dist: no package is made: npm's Electron is not here (${electron.why}), and a runtime for tests never goes into an installer.`,
  );
  process.exitCode = 1;
} else {
  await build();
  const builder = join(root, 'node_modules', 'electron-builder', 'cli.js');
  process.exitCode = await runHere(process.execPath, [
    builder,
    '--publish',
    'never',
    ...process.argv.slice(2),
  ]);
}

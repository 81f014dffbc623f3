// npm run dist [-- electron-builder's arguments]: builds, and makes the packages of this system into release/.
import { join } from 'node:path';
import { build } from './build.mjs';
import { npmElectron } from './electron.mjs';
import { root, runHere } from './say.mjs';

/** Of each system, for computers like this one: the sound binding was compiled here. */
const PACKAGES = {
  linux: ['--linux', 'AppImage', 'deb'],
  win32: ['--win', 'nsis'],
  darwin: ['--mac', 'dmg'],
};

const electron = await npmElectron();
if ('why' in electron) {
  console.error(
    `dist: no package is made: npm's Electron is not here (${electron.why}), and a runtime for tests never goes into an installer.`,
  );
  process.exitCode = 1;
} else {
  await build();
  const builder = join(root, 'node_modules', 'electron-builder', 'cli.js');
  const given = process.argv.slice(2);
  const args = given.length > 0 ? given : [...(PACKAGES[process.platform] ?? []), `--${process.arch}`];
  process.exitCode = await runHere(process.execPath, [builder, '--publish', 'never', ...args]);
}

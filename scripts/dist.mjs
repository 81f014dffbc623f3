// npm run dist [-- --publish] [-- electron-builder's arguments]: builds, and makes the packages of this system into release/.
// On Linux x64, if npm's Electron or electron-builder's tools cannot be downloaded, stand-ins are used. Such packages are named try-outs,
// say so when they start, and are never published.
import { dirname, join } from 'node:path';
import { build } from './build.mjs';
import { findElectron } from './electron.mjs';
import { needStandIns, standInTools } from './packaging-tools.mjs';
import { root, runHere } from './project.mjs';

/** The packages of each system, for this processor alone, since the sound binding was compiled here. */
const PACKAGES = {
  linux: ['--linux', 'AppImage', 'deb'],
  win32: ['--win', 'nsis'],
  darwin: ['--mac', 'dmg'],
};
/** Options for try-outs: quick to make, whatever their size. */
const TRYOUT = ['-c.artifactName=${productName}-${version}-tryout-${os}-${arch}.${ext}'].concat([
  '-c.extraMetadata.tryout=true',
  '-c.deb.compression=gz',
]);

const given = process.argv.slice(2);
const isPublish = given.includes('--publish');
const others = given.filter((argument) => argument !== '--publish');
try {
  process.exitCode = await dist();
} catch (error) {
  console.error(`dist: no package is made: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}

async function dist() {
  const electron = await findElectron({ say: console.error });
  if ('why' in electron) throw new Error(electron.why);
  const standIns = await needStandIns(electron);
  if (isPublish && standIns) {
    throw new Error(
      'what stands in for Electron or its tools is for tests and try-outs, and is never published.',
    );
  }
  const env = { ...process.env, ...(standIns ? await standInTools(console.error) : {}) };
  if (standIns) console.error('dist: these packages are try-outs: named so, and not to be published.');
  await build();
  const builder = join(root, 'node_modules', 'electron-builder', 'cli.js');
  const wanted = others.length > 0 ? others : [...(PACKAGES[process.platform] ?? []), `--${process.arch}`];
  const runtime = electron.testsOnly
    ? [`-c.electronDist=${dirname(electron.path)}`, `-c.electronVersion=${electron.version}`]
    : [];
  const publish = isPublish ? ['always', '-c.publish.provider=github'] : ['never'];
  const settings = ['--publish', ...publish, ...(standIns ? TRYOUT : []), ...runtime];
  return runHere(process.execPath, [builder, ...settings, ...wanted], { env });
}

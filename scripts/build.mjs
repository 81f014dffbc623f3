// Builds dist/: the node's bundles (esbuild, CommonJS for Node 20.18 and later) and the panel (vite).
//   --if-stale     only what is older than its sources
//   --no-renderer  the bundles alone
//   --sizes        prints how large each bundle is, and its largest parts
import { chmod, copyFile, mkdir, readdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { isMain, root } from './project.mjs';

const dist = join(root, 'dist');

/** The file that Electron loads first. It is an ES module, for the reason in main/desktop/entry.ts. */
const entryModule = 'main/desktop/entry.ts';

const entries = {
  desktop: 'main/desktop/main.ts',
  corridor: 'main/cli/corridor.ts',
  worker: 'main/media/worker.ts',
  speech: 'main/speech/sherpa-child.ts',
  preload: 'preload/preload.ts',
  demo: 'main/cli/demo.ts',
};

/**
 * Large libraries that few people use. Each becomes an ES module beside the bundle, which is loaded when it is imported, because V8 keeps
 * the whole source text of loaded code in memory.
 */
const apart = { rnnoise: '@jitsi/rnnoise-wasm/dist/rnnoise-sync.js' };

/** Modules that are not bundled: Electron, native bindings, and the synthesiser of the demo (18 MB of WebAssembly). */
const external = ['electron', '*.node', 'naudiodon', 'uiohook-napi', 'koffi', 'espeak-ng'];

const nodeSources = ['main', 'preload', 'i18n', 'native-audio', 'package.json', 'scripts/build.mjs'];
const rendererSources = ['renderer', 'preload', 'i18n', 'package.json', 'scripts/build.mjs'];

/**
 * Builds the requested parts. Every file is written under another name and renamed, so that a node that starts meanwhile never reads an
 * incomplete bundle.
 * @param {{ ifStale?: boolean, renderer?: boolean, sizes?: boolean }} options
 */
export async function build({ ifStale = false, renderer = true, sizes = false } = {}) {
  await mkdir(dist, { recursive: true });
  if (!ifStale || (await isStale('.built-node', nodeSources))) await buildBundles(sizes);
  if (!renderer) return;
  if (!(await exists(join(root, 'renderer/index.html')))) {
    console.log('build: the panel is left out (renderer/index.html is not there)');
  } else if (!ifStale || (await isStale('.built-renderer', rendererSources))) {
    await buildRenderer();
  }
}

async function buildBundles(sizes) {
  const began = new Date();
  const esbuild = await import('esbuild');
  const present = {};
  for (const [name, path] of Object.entries(entries)) {
    if (await exists(join(root, path))) present[name] = join(root, path);
    else console.log(`build: ${name} is left out (${path} is not there)`);
  }
  const common = {
    absWorkingDir: root,
    outdir: dist,
    bundle: true,
    platform: 'node',
    target: 'node20.18',
    // ES modules if a package has both, since unused parts of them can be removed.
    mainFields: ['module', 'main'],
    external,
    legalComments: 'eof',
    // ASCII, and no comments: V8 keeps the source text in memory, and a single character beyond Latin-1 doubles its size (2.1 MB of an idle
    // node instead of 0.6). Lines stay short, so that stack traces show the place.
    charset: 'ascii',
    minifyWhitespace: true,
    lineLimit: 160,
    metafile: true,
    write: false,
    logLevel: 'warning',
  };
  const { outputFiles, metafile } = await esbuild.build({
    ...common,
    entryPoints: present,
    plugins: [leaveApart],
    outExtension: { '.js': '.cjs' },
    format: 'cjs',
    define: { 'import.meta.url': 'importMetaUrl' },
    // A sandboxed preload script has no __filename.
    banner: {
      js: "const importMetaUrl = typeof __filename === 'string' ? require('url').pathToFileURL(__filename).href : '';",
    },
  });
  const entry = await esbuild.build({
    ...common,
    entryPoints: { entry: join(root, entryModule), ...apart },
    outExtension: { '.js': '.mjs' },
    format: 'esm',
  });
  outputFiles.push(...entry.outputFiles);
  for (const file of outputFiles) {
    const temporary = `${file.path}.${process.pid}`;
    await writeFile(temporary, file.contents);
    if (file.path.endsWith('corridor.cjs')) await chmod(temporary, 0o755);
    await rename(temporary, file.path);
  }
  // The library's licence has to be distributed with it, and the file has no comment that contains it.
  await copyFile(join(root, 'node_modules/@jitsi/rnnoise-wasm/LICENSE'), join(dist, 'rnnoise.LICENSE.txt'));
  await stamp('.built-node', began);
  if (sizes) console.log(await describeSizes(esbuild, metafile, outputFiles));
}

/** In the other bundles an import of such a library refers to its own file. */
const leaveApart = {
  name: 'leave-apart',
  setup({ onResolve }) {
    onResolve({ filter: /./ }, ({ path, kind }) => {
      const [name] = Object.entries(apart).find(([, library]) => library === path) ?? [];
      return name && kind !== 'entry-point' ? { path: `./${name}.mjs`, external: true } : undefined;
    });
  },
};

async function buildRenderer() {
  const began = new Date();
  const { build: viteBuild } = await import('vite');
  const { svelte } = await import('@sveltejs/vite-plugin-svelte');
  const target = join(dist, 'renderer');
  const fresh = join(dist, `.renderer-${process.pid}`);
  const old = join(dist, `.renderer-old-${process.pid}`);
  try {
    await viteBuild({
      root: join(root, 'renderer'),
      configFile: false,
      base: './',
      plugins: [svelte()],
      logLevel: 'warn',
      build: {
        target: 'chrome130',
        outDir: fresh,
        emptyOutDir: true,
        modulePreload: false,
        // One file, so that a change of language needs no request, and cannot fail after a new build has replaced the files.
        rolldownOptions: { output: { codeSplitting: false } },
      },
    });
    await rename(target, old).catch(() => undefined);
    await rename(fresh, target);
  } finally {
    await rm(old, { recursive: true, force: true });
    await rm(fresh, { recursive: true, force: true });
  }
  await stamp('.built-renderer', began);
}

/** Sets the files' time to the beginning of the build, so that sources which were saved while it ran are newer. */
async function stamp(name, began) {
  await writeFile(join(dist, name), began.toISOString());
  await utimes(join(dist, name), began, began);
}

async function isStale(name, sources) {
  const built = await stat(join(dist, name)).catch(() => undefined);
  if (!built) return true;
  for (const source of sources) if ((await newest(join(root, source))) > built.mtimeMs) return true;
  return false;
}

/** The time of the latest change below a path. Folders count too, since a removed file changes only its folder. */
async function newest(path) {
  const info = await stat(path).catch(() => undefined);
  if (!info) return 0;
  if (!info.isDirectory()) return info.mtimeMs;
  let latest = info.mtimeMs;
  for (const name of await readdir(path)) {
    if (name.endsWith('.test.ts')) continue;
    latest = Math.max(latest, await newest(join(path, name)));
  }
  return latest;
}

async function describeSizes(esbuild, metafile, outputFiles) {
  const lines = outputFiles.map(
    (file) =>
      `${relative(root, file.path).padEnd(22)} ${(file.contents.length / 1024).toFixed(0).padStart(6)} kB`,
  );
  return `${lines.join('\n')}\n${await esbuild.analyzeMetafile(metafile)}`;
}

async function exists(path) {
  return (await stat(path).catch(() => undefined)) !== undefined;
}

if (isMain(import.meta.url)) {
  const flags = new Set(process.argv.slice(2));
  const known = ['--if-stale', '--no-renderer', '--sizes'];
  const unknown = [...flags].find((flag) => !known.includes(flag));
  if (unknown) {
    console.error(`build: ${unknown} is not known; there are ${known.join(', ')}`);
    process.exit(2);
  }
  try {
    await build({
      ifStale: flags.has('--if-stale'),
      renderer: !flags.has('--no-renderer'),
      sizes: flags.has('--sizes'),
    });
  } catch (error) {
    // During npm's installation a failed build must not fail it: `npm start` and `npm test` build again.
    const installing = process.env['npm_lifecycle_event'] === 'prepare';
    console.error(`build: ${error instanceof Error ? error.message : String(error)}`);
    if (installing) console.error('build: left for later; npm start and npm test build again');
    else process.exitCode = 1;
  }
}

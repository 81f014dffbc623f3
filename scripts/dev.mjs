// npm run dev [-- arguments of the app]: starts Corridor as `npm start` does, and rebuilds and restarts it whenever a source changes.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { watch } from 'node:fs';
import { join } from 'node:path';
import { build } from './build.mjs';
import { root } from './project.mjs';

const FOLDERS = ['main', 'preload', 'i18n', 'native-audio', 'renderer'];
/** Changes within this time are one, ms: an editor writes a file in several steps, and a change of branch writes many files. */
const QUIET_MS = 200;

/** @type {import('node:child_process').ChildProcess | undefined} */
let app;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;
/** The last restart; they run one after the other. */
let work = restart();

for (const folder of FOLDERS) {
  watch(join(root, folder), { recursive: true }, (_event, name) => {
    if (name?.includes('.test.')) return;
    clearTimeout(timer);
    timer = setTimeout(() => (work = work.then(restart)), QUIET_MS);
  });
}
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => work.then(end));

/** Builds, and restarts the app. If the build fails, the running app stays. */
async function restart() {
  try {
    await build({ ifStale: true });
  } catch (error) {
    console.error(`dev: not built: ${error instanceof Error ? error.message : String(error)}`);
    if (app) return;
  }
  await stopApp();
  const started = spawn(process.execPath, [join(root, 'scripts', 'start.mjs'), ...process.argv.slice(2)], {
    stdio: 'inherit',
  });
  app = started;
  // The person quit the app.
  started.once('exit', (code) => app === started && process.exit(code ?? 1));
  console.log('dev: started; a change of a source builds and starts it again');
}

async function stopApp() {
  const running = app;
  app = undefined;
  if (!running) return;
  running.kill('SIGTERM');
  await once(running, 'exit');
}

async function end() {
  await stopApp();
  process.exit();
}

// npm test [-- PATTERN … --no-lint --no-install]: gets what the tests need, builds, and runs every test file whose path
// holds one of the patterns. What could not be had is said in one line, and the tests that need it are skipped.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join, relative, sep } from 'node:path';
import { build } from './build.mjs';
import { findElectron } from './electron.mjs';
import { root, runHere, typescriptNode } from './say.mjs';

/** Debian's names, by what they are for. */
const PACKAGES = {
  'building the sound binding': ['make', 'g++', 'python3'],
  'sound without a sound card': [
    'pulseaudio',
    'pulseaudio-utils',
    'libasound2',
    'libasound2-plugins',
    'espeak-ng',
    'sox',
    'ffmpeg',
  ],
  'a network of hosts': ['iproute2', 'nftables'],
  'reading our packets with other tools': [
    'tshark',
    'gstreamer1.0-tools',
    'gstreamer1.0-plugins-base',
    'gstreamer1.0-plugins-good',
    'gstreamer1.0-plugins-bad',
  ],
  'the desktop app': [
    ...[
      'xvfb',
      'xauth',
      'dbus',
      'dbus-x11',
      'openbox',
      'dunst',
      'tint2',
      'xfce4-panel',
      'libnotify-bin',
      'libglib2.0-bin',
      'xdotool',
      'x11-utils',
      'imagemagick',
    ],
    ...['libgtk-3-0', 'libnss3', 'libgbm1', 'libxss1', 'libatk-bridge2.0-0', 'libcups2', 'libdrm2'],
    ...['libxkbcommon0', 'libnotify4', 'libxtst6', 'libayatana-appindicator3-1'],
  ],
  'the panel in a browser': ['chromium'],
};

const FOLDERS = ['main', 'preload', 'i18n', 'renderer', 'native-audio', 'scripts', 'test'];
/** Tests that compare live sound with what was spoken. Whatever else fails has failed. */
const IN_REAL_TIME = [
  'test/office/lan-voice.test.ts',
  'test/office/sound-test.test.ts',
  'test/office/front-door.test.ts',
  'test/desktop/desktop.test.ts',
  'main/media/worker.live.test.ts',
  'main/media/standard-tools.live.test.ts',
  'native-audio/engine.live.test.ts',
  'native-audio/stall.live.test.ts',
  'native-audio/file-speaker.live.test.ts',
  'test/desktop/panel.test.ts',
  'test/desktop/setup.test.ts',
  'test/desktop/keys.test.ts',
  'test/desktop/toggle-keys.test.ts',
  'test/desktop/tray.test.ts',
  'test/desktop/notifications.test.ts',
  'test/desktop/citizen.test.ts',
  'test/browser/panel-chromium.test.ts',
  'main/node/messages.test.ts',
  'main/cli/message-commands.test.ts',
];
/** A test that takes longer hangs. */
const TEST_TIMEOUT_MS = 300_000;

const flags = process.argv.slice(2).filter((argument) => argument.startsWith('-'));
const patterns = process.argv.slice(2).filter((argument) => !argument.startsWith('-'));
const unknown = flags.find((flag) => flag !== '--no-lint' && flag !== '--no-install');
if (unknown) {
  console.error(`test: ${unknown} is not known; there are --no-lint and --no-install`);
  process.exit(2);
}

const files = await testFiles();
if (files.length === 0) {
  console.error(`test: no test file's path holds ${patterns.join(' or ')}`);
  process.exit(2);
}
if (!flags.includes('--no-install')) await installPackages();
await buildSoundBinding();
await build({ ifStale: true });

const env = {
  ...process.env,
  PATH: `${join(root, 'node_modules', '.bin')}${delimiter}${process.env['PATH']}`,
};
if (files.some((file) => file.includes('desktop'))) {
  const electron = await findElectron({ forTests: true });
  if ('why' in electron) console.log(`test: tests of the desktop app are skipped: ${electron.why}`);
  else env['CORRIDOR_ELECTRON'] = electron.path;
}
// One after the other: sound and latency are measured, and would be heard by each other.
const runner = ['--test', '--test-concurrency=1', `--test-timeout=${TEST_TIMEOUT_MS}`];
process.exitCode = await runTests(files);

/** Runs the files. What failed, where all of it listens in real time, is run again, twice at most, and it is said. */
async function runTests(wanted, left = 2) {
  const failedList = join(mkdtempSync(join(tmpdir(), 'corridor-test-')), 'failed');
  const reporters = [
    ...['--test-reporter=spec', '--test-reporter-destination=stdout'],
    ...[
      `--test-reporter=${join(root, 'scripts', 'failed-files.mjs')}`,
      `--test-reporter-destination=${failedList}`,
    ],
  ];
  const code = await runHere(typescriptNode(), [...runner, ...reporters, ...wanted], { env });
  const failed = readFileSync(failedList, 'utf8').split('\n').filter(Boolean);
  const isRealTime = failed.every((file) => IN_REAL_TIME.some((name) => file.endsWith(name)));
  if (code === 0 || left === 0 || failed.length === 0 || !isRealTime) return code;
  const names = failed.map((file) => relative(root, file)).join(', ');
  console.log(
    `test: ${names}: these listen in real time, which a busy computer disturbs; they are run once more`,
  );
  return runTests(failed, left - 1);
}

/** Every test file that is asked for: the small ones first, then what starts whole nodes. */
async function testFiles() {
  const found = [];
  for (const folder of FOLDERS) await collect(join(root, folder), found);
  return found
    .map((path) => relative(root, path).split(sep).join('/'))
    .filter((path) => patterns.length === 0 || patterns.some((pattern) => path.includes(pattern)))
    .filter((path) => !(flags.includes('--no-lint') && path === 'scripts/lint.test.mjs'));
}

async function collect(folder, found) {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await collect(path, found);
    else if (/\.test\.(ts|mjs)$/.test(entry.name)) found.push(path);
  }
}

async function installPackages() {
  if (process.platform !== 'linux' || !existsSync('/usr/bin/dpkg-query')) return;
  const missing = Object.values(PACKAGES)
    .flat()
    .filter((name) => !isInstalled(name));
  if (missing.length === 0) return;
  if (process.getuid?.() === 0) {
    console.log(`test: installing ${missing.join(' ')}`);
    const apt = { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }, quiet: true };
    await runHere('apt-get', ['-q', 'update'], apt);
    // All at once is quick; one by one, a name that this release does not have keeps nobody from the others.
    const install = ['-q', 'install', '-y', '--no-install-recommends'];
    if ((await runHere('apt-get', [...install, ...missing], apt)) !== 0) {
      for (const name of missing) await runHere('apt-get', [...install, name], apt);
    }
  }
  const still = missing.filter((name) => !isInstalled(name));
  if (still.length > 0) {
    console.log(`test: some tests are skipped without these packages: apt-get install ${still.join(' ')}`);
  }
}

function isInstalled(name) {
  try {
    const status = execFileSync('dpkg-query', ['-W', '-f', '${Status}', name], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return status.toString().endsWith(' installed');
  } catch {
    return false;
  }
}

/** npm goes on without an optional package that it could not compile; with a compiler it can be made up for. */
async function buildSoundBinding() {
  const binding = join(root, 'node_modules', 'naudiodon', 'build', 'Release', 'naudiodon.node');
  if (existsSync(binding)) return;
  const folder = join(root, 'node_modules', 'naudiodon');
  const command = existsSync(folder)
    ? ['rebuild', 'naudiodon']
    : ['install', '--no-save', '--ignore-scripts=false'];
  console.log('test: the sound binding is not built; building it');
  await runHere('npm', command, { quiet: true });
  if (!existsSync(binding)) {
    console.log(
      'test: tests with sound are skipped: the sound binding cannot be built (npm rebuild naudiodon says why)',
    );
  }
}

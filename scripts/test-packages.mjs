// Prepares the system for the tests: Debian's packages, and the compiled sound binding.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root, runHere } from './project.mjs';

/** Debian's packages, by their use. */
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
  'understanding speech': ['pocketsphinx', 'pocketsphinx-en-us'],
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
  'making packages, and installing a deb': [
    ...['squashfs-tools', 'desktop-file-utils', 'xdg-utils', 'libatspi2.0-0', 'libuuid1'],
  ],
  'the panel in a browser': ['chromium'],
};

/**
 * Installs the missing packages: on Debian, as root, and only if `mayInstall`. Prints which ones and how to forbid that, and then which are
 * still missing; their tests are skipped.
 * @param {{ mayInstall: boolean }} options
 */
export async function preparePackages({ mayInstall }) {
  if (process.platform !== 'linux' || !existsSync('/usr/bin/dpkg-query')) return;
  const missing = Object.values(PACKAGES)
    .flat()
    .filter((name) => !isInstalled(name));
  if (missing.length === 0) return;
  if (mayInstall && process.getuid?.() === 0) {
    console.log(`test: installing with apt-get: ${missing.join(' ')} (--no-install forbids it)`);
    await install(missing);
  }
  const still = missing.filter((name) => !isInstalled(name));
  if (still.length > 0) {
    console.log(`test: some tests are skipped without these packages: apt-get install ${still.join(' ')}`);
  }
}

async function install(names) {
  const apt = { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }, quiet: true };
  await runHere('apt-get', ['-q', 'update'], apt);
  // All at once is faster. If that fails, one by one, so that a package which this release lacks does not prevent the others.
  const command = ['-q', 'install', '-y', '--no-install-recommends'];
  if ((await runHere('apt-get', [...command, ...names], apt)) === 0) return;
  for (const name of names) await runHere('apt-get', [...command, name], apt);
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

/**
 * Compiles the sound binding if npm could not: npm continues without an optional package that does not compile.
 * @param {{ mayInstall: boolean }} options
 */
export async function prepareSoundBinding({ mayInstall }) {
  const binding = join(root, 'node_modules', 'naudiodon', 'build', 'Release', 'naudiodon.node');
  if (existsSync(binding)) return;
  if (mayInstall) {
    console.log('test: the sound binding is not built; npm builds it (--no-install forbids it)');
    const command = existsSync(join(root, 'node_modules', 'naudiodon'))
      ? ['rebuild', 'naudiodon']
      : ['install', '--no-save', '--ignore-scripts=false'];
    await runHere('npm', command, { quiet: true });
  }
  if (!existsSync(binding)) {
    console.log(
      'test: tests with sound are skipped: the sound binding is not built (npm rebuild naudiodon says why)',
    );
  }
}

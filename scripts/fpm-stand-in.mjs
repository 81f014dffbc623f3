#!/usr/bin/env node
// Makes a deb with dpkg-deb from the arguments that electron-builder passes to fpm, if fpm cannot be downloaded. Called by electron-builder
// alone (CUSTOM_FPM_PATH). Fails at an unknown argument.
import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';

const one = { type: 'string' };
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    ...Object.fromEntries(
      ['architecture', 'name', 'version', 'maintainer', 'vendor', 'url', 'license', 'description']
        .concat(['package', 'after-install', 'after-remove', 'deb-priority', 'deb-compression', 'category'])
        .map((name) => [name, one]),
    ),
    source: { ...one, short: 's' },
    type: { ...one, short: 't' },
    depends: { ...one, short: 'd', multiple: true },
    'deb-recommends': { ...one, multiple: true },
    force: { type: 'boolean' },
  },
});
if (values.source !== 'dir' || values.type !== 'deb') throw new Error('only folders, and only into a deb');

const control = {
  Package: values.name,
  Version: values.version,
  Architecture: values.architecture,
  Maintainer: values.maintainer,
  Depends: values.depends?.join(', '),
  Recommends: values['deb-recommends']?.join(', '),
  Section: values.category ?? 'default',
  Priority: values['deb-priority'],
  Homepage: values.url,
  Description: values.description,
};
const root = mkdtempSync(join(tmpdir(), 'corridor-deb-'));
try {
  chmodSync(root, 0o755);
  for (const pair of positionals) {
    const at = pair.indexOf('=');
    const target = join(root, pair.slice(at + 1));
    mkdirSync(dirname(target), { recursive: true });
    cpSync(pair.slice(0, at), target, { recursive: true, verbatimSymlinks: true });
  }
  const debian = join(root, 'DEBIAN');
  mkdirSync(debian);
  const fields = Object.entries(control).filter(([, value]) => value !== undefined);
  writeFileSync(join(debian, 'control'), fields.map(([name, value]) => `${name}: ${value}\n`).join(''));
  for (const [script, from] of [
    ['postinst', values['after-install']],
    ['postrm', values['after-remove']],
  ]) {
    copyFileSync(from, join(debian, script));
    chmodSync(join(debian, script), 0o755);
  }
  // gzip is requested for speed, so the fastest level is used.
  const compression =
    values['deb-compression'] === 'gz' ? ['-Zgzip', '-z1'] : [`-Z${values['deb-compression']}`];
  const settings = ['--root-owner-group', ...compression];
  execFileSync('dpkg-deb', [...settings, '--build', root, values.package], { stdio: 'inherit' });
} finally {
  rmSync(root, { recursive: true, force: true });
}

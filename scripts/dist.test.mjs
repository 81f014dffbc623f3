import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { whyNotPack } from './before-pack.mjs';
import { findElectron } from './electron.mjs';
import { root } from './say.mjs';

const runtime = await findElectron({ forTests: true, say: () => undefined });
const pinned = '45.0.0';

function run(args, env = {}) {
  return new Promise((resolve) => {
    const settings = { cwd: root, env: { ...process.env, ...env }, timeout: 60_000 };
    const child = execFile(process.execPath, args, settings, (_error, stdout, stderr) =>
      resolve({ code: child.exitCode, output: stdout + stderr }),
    );
  });
}

test('an installer is made around the pinned Electron alone', () => {
  for (const target of ['AppImage', 'deb', 'nsis', 'dmg']) {
    assert.equal(whyNotPack({ targets: [target], pinned }), undefined);
    assert.equal(whyNotPack({ targets: [target], electronVersion: pinned, pinned }), undefined);
    assert.match(
      String(whyNotPack({ targets: ['dir', target], electronVersion: '22.3.25', pinned })),
      /never/,
    );
    assert.match(String(whyNotPack({ targets: [target], electronDist: '/x', pinned })), /never/);
  }
  assert.match(
    String(whyNotPack({ targets: ['deb'], pinned, foreign: 'linux-arm64' })),
    /for linux-arm64 cannot/,
  );
  assert.equal(
    whyNotPack({ targets: ['dir'], electronDist: '/x', electronVersion: '22.3.25', pinned }),
    undefined,
  );
});

test(
  'electron-builder itself refuses, before anything is packed',
  { skip: process.platform !== 'linux' },
  async () => {
    const out = mkdtempSync(join(tmpdir(), 'corridor-dist-'));
    try {
      const builder = join(root, 'node_modules/electron-builder/cli.js');
      const args = ['--linux', 'deb', `-c.directories.output=${out}`, `-c.electronDist=${out}`];
      const { code, output } = await run([builder, ...args, '-c.electronVersion=22.3.25']);
      assert.notEqual(code, 0);
      assert.match(output, /never goes into an installer/);
      assert.ok(!existsSync(join(out, 'linux-unpacked', 'corridor')));
    } finally {
      rmSync(out, { recursive: true, force: true });
    }
  },
);

test(
  'npm run dist says in one line why not',
  { skip: 'path' in runtime && !runtime.testsOnly && 'npm’s Electron is here' },
  async () => {
    const { code, output } = await run(['scripts/dist.mjs'], { ELECTRON_MIRROR: 'http://127.0.0.1:9/' });
    assert.equal(code, 1);
    assert.match(output, /^dist: no package is made: .* never goes into an installer\.\n$/);
  },
);

test('the icons are what each system reads', () => {
  const ico = readFileSync(join(root, 'build/icon.ico'));
  assert.deepEqual([ico.readUInt16LE(0), ico.readUInt16LE(2)], [0, 1]);
  const sizes = Array.from({ length: ico.readUInt16LE(4) }, (_, index) => ico[6 + 16 * index] || 256);
  assert.ok(sizes.includes(16) && sizes.includes(256), String(sizes));
  const icns = readFileSync(join(root, 'build/icon.icns'));
  assert.equal(icns.toString('latin1', 0, 4), 'icns');
  assert.equal(icns.readUInt32BE(4), icns.length);
  for (const size of [16, 512]) {
    const png = readFileSync(join(root, `build/icons/${size}x${size}.png`));
    assert.deepEqual([png.readUInt32BE(16), png.readUInt32BE(20)], [size, size]);
  }
});

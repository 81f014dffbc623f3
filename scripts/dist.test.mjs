import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { tidyPropertyList } from './after-pack.mjs';
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

test('an installer is made around the pinned Electron, or is a try-out', () => {
  for (const target of ['AppImage', 'deb', 'nsis', 'dmg']) {
    const targets = ['dir', target];
    assert.equal(whyNotPack({ targets, pinned }), undefined);
    assert.equal(whyNotPack({ targets, electronVersion: pinned, pinned }), undefined);
    const other = { targets, electronDist: '/x', electronVersion: '33.2.1', pinned };
    assert.match(String(whyNotPack(other)), /unless as a try-out that is never published/);
    assert.equal(whyNotPack({ ...other, isTryout: true }), undefined);
    assert.match(String(whyNotPack({ targets, pinned, foreign: 'linux-arm64' })), /for linux-arm64 cannot/);
  }
  assert.equal(
    whyNotPack({ targets: ['dir'], electronDist: '/x', electronVersion: '33.2.1', pinned }),
    undefined,
  );
});

test(
  'electron-builder itself refuses a try-out that is not named so or might be published, before anything is packed',
  { skip: process.platform !== 'linux' },
  async () => {
    const out = mkdtempSync(join(tmpdir(), 'corridor-dist-'));
    try {
      const builder = join(root, 'node_modules/electron-builder/cli.js');
      const args = ['--linux', 'deb', `-c.directories.output=${out}`, `-c.electronDist=${out}`];
      const tryout = ['-c.extraMetadata.tryout=true', '-c.artifactName=Corridor-tryout-x.${ext}'];
      for (const publish of [['never'], ['onTag', ...tryout]]) {
        const { code, output } = await run([builder, ...args, '--publish', ...publish]);
        assert.notEqual(code, 0);
        assert.match(output, /unless as a try-out that is never published/);
      }
      assert.ok(!existsSync(join(out, 'linux-unpacked', 'corridor')));
    } finally {
      rmSync(out, { recursive: true, force: true });
    }
  },
);

test(
  'what stands in is not published, and npm run dist says so',
  { skip: 'path' in runtime && !runtime.testsOnly && 'npm’s Electron is here' },
  async () => {
    const { code, output } = await run(['scripts/dist.mjs', '--publish'], {
      ELECTRON_MIRROR: 'http://127.0.0.1:9/',
    });
    assert.equal(code, 1);
    assert.match(output, /^dist: no package is made: what stands in .* is never published\.$/m);
  },
);

test('macOS is asked for the microphone, and for no camera and no insecure loads', () => {
  const key = (name, value) => `<key>${name}</key>${value}`;
  const list = [
    key('NSMicrophoneUsageDescription', '<string>talk</string>'),
    key('NSCameraUsageDescription', '<string>look</string>'),
    key('NSAppTransportSecurity', '<dict><key>NSAllowsArbitraryLoads</key><true/></dict>'),
  ];
  const tidy = tidyPropertyList(`<plist version="1.0"><dict>${list.join('')}</dict></plist>`);
  assert.match(tidy, /NSMicrophoneUsageDescription/);
  assert.doesNotMatch(tidy, /NSCamera|NSAllowsArbitraryLoads/);
});

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

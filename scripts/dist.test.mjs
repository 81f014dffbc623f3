import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { tidyPropertyList } from './after-pack.mjs';
import { whyNotPack } from './before-pack.mjs';
import { root } from './project.mjs';

const pinned = '45.0.0';

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

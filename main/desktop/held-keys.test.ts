import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HeldKeys, type WatchedKey } from './held-keys.ts';
import { RELEASE_SETTLES_MS } from './key-hold.ts';

const none = { altKey: false, ctrlKey: false, metaKey: false, shiftKey: false };
const ctrl = { ...none, ctrlKey: true };
const F9 = 67;
const F10 = 68;
const talk: WatchedKey = { combination: { ...none, keycode: F9 }, action: { kind: 'talk' } };
const next: WatchedKey = { combination: { ...ctrl, keycode: F9 }, action: { kind: 'play-next' } };
const dana: WatchedKey = {
  combination: { ...none, keycode: F10 },
  action: { kind: 'person', extension: '204' },
};
const press = ({ action }: WatchedKey) => [{ type: 'press', action }];
const release = ({ action }: WatchedKey) => [{ type: 'release', action }];

function keys(...watched: readonly WatchedKey[]): HeldKeys {
  const all = new HeldKeys();
  all.use(watched);
  return all;
}

test('each key has its own action; a combination goes before its key alone', () => {
  const all = keys(talk, next, dana);
  assert.deepEqual(all.down(F9, none, 0), press(talk));
  assert.deepEqual(all.down(F10, none, 10), press(dana));
  all.up(F9, 100);
  all.up(F10, 100);
  assert.deepEqual(all.tick(100 + RELEASE_SETTLES_MS), [...release(talk), ...release(dana)]);
  assert.deepEqual(all.down(F9, ctrl, 1000), press(next));
  assert.equal(all.nextAt !== null, true);
});

test('a hold goes on when its modifier is released first', () => {
  const all = keys(talk, next);
  all.down(F9, ctrl, 0);
  assert.deepEqual(all.down(F9, none, 50), []);
  all.up(F9, 60);
  assert.deepEqual(all.tick(60 + RELEASE_SETTLES_MS), release(next));
});

test('unbound keys cause no output and are not kept', () => {
  const all = keys(talk);
  assert.deepEqual(all.down(F10, none, 0), []);
  assert.equal(all.nextAt, null);
  all.use([talk, dana]);
  assert.deepEqual(all.down(F10, none, 1), press(dana));
});

test('a key that a person just chose does not act until it has come up', () => {
  const all = keys(talk);
  all.pause(true);
  assert.deepEqual(all.down(F10, none, 0), []);
  assert.deepEqual(all.down(F9, none, 10), []);
  assert.deepEqual(all.use([talk, dana]), []);
  assert.deepEqual(all.pause(false), []);
  for (let now = 660; now < 3000; now += 33) {
    all.up(F10, now);
    assert.deepEqual(all.down(F10, none, now), []);
  }
  all.up(F10, 3000);
  assert.deepEqual(all.tick(3000 + RELEASE_SETTLES_MS), []);
  assert.deepEqual(all.down(F10, none, 3100), press(dana));
});

test('a hold ends when a person chooses a key, when the keys change, and when the screen is locked', () => {
  for (const end of [
    (all: HeldKeys) => all.pause(true),
    (all: HeldKeys) => all.use([dana]),
    (all: HeldKeys) => all.giveUp(),
  ]) {
    const all = keys(talk);
    all.down(F9, none, 0);
    assert.deepEqual(end(all), release(talk));
    assert.deepEqual(all.giveUp(), []);
    assert.deepEqual(all.down(F9, none, 30), [], 'auto-repeat begins nothing');
  }
});

test('after a release that the system did not report, another combination of the same key acts', () => {
  const all = keys(talk, next);
  all.down(F9, none, 0);
  assert.deepEqual(all.down(F9, ctrl, 60_000), [...release(talk), ...press(next)]);
});

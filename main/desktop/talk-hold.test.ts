import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TalkHold } from './talk-hold.ts';

test('however often the keyboard repeats, there is one press and one release', () => {
  const hold = new TalkHold();
  assert.equal(hold.down(0), 'press');
  for (let at = 500; at < 3000; at += 30) assert.equal(hold.down(at), undefined);
  assert.equal(hold.up(), 'release');
  assert.equal(hold.up(), undefined);
  assert.equal(hold.down(4000), 'press');
});

test('a repeat that stops without a key-up is a lost key-up', () => {
  const hold = new TalkHold();
  hold.down(0);
  for (let at = 500; at <= 1000; at += 100) hold.down(at);
  assert.equal(hold.tick(2900), undefined);
  assert.equal(hold.tick(3100), 'release');
  assert.equal(hold.isDown, false);
});

test('a keyboard that does not repeat, or another key in between, proves nothing', () => {
  const quiet = new TalkHold();
  quiet.down(0);
  assert.equal(quiet.tick(60_000), undefined);
  const typing = new TalkHold();
  typing.down(0);
  for (let at = 500; at <= 1000; at += 100) typing.down(at);
  typing.otherKey();
  assert.equal(typing.tick(60_000), undefined);
  assert.equal(typing.isDown, true);
});

test('nothing is held for more than ten minutes', () => {
  const hold = new TalkHold();
  hold.down(0);
  assert.equal(hold.tick(599_000), undefined);
  assert.equal(hold.tick(600_001), 'release');
});

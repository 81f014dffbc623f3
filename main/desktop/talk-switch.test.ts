import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom } from '../../test/support/seeded-random.ts';
import { LATCH_LIMIT_MS, TalkSwitch, type TalkOutput, type TalkTarget } from './talk-switch.ts';

const talk: TalkTarget = { kind: 'talk' };
const dana: TalkTarget = { kind: 'person', extension: '204' };
const begin = (target: TalkTarget) => [{ type: 'begin', target }];
const end = [{ type: 'end' }];

test('a held key begins and ends a talk; a second key meanwhile does neither', () => {
  const keys = new TalkSwitch();
  assert.deepEqual(keys.press(talk, 0), begin(talk));
  assert.deepEqual(keys.press(dana, 10), []);
  assert.deepEqual(keys.release(dana), []);
  assert.deepEqual(keys.release(talk), end);
  assert.deepEqual(keys.release(talk), []);
  assert.equal(keys.nextAt, null);
});

test('with latching a tap begins a talk, the next ends it, and releases mean nothing', () => {
  const keys = new TalkSwitch();
  keys.latches = true;
  assert.deepEqual(keys.press(talk, 0), begin(talk));
  assert.deepEqual(keys.release(talk), []);
  assert.deepEqual(keys.press(talk, 3000), end);
  assert.deepEqual(keys.release(talk), []);
  assert.deepEqual(keys.press(dana, 6000), begin(dana));
});

test('any talk key ends a latched talk, to any person, also after latching is turned off', () => {
  const keys = new TalkSwitch();
  assert.deepEqual(keys.toggle(dana, 0), begin(dana));
  assert.deepEqual(keys.press(talk, 1000), end);
  assert.deepEqual(keys.release(talk), []);
});

test('a forgotten latched talk ends by itself', () => {
  const keys = new TalkSwitch();
  keys.toggle(talk, 100);
  assert.equal(keys.nextAt, 100 + LATCH_LIMIT_MS);
  assert.deepEqual(keys.tick(99 + LATCH_LIMIT_MS), []);
  assert.deepEqual(keys.tick(100 + LATCH_LIMIT_MS), end);
  assert.equal(keys.nextAt, null);
});

test('after a talk ended otherwise the next press begins one, and giveUp ends it only once', () => {
  const keys = new TalkSwitch();
  keys.latches = true;
  keys.press(talk, 0);
  keys.ended();
  assert.deepEqual(keys.giveUp(), []);
  assert.deepEqual(keys.press(talk, 10), begin(talk));
  assert.deepEqual(keys.giveUp(), end);
  assert.deepEqual(keys.giveUp(), []);
});

test('for any input begin and end alternate (seeded)', () => {
  for (let seed = 1; seed <= 200; seed += 1) {
    const random = seededRandom(seed);
    const keys = new TalkSwitch();
    const out: TalkOutput[] = [];
    let now = 0;
    for (let step = 0; step < 300; step += 1) {
      now += random() * 2000;
      out.push(...keys.tick(now));
      const target = random() < 0.5 ? talk : dana;
      const what = random();
      if (what < 0.1) keys.latches = !keys.latches;
      else if (what < 0.4) out.push(...keys.press(target, now));
      else if (what < 0.7) out.push(...keys.release(target));
      else if (what < 0.95) out.push(...keys.toggle(target, now));
      else out.push(...keys.giveUp());
    }
    out.push(...keys.giveUp());
    out.forEach(({ type }, index) => assert.equal(type, index % 2 === 0 ? 'begin' : 'end', `seed ${seed}`));
    assert.equal(out.length % 2, 0, `seed ${seed}`);
  }
});

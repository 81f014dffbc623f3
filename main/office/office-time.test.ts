import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LocalizedText } from '../../i18n/index.ts';
import { SetTime } from '../../test/support/hand-time.ts';
import type { NodeId } from '../model/index.ts';
import { OfficeTime, wrongClock } from './office-time.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const id = (letter: string) => `${letter.repeat(21)}A` as NodeId;
const [ann, bo, cy] = [id('a'), id('b'), id('c')];

/** A node in an office whose clocks are right; its own is as the test sets it. */
function ground(online: readonly NodeId[] = [ann, bo, cy]) {
  const clock = new SetTime();
  const told: (LocalizedText | undefined)[] = [];
  const time = new OfficeTime({
    ...{ clock, schedule: clock.schedule, random: { fraction: () => 0 }, online: () => online },
    trouble: (text) => void told.push(text),
  });
  const asked: NodeId[] = [];
  const hear = (node: NodeId, aheadMs = 0): void => {
    const right = clock.now() - clock.offsetMs;
    time.heard({ node, wall: right + aheadMs - 1, roundTripMs: 2 }, (one) => void asked.push(one));
  };
  return { clock, time, told, asked, hear };
}

test('a clock that is wrong by more than a minute is a trouble, once two colleagues have shown it', () => {
  const { clock, time, told, asked, hear } = ground();
  clock.offsetMs = -31 * MINUTE_MS;
  hear(ann);
  assert.equal(told.length, 0);
  assert.deepEqual(asked, [bo, cy], 'the others are asked');
  hear(bo);
  assert.deepEqual(
    told.map((text) => text?.sentence),
    ['This computer’s clock is 31 minutes behind the office’s.'],
  );
  assert.equal(time.now(), clock.now() + 31 * MINUTE_MS, 'what the office decides goes by its time');
  hear(cy, 300);
  hear(ann, -200);
  assert.equal(told.length, 1, 'told once');
});

test('it is over as soon as somebody sets the clock, also while no colleague is there', () => {
  const { clock, time, told, hear } = ground();
  clock.offsetMs = 2 * HOUR_MS;
  for (const node of [ann, bo]) hear(node);
  assert.match(told.at(-1)?.sentence ?? '', /2 hours ahead of/);
  clock.offsetMs = 500;
  clock.pass(10_000);
  assert.equal(told.at(-1), undefined);
  assert.equal(time.now(), clock.now());
  assert.deepEqual(clock.dueIn, [], 'nothing is looked at any more');
});

test('a clock that is set to another wrong time is told anew', () => {
  const { clock, told, hear } = ground();
  clock.offsetMs = -31 * MINUTE_MS;
  for (const node of [ann, bo]) hear(node);
  clock.offsetMs = -10 * MINUTE_MS;
  for (const node of [ann, bo]) hear(node);
  assert.deepEqual(
    told.map((text) => text?.phrase.details),
    [31, 10].map((amount) => ({ amount, unit: 'minutes', isAhead: false })),
  );
});

test('a right clock has no trouble beside one that is wrong, even the switch’s', () => {
  const { told, asked, hear } = ground();
  for (let times = 0; times < 5; times += 1) {
    hear(ann, 365 * DAY_MS);
    for (const node of asked.splice(0)) hear(node);
  }
  assert.deepEqual(told, []);
});

test('between two computers nobody knows whose clock is wrong', () => {
  const { clock, told, asked, hear } = ground([ann]);
  clock.offsetMs = -31 * MINUTE_MS;
  for (let times = 0; times < 5; times += 1) hear(ann);
  assert.deepEqual(told, []);
  assert.deepEqual(asked, []);
});

test('who gives no time is asked once a minute', () => {
  const { clock, asked, hear } = ground();
  clock.offsetMs = -31 * MINUTE_MS;
  for (let second = 0; second < 55; second += 5) {
    hear(ann);
    clock.pass(5000);
  }
  assert.deepEqual(asked, [bo, cy]);
  clock.pass(6000);
  hear(ann);
  assert.deepEqual(asked, [bo, cy, bo, cy]);
});

test('nothing is asked where all clocks agree', () => {
  const { asked, hear } = ground();
  hear(ann, 900);
  hear(bo, -900);
  assert.deepEqual(asked, []);
});

test('in another office it is unknown again', () => {
  const { clock, time, told, hear } = ground();
  clock.offsetMs = -31 * MINUTE_MS;
  for (const node of [ann, bo]) hear(node);
  time.forget();
  assert.equal(told.at(-1), undefined);
  assert.equal(time.aheadMs(ann), undefined);
  assert.equal(time.now(), clock.now());
});

test('the sentence names size and direction', () => {
  const says = (ms: number) =>
    wrongClock(ms).sentence.replace(/^This computer’s clock is | the office’s\.$/g, '');
  assert.deepEqual(
    [MINUTE_MS, -90 * MINUTE_MS, 5 * HOUR_MS, -3 * DAY_MS, 365 * DAY_MS, -56 * 365.25 * DAY_MS].map(says),
    [
      ...['1 minute ahead of', '90 minutes behind', '5 hours ahead of', '3 days behind'],
      ...['365 days ahead of', '56 years behind'],
    ],
  );
});

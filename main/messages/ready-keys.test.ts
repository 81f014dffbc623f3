import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HandTime, until } from '../../test/support/hand-time.ts';
import { nextTurn, type KnownNode } from '../model/index.ts';
import { MAX_READY, ReadyKeys } from './ready-keys.ts';

const HOUR_MS = 60 * 60_000;
/** This many people: who they are does not matter here. */
const some = (count: number) => Array.from({ length: count }, () => ({}) as KnownNode);

function ground(wrapped: (sets: readonly (readonly KnownNode[])[]) => Promise<number>) {
  const time = new HandTime();
  const log: string[] = [];
  const rounds: number[][] = [];
  const prepare = (sets: readonly (readonly KnownNode[])[]) => {
    rounds.push(sets.map(({ length }) => length));
    return wrapped(sets);
  };
  const keys = new ReadyKeys({
    ...{ senderKeys: { prepare }, clock: time, schedule: time.schedule },
    log: (line) => void log.push(line),
  });
  /** A round has ended, and the next one is due in this time. */
  const next = async (ms: number) =>
    until(() => time.dueIn.length === 1 && time.dueIn[0] === ms, `due in ${ms}`);
  return { time, log, rounds, keys, next };
}

test('keys are made a second after news, once for all of it, and looked at again each hour', async () => {
  const { time, rounds, keys, next } = ground(() => Promise.resolve(0));
  keys.look(() => [some(9)]);
  time.pass(600);
  keys.look(() => [some(10), some(4)]);
  time.pass(399);
  assert.deepEqual(rounds, []);
  time.pass(1);
  assert.deepEqual(rounds, [[10, 4]]);
  await next(HOUR_MS);
  time.pass(HOUR_MS);
  await next(HOUR_MS);
  assert.equal(rounds.length, 2);
});

test('the more keys were wrapped, the longer nothing is wrapped again, whatever news comes', async () => {
  const { time, rounds, keys, next } = ground(() => Promise.resolve(250));
  keys.look(() => [some(249)]);
  time.pass(1_000);
  await next(HOUR_MS);
  keys.look(() => [some(250)]);
  assert.deepEqual(time.dueIn, [5_000], 'fifty a second');
  time.pass(4_999);
  keys.look(() => [some(251)]);
  time.pass(1);
  assert.deepEqual(rounds, [[249], [251]]);
});

test('there is a bound to what is wrapped ahead: the likeliest come first', () => {
  const { time, rounds, keys } = ground(() => Promise.resolve(0));
  keys.look(() => [some(MAX_READY - 10), some(11), some(6), some(5), some(4)]);
  time.pass(1_000);
  assert.deepEqual(rounds, [[MAX_READY - 10, 6, 4]]);
});

test('a round that lasts is not doubled, and one that fails is reported', async () => {
  let end: (error: Error) => void = () => undefined;
  const { time, log, rounds, keys, next } = ground(() => new Promise((_, reject) => (end = reject)));
  keys.look(() => [some(9)]);
  time.pass(1_000);
  keys.look(() => [some(10)]);
  time.pass(1_000);
  assert.equal(rounds.length, 1);
  end(new Error('no point of P-256'));
  await until(() => log.length > 0, 'the line in the log');
  assert.deepEqual(log, ['A sender key could not be made: no point of P-256']);
  await nextTurn();
  await next(1_000);
});

test('after close nothing is made', () => {
  const { time, rounds, keys } = ground(() => Promise.resolve(0));
  keys.look(() => [some(9)]);
  keys.close();
  keys.look(() => [some(9)]);
  time.pass(HOUR_MS);
  assert.deepEqual([rounds, time.dueIn], [[], []]);
});

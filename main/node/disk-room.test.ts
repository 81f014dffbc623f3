import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { HandTime } from '../../test/support/hand-time.ts';
import { nextTurn } from '../model/index.ts';
import { DiskRoom, type Space } from './disk-room.ts';

const GIGABYTE = 2 ** 30;
const MEGABYTE = 2 ** 20;

/** A disk of 100 GB of which this much is free, bytes; undefined: the system does not say. */
async function ground(t: TestContext, freeBytes: number | undefined, totalBytes = 100 * GIGABYTE) {
  const time = new HandTime();
  const disk: { freeBytes: number | undefined; isRefused: boolean } = { freeBytes, isRefused: false };
  const changes: boolean[] = [];
  const space = async (): Promise<Space | undefined> =>
    disk.freeBytes === undefined ? undefined : { freeBytes: disk.freeBytes, totalBytes };
  const room: DiskRoom = new DiskRoom({
    ...{ space, clock: time, schedule: time.schedule },
    isRefused: () => disk.isRefused,
    changed: () => changes.push(room.isFull),
  });
  t.after(() => room.close());
  await nextTurn();
  const pass = async (ms: number): Promise<void> => {
    for (let step = 0; step < ms; step += 1000) {
      time.pass(1000);
      await nextTurn();
    }
  };
  /** The disk begins or ceases to refuse what is written. */
  const refuse = (isRefused: boolean): void => {
    disk.isRefused = isRefused;
    room.look();
  };
  return { time, disk, room, changes, pass, refuse };
}

test('a disk with little left is full before it refuses anything, and has room again once there is plenty for a while', async (t) => {
  const { disk, room, changes, pass } = await ground(t, GIGABYTE);
  assert.equal(room.isFull, false);
  disk.freeBytes = 20 * MEGABYTE;
  await pass(60_000);
  assert.equal(room.isFull, false, 'that is enough for half an hour of speech');
  disk.freeBytes = 15 * MEGABYTE;
  await pass(10_000);
  assert.equal(room.isFull, true);
  disk.freeBytes = 60 * MEGABYTE;
  await pass(120_000);
  assert.equal(room.isFull, true, 'that is no room that lasts');
  disk.freeBytes = 64 * MEGABYTE;
  await pass(30_000);
  assert.equal(room.isFull, true);
  await pass(20_000);
  assert.equal(room.isFull, false);
  assert.deepEqual(changes, [true, false]);
});

test('a disk that refuses what is written is full at once, also where the system does not say how much is free', async (t) => {
  for (const free of [undefined, GIGABYTE]) {
    const { room, changes, pass, refuse } = await ground(t, free);
    await pass(60_000);
    refuse(true);
    assert.equal(room.isFull, true);
    refuse(false);
    await pass(20_000);
    assert.equal(room.isFull, true, 'perhaps it took no more than one last thing');
    refuse(true);
    refuse(false);
    await pass(25_000);
    assert.equal(room.isFull, true, 'it has just refused again');
    await pass(20_000);
    assert.deepEqual(changes, [true, false]);
  }
});

test('on a small disk shares of it decide', async (t) => {
  const { disk, room, pass } = await ground(t, MEGABYTE, 2 * MEGABYTE);
  assert.equal(room.isFull, false);
  disk.freeBytes = MEGABYTE / 17;
  await pass(10_000);
  assert.equal(room.isFull, true);
  disk.freeBytes = MEGABYTE / 4;
  await pass(50_000);
  assert.equal(room.isFull, false);
});

test('once it is closed it looks no more', async (t) => {
  const { room, time } = await ground(t, GIGABYTE);
  assert.equal(time.dueIn.length, 1);
  room.close();
  assert.deepEqual(time.dueIn, []);
});

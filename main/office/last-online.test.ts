import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HandTime } from '../../test/support/hand-time.ts';
import { SimulatedDisk } from '../../test/support/simulated-disk.ts';
import { nodePorts, type Clock, type NodeId } from '../model/index.ts';
import { LastOnline } from './last-online.ts';

const FILE = '/profile/online.json';
const HOUR_MS = 3_600_000;
const [ann, bob] = ['A', 'Q'].map((letter) => letter.repeat(22) as NodeId) as [NodeId, NodeId];

async function open(disk: SimulatedDisk, time: Clock) {
  const { lastOnline, trouble } = await LastOnline.load(FILE, {
    disk,
    random: nodePorts.random,
    clock: time,
  });
  let changes = 0;
  lastOnline.events.on('changed', () => (changes += 1));
  return { lastOnline, trouble, changes: () => changes };
}

async function newDisk(): Promise<SimulatedDisk> {
  const disk = new SimulatedDisk();
  await disk.makeFolder('/profile');
  await disk.syncFolder('/');
  return disk;
}

test('when somebody was online is known after a restart; of everybody else, since when that is written down', async () => {
  const [disk, time] = [await newDisk(), new HandTime()];
  const { lastOnline } = await open(disk, time);
  const begun = time.now();
  time.pass(5 * HOUR_MS);
  lastOnline.note([ann]);
  const seen = time.now();
  assert.deepEqual([lastOnline.of(ann), lastOnline.of(bob)], [seen, begun]);
  await lastOnline.save();
  time.pass(9 * HOUR_MS);
  const { lastOnline: again } = await open(disk.afterPowerFailure('lost'), time);
  assert.deepEqual([again.of(ann), again.of(bob)], [seen, begun]);
});

test('it changes once an hour at most, and a clock that was ahead is corrected', async () => {
  let now = 1000 * HOUR_MS;
  const clock = { now: () => now, monotonic: () => now };
  const { lastOnline, changes } = await open(await newDisk(), clock);
  lastOnline.note([ann]);
  now += HOUR_MS - 1;
  lastOnline.note([ann]);
  assert.equal(changes(), 1);
  now += 1;
  lastOnline.note([ann]);
  assert.equal(changes(), 2);
  now -= 100 * HOUR_MS;
  lastOnline.note([ann]);
  assert.equal(lastOnline.of(ann), now);
});

test('a damaged file is set aside, which is said, and everybody counts as seen just now', async () => {
  const [disk, time] = [await newDisk(), new HandTime()];
  const { lastOnline } = await open(disk, time);
  lastOnline.note([ann]);
  await lastOnline.save();
  disk.spoil(FILE, () => Buffer.alloc(80));
  time.pass(7 * HOUR_MS);
  const { lastOnline: again, trouble } = await open(disk, time);
  assert.equal(trouble?.code, 'file-damaged');
  assert.equal(again.of(ann), time.now());
});

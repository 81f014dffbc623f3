import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HandTime } from '../../test/support/hand-time.ts';
import { SimulatedDisk } from '../../test/support/simulated-disk.ts';
import { nodePorts, type NodeId } from '../model/index.ts';
import { Starts } from './starts.ts';

const FILE = '/profile/starts.json';
const ann = 'A'.repeat(22) as NodeId;

async function open(disk: SimulatedDisk, time: HandTime) {
  const log: string[] = [];
  const ports = { disk, random: nodePorts.random, clock: time, schedule: time.schedule };
  const { starts, trouble } = await Starts.load(FILE, { ports, log: (line) => void log.push(line) });
  return { starts, log, trouble };
}

async function newDisk(): Promise<SimulatedDisk> {
  const disk = new SimulatedDisk();
  await disk.makeFolder('/profile');
  await disk.syncFolder('/');
  return disk;
}

test('each start has a higher number than every one before, even where the clock was set back or the power failed', async () => {
  const [time, before] = [new HandTime(), new HandTime()];
  time.pass(60_000);
  const disk = await newDisk();
  const { starts } = await open(disk, time);
  const first = await starts.next();
  assert.equal(first, time.now());
  const { starts: again, log } = await open(disk.afterPowerFailure('lost'), before);
  assert.equal(await again.next(), first + 1);
  assert.equal(await again.next(), first + 2, 'joining again is a start, too');
  assert.deepEqual(log, []);
});

test('the highest term of each node is on the disk, written once for several, until the node is forgotten', async () => {
  const [time, disk] = [new HandTime(), await newDisk()];
  const { starts } = await open(disk, time);
  await starts.next();
  const { operations } = disk;
  for (const term of [3, 7, 5]) starts.noteTerm(ann, term);
  assert.equal(disk.operations, operations);
  await starts.close();
  assert.deepEqual(time.dueIn, []);
  const afterwards = disk.afterPowerFailure('lost');
  const { starts: again } = await open(afterwards, time);
  assert.deepEqual([...again.knownTerms], [[ann, 7]]);
  again.forget(ann);
  assert.equal(again.knownTerms.size, 0);
  await again.close();
  const { starts: last } = await open(afterwards.afterPowerFailure('lost'), time);
  assert.equal(last.knownTerms.size, 0);
});

test('a file that is damaged or of a later version is set aside, and a disk that refuses does not stop the node: both are said', async () => {
  const [time, disk] = [new HandTime(), await newDisk()];
  const { starts } = await open(disk, time);
  await starts.next();
  disk.spoil(FILE, () => Buffer.from('{"v":2,"boots":[1]}'));
  assert.match(
    (await open(disk, time)).trouble?.message ?? '',
    /set aside as \/profile\/starts\.json\.newer/,
  );
  await starts.next();
  disk.spoil(FILE, () => Buffer.from('{"v":1,"boot":-1}'));
  const { starts: again, log, trouble } = await open(disk, time);
  assert.match(trouble?.message ?? '', /set aside as \/profile\/starts\.json\.damaged/);
  disk.refuseAt(disk.operations + 1, 'ENOSPC');
  assert.equal(await again.next(), time.now());
  assert.match(log[0] ?? '', /could not be saved/);
});

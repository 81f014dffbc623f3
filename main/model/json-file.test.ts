import assert from 'node:assert/strict';
import test from 'node:test';
import * as v from 'valibot';
import { SimulatedDisk } from '../../test/support/simulated-disk.ts';
import { JsonFile } from './json-file.ts';
import { nodePorts } from './node-ports.ts';

const PATH = '/profile/counted.json';
const schema = v.object({ count: v.number() });

async function counted(): Promise<{ disk: SimulatedDisk; file: JsonFile<{ count: number }> }> {
  const disk = new SimulatedDisk();
  await disk.makeFolder('/profile');
  await disk.syncFolder('/');
  return { disk, file: fileOn(disk) };
}

const fileOn = (disk: SimulatedDisk) =>
  new JsonFile(PATH, (json) => v.parse(schema, json), { ...nodePorts, disk });

void test('a document that is not there is missing; written, it comes back, also after a power failure', async () => {
  const { disk, file } = await counted();
  assert.deepEqual(await file.read(), { kind: 'missing' });
  await file.write({ count: 1 });
  assert.deepEqual(await file.read(), { kind: 'sound', value: { count: 1 } });
  const after = fileOn(disk.afterPowerFailure('lost'));
  assert.deepEqual(await after.read(), { kind: 'sound', value: { count: 1 } });
});

void test('writes that overlap end with the last one', async () => {
  const { disk, file } = await counted();
  await Promise.all([1, 2, 3].map((count) => file.write({ count })));
  assert.deepEqual(await file.read(), { kind: 'sound', value: { count: 3 } });
  assert.deepEqual(await disk.list('/profile'), ['counted.json']);
});

void test('where the disk refuses a write the old content stays, and the next write succeeds', async () => {
  const { disk, file } = await counted();
  await file.write({ count: 1 });
  const before = disk.operations;
  // Made, written, synced, renamed; then the folder is synced.
  for (let at = 1; at <= 4; at++) {
    disk.refuseAt(disk.operations + at, 'ENOSPC');
    await assert.rejects(file.write({ count: 2 }), { code: 'ENOSPC' });
    assert.deepEqual(await file.read(), { kind: 'sound', value: { count: 1 } });
    assert.deepEqual(await disk.list('/profile'), ['counted.json']);
  }
  assert.ok(disk.operations > before);
  await file.write({ count: 3 });
  assert.deepEqual(await file.read(), { kind: 'sound', value: { count: 3 } });
});

void test('a damaged document is set aside, and a new one takes its place', async () => {
  const { disk, file } = await counted();
  for (const text of ['{"count":', '{"count":"one"}']) {
    await file.write({ count: 1 });
    disk.spoil(PATH, () => Buffer.from(text));
    const found = await file.read();
    assert.equal(found.kind, 'damaged');
    assert.equal(await disk.readText(`${PATH}.damaged`), text);
    assert.deepEqual(await file.read(), { kind: 'missing' });
  }
});

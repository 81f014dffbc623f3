import assert from 'node:assert/strict';
import test from 'node:test';
import * as v from 'valibot';
import { SimulatedDisk } from '../../test/support/simulated-disk.ts';
import { documentText } from './document.ts';
import { JsonFile } from './json-file.ts';
import { nodePorts } from './node-ports.ts';

const PATH = '/profile/counted.json';
const schema = v.object({ v: v.literal(1), count: v.number() });
const document = (count: number) => ({ v: 1 as const, count });

async function counted(): Promise<{ disk: SimulatedDisk; file: JsonFile<{ v: 1; count: number }> }> {
  const disk = new SimulatedDisk();
  await disk.makeFolder('/profile');
  await disk.syncFolder('/');
  return { disk, file: fileOn(disk) };
}

const fileOn = (disk: SimulatedDisk) =>
  new JsonFile(
    PATH,
    { field: 'v', version: 1, parse: (content) => v.parse(schema, content) },
    { ...nodePorts, disk },
  );

void test('a document that is not there is missing; written, it comes back, also after a power failure', async () => {
  const { disk, file } = await counted();
  assert.deepEqual(await file.read(), { kind: 'missing' });
  await file.write(document(1));
  assert.deepEqual(await file.read(), { kind: 'sound', value: document(1) });
  const after = fileOn(disk.afterPowerFailure('lost'));
  assert.deepEqual(await after.read(), { kind: 'sound', value: document(1) });
});

void test('writes that overlap end with the last one', async () => {
  const { disk, file } = await counted();
  await Promise.all([1, 2, 3].map((count) => file.write(document(count))));
  assert.deepEqual(await file.read(), { kind: 'sound', value: document(3) });
  assert.deepEqual(await disk.list('/profile'), ['counted.json']);
});

void test('where the disk refuses a write the old content stays, and the next write succeeds', async () => {
  const { disk, file } = await counted();
  await file.write(document(1));
  const before = disk.operations;
  // Made, written, synced, renamed; then the folder is synced.
  for (let at = 1; at <= 4; at++) {
    disk.refuseAt(disk.operations + at, 'ENOSPC');
    await assert.rejects(file.write(document(2)), { code: 'ENOSPC' });
    assert.deepEqual(await file.read(), { kind: 'sound', value: document(1) });
    assert.deepEqual(await disk.list('/profile'), ['counted.json']);
  }
  assert.ok(disk.operations > before);
  await file.write(document(3));
  assert.deepEqual(await file.read(), { kind: 'sound', value: document(3) });
});

void test('a document that is damaged, or of a later version, is set aside, and a new one takes its place', async () => {
  const { disk, file } = await counted();
  const written = documentText(document(1));
  for (const [text, isNewer] of [
    ['', false],
    ['\0'.repeat(90), false],
    ['{"v":1,"count":', false],
    ['{"v":1,"count":"one"}', false],
    [written.replace('"count":1', '"count":3'), false],
    ['{"v":2,"counts":[1]}', true],
  ] as const) {
    await file.write(document(1));
    disk.spoil(PATH, () => Buffer.from(text));
    const aside = `${PATH}.${isNewer ? 'newer' : 'damaged'}`;
    const found = await file.read();
    assert.ok(found.kind === 'aside', text);
    assert.deepEqual([found.aside, found.isNewer], [aside, isNewer]);
    assert.equal(await disk.readText(aside), text);
    assert.deepEqual(await file.read(), { kind: 'missing' });
  }
});

void test('a document that an editor began with a byte order mark, or a version before wrote, is read', async () => {
  const { disk, file } = await counted();
  for (const text of [`\uFEFF${documentText(document(1))}\r\n`, '{"v":1,"count":1}']) {
    await file.write(document(7));
    disk.spoil(PATH, () => Buffer.from(text));
    assert.deepEqual(await file.read(), { kind: 'sound', value: document(1) });
  }
});

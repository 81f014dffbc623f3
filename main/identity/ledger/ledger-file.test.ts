import assert from 'node:assert/strict';
import { chmod, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { tempFolder } from '../../../test/support/temp-folder.ts';
import { nodePorts, type Signed } from '../../model/index.ts';
import { seededRandom } from '../../../test/support/seeded-random.ts';
import { SimulatedDisk, type Survival } from '../../../test/support/simulated-disk.ts';
import { LedgerFile, restore } from './ledger-file.ts';
import { areIn, computer, Office } from './test-office.ts';

const PATH = '/profile/ledger.jsonl';
const TEARINGS = 4;
const office = new Office();
const admitted = Array.from({ length: 6 }, (_, n) =>
  office.admit(computer(0), [office.charter], computer(n + 1)),
);
const statements: readonly Signed[] = [office.charter, ...admitted].map(({ payload, signature }) => ({
  payload,
  signature,
}));

async function written(disk: SimulatedDisk): Promise<void> {
  const { file } = await LedgerFile.open(PATH, disk);
  await file.append(statements);
  await file.close();
}

/** Uses the file for all that it does; what it was promised goes to `promised`. What the disk refuses is appended again. */
async function session(disk: SimulatedDisk, promised: Signed[]): Promise<void> {
  const batches = [
    statements.slice(0, 1),
    statements.slice(1, 4),
    statements.slice(4, 5),
    statements.slice(5),
  ];
  for (const half of [batches.slice(0, 2), batches.slice(2)]) {
    const { file } = await LedgerFile.open(PATH, disk);
    for (const batch of half) {
      await file.append(batch).catch(() => file.append(batch));
      promised.push(...batch);
    }
    await file.close();
  }
}

async function assertPromised(disk: SimulatedDisk, promised: readonly Signed[]): Promise<void> {
  const { file, content } = await LedgerFile.open(PATH, disk);
  const kept = content.statements.map(({ payload }) => payload);
  for (const { payload } of promised) assert.ok(kept.includes(payload), 'a promised statement is lost');
  // Whatever was not promised is appended again, and is there afterwards.
  await file.append(statements);
  await file.close();
  const again = await LedgerFile.open(PATH, disk);
  assert.deepEqual(again.content.statements.slice(-statements.length), statements);
  assert.equal(again.content.tornBytes, 0);
}

/** Like `session`, and between its halves the file is written anew without what it should not hold any more. */
async function rewritingSession(disk: SimulatedDisk, promised: Signed[]): Promise<void> {
  const { file } = await LedgerFile.open(PATH, disk);
  for (const batch of [statements.slice(0, 2), statements.slice(2, 5)]) {
    await file.append(batch).catch(() => file.append(batch));
    promised.push(...batch);
  }
  promised.splice(3, 1);
  const kept = [...promised];
  await file.rewrite(kept).catch(() => file.rewrite(kept));
  for (const batch of [statements.slice(5, 6), statements.slice(6)]) {
    await file.append(batch).catch(() => file.append(batch));
    promised.push(...batch);
  }
  await file.close();
}

async function operationsOfOneSession(use = session): Promise<number> {
  const disk = new SimulatedDisk();
  await use(disk, []);
  return disk.operations;
}

for (const [use, when] of [
  [session, 'appended'],
  [rewritingSession, 'appended, and written anew'],
] as const) {
  void test(`whenever the power fails while statements are ${when}, all that were promised are there afterwards`, async () => {
    const operations = await operationsOfOneSession(use);
    assert.ok(operations > 12, String(operations));
    const survivals: Survival[] = [
      'lost',
      'kept',
      ...Array.from({ length: TEARINGS }, () => 'torn' as const),
    ];
    for (let at = 1; at <= operations + 1; at++) {
      const disk = new SimulatedDisk();
      disk.failPowerAt(at);
      const promised: Signed[] = [];
      await use(disk, promised).catch((error: NodeJS.ErrnoException) => assert.equal(error.code, 'EIO'));
      for (const [index, survival] of survivals.entries()) {
        const left = disk.afterPowerFailure(survival, seededRandom(at * 97 + index));
        await assertPromised(left, promised).catch((cause: Error) => {
          throw new Error(`power failed at operation ${at} of ${operations}, ${survival}, ${index}`, {
            cause,
          });
        });
      }
    }
  });

  for (const code of ['ENOSPC', 'EIO'])
    void test(`whichever operation is refused with ${code} while statements are ${when}, nothing promised is lost`, async () => {
      const operations = await operationsOfOneSession(use);
      for (let at = 1; at <= operations; at++) {
        const disk = new SimulatedDisk();
        disk.refuseAt(at, code);
        const promised: Signed[] = [];
        await use(disk, promised).catch((error: NodeJS.ErrnoException) => assert.equal(error.code, code));
        await assertPromised(disk.afterPowerFailure('kept'), promised);
        await assertPromised(disk.afterPowerFailure('lost'), promised);
      }
    });
}

void test('a file that was written anew holds what it was given and what was appended since, and nothing else', async () => {
  const disk = new SimulatedDisk();
  const { file } = await LedgerFile.open(PATH, disk);
  await file.append(statements);
  const kept = statements.toSpliced(2, 3);
  await Promise.all([file.rewrite(kept), file.append([statements[3]!])]);
  assert.equal(file.lines, kept.length + 1);
  await file.close();
  const { content } = await LedgerFile.open(PATH, disk.afterPowerFailure('lost'));
  assert.deepEqual(content.statements, [...kept, statements[3]]);
});

void test('a full disk refuses, and what was half written is no line afterwards', async () => {
  const disk = new SimulatedDisk();
  await written(disk);
  const { file } = await LedgerFile.open(PATH, disk);
  disk.capacityBytes = (await disk.size(PATH)) + 100;
  await assert.rejects(file.append(statements), { code: 'ENOSPC' });
  disk.capacityBytes = Infinity;
  await file.append(statements.slice(0, 1));
  await file.close();
  const { content } = await LedgerFile.open(PATH, disk);
  assert.deepEqual(content, { statements: [...statements, statements[0]], damaged: [], tornBytes: 0 });
});

void test('a torn last line is cut, and the next statement stands on a line of its own', async () => {
  const disk = new SimulatedDisk();
  await written(disk);
  disk.spoil(PATH, (content) => content.subarray(0, content.length - 10));
  const opened = await LedgerFile.open(PATH, disk);
  assert.deepEqual(opened.content.statements, statements.slice(0, -1));
  assert.ok(opened.content.tornBytes > 0);
  await opened.file.append(statements.slice(-1));
  assert.deepEqual((await LedgerFile.open(PATH, disk)).content, { statements, damaged: [], tornBytes: 0 });
});

void test('a last statement that is whole but for its newline is kept', async () => {
  const disk = new SimulatedDisk();
  await written(disk);
  disk.spoil(PATH, (content) => content.subarray(0, content.length - 1));
  const opened = await LedgerFile.open(PATH, disk);
  await opened.file.append(statements.slice(0, 1));
  const { content } = await LedgerFile.open(PATH, disk);
  assert.deepEqual(content, { statements: [...statements, statements[0]], damaged: [], tornBytes: 0 });
});

void test('a damaged line keeps its neighbours, stays in the file, and is handed out', async () => {
  const disk = new SimulatedDisk();
  await written(disk);
  const lines = (await disk.readText(PATH)).split('\n');
  const before = lines.slice(0, 3).join('\n').length;
  disk.spoil(PATH, (content) => content.fill(0xff, before + 1, before + 9));
  for (let time = 0; time < 2; time++) {
    const { content } = await LedgerFile.open(PATH, disk);
    assert.deepEqual(content.statements, statements.toSpliced(3, 1));
    assert.equal(content.damaged.length, 1);
    assert.ok(lines[3]?.endsWith(content.damaged[0]!.slice(-50)));
  }
});

void test('a statement that was changed on the disk is refused, and what came after it waits until it has come again', () => {
  const guest = office.admit(computer(1), [admitted[0]!], computer(10));
  const spoilt = { ...admitted[0]!, payload: admitted[0]!.payload.replace('"v":1', '"v": 1') };
  const ledger = office.ledger();
  const { waiting, refused } = restore(ledger, [spoilt, guest, admitted[1]!]);
  assert.deepEqual([waiting, refused], [[guest], [spoilt]]);
  assert.deepEqual(areIn(ledger, computer(10), computer(2)), [false, true]);
  ledger.add(admitted[0]!);
  assert.deepEqual(areIn(ledger, computer(10)), [true]);
});

void test('a file of which the order was turned round is restored whole', () => {
  const chain = [office.charter];
  for (let n = 0; n < 600; n++) chain.push(office.say(computer(0), chain.slice(-1), 'later'));
  const ledger = office.ledger();
  const turned = [...chain.slice(2), chain[1]!];
  assert.deepEqual(restore(ledger, turned), { waiting: [], refused: [] });
  assert.equal(ledger.size, chain.length);
});

void test('appends that come at once all resolve, in their order', async () => {
  const disk = new SimulatedDisk();
  const { file } = await LedgerFile.open(PATH, disk);
  await Promise.all(statements.map((statement) => file.append([statement])));
  assert.deepEqual((await LedgerFile.open(PATH, disk)).content.statements, statements);
});

void test('on the computer’s own disk only the owner may read it; looser rights are repaired, and told of', async () => {
  const folder = tempFolder('ledger');
  const path = join(folder, 'ledger.jsonl');
  const told: string[] = [];
  const open = () => LedgerFile.open(path, nodePorts.disk, (sentence) => told.push(sentence));
  const { file } = await open();
  await file.append(statements);
  await file.close();
  assert.equal((await readFile(path, 'utf8')).trim().split('\n').length, statements.length);
  assert.deepEqual(told, []);
  if (process.platform === 'win32') return;
  assert.equal((await stat(path)).mode & 0o777, 0o600);
  await chmod(path, 0o644);
  await (await open()).file.close();
  assert.equal((await stat(path)).mode & 0o777, 0o600);
  assert.equal(told.length, 1);
});

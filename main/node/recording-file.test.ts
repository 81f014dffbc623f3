import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readOgg } from '../../test/support/ogg.ts';
import { seededRandom } from '../../test/support/seeded-random.ts';
import { SimulatedDisk } from '../../test/support/simulated-disk.ts';
import type { Disk } from '../model/index.ts';
import { fileName, RecordingFile } from './recording-file.ts';

const AT = new Date(2026, 4, 20, 9, 5, 31).getTime();
const NAME = '2026-05-20 09.05.31 Bo Li.ogg';
const part = (n: number): Uint8Array[] =>
  Array.from({ length: 50 }, (_, i) => new Uint8Array(80).fill((n * 50 + i) % 250));

async function read(disk: Disk, path: string): Promise<Buffer> {
  const file = await disk.open(path, 'r');
  const { size } = await file.stat();
  const bytes = Buffer.alloc(size);
  await file.read(bytes, 0, size, 0);
  await file.close();
  return bytes;
}

function ground(disk = new SimulatedDisk()) {
  const failures: (string | undefined)[] = [];
  const open = () =>
    RecordingFile.open({
      ...{ disk, folder: '/home/ann/calls', name: 'Bo Li', at: AT },
      failed: ({ code }) => failures.push(code),
    });
  return { disk, failures, open };
}

describe('the file of a recording', () => {
  it('holds all that came, and its end', async () => {
    const { disk, failures, open } = ground();
    const file = await open();
    for (let n = 0; n < 7; n++) file.add(part(n));
    await file.close();
    assert.equal(file.path, `/home/ann/calls/${NAME}`);
    const { packets, isEnded } = readOgg(await read(disk, file.path));
    assert.deepEqual([packets.length, isEnded, file.durationMs, failures], [350, true, 3500, []]);
  });

  it('replaces no other one', async () => {
    const { disk, open } = ground();
    const first = await open();
    const second = await open();
    second.add(part(0));
    await Promise.all([first.close(), second.close()]);
    assert.equal(second.path, '/home/ann/calls/2026-05-20 09.05.31 Bo Li (2).ogg');
    assert.equal(readOgg(await read(disk, first.path)).packets.length, 0);
  });

  it('is gone where nothing was recorded', async () => {
    const { disk, open } = ground();
    const file = await open();
    await file.discard();
    assert.deepEqual(await disk.list('/home/ann/calls'), []);
  });

  it('plays up to where the disk was full, and that is told once', async () => {
    const { disk, failures, open } = ground();
    const file = await open();
    file.add(part(0));
    file.add(part(1));
    await file.close();
    const size = await disk.size(file.path);
    const full = ground(new SimulatedDisk());
    full.disk.capacityBytes = size + 1000;
    const cut = await full.open();
    for (let n = 0; n < 5; n++) cut.add(part(n));
    await cut.close();
    const { packets } = readOgg(await read(full.disk, cut.path));
    assert.deepEqual([packets.length, cut.durationMs, full.failures], [100, 1000, ['ENOSPC']]);
    assert.deepEqual(failures, []);
  });

  it('is refused, and leaves nothing, where the disk takes not even its beginning', async () => {
    const whole = ground();
    await (await whole.open()).close();
    let refused = 0;
    for (let operation = 1; operation <= whole.disk.operations; operation++) {
      const { disk, open } = ground();
      disk.refuseAt(operation, 'ENOSPC');
      const error = await open().then(
        () => undefined,
        (reason: NodeJS.ErrnoException) => reason.code,
      );
      if (error === undefined) continue;
      refused += 1;
      assert.equal(error, 'ENOSPC');
      const left = await disk.list('/home/ann/calls').catch(() => []);
      assert.deepEqual(left, [], `operation ${operation}`);
    }
    assert.ok(refused >= 5, `${refused} operations are needed`);
  });

  it('loses seconds at most where the power fails, whenever that is', async () => {
    for (let seed = 1; seed <= 40; seed++) {
      const random = seededRandom(seed);
      const { disk, open } = ground();
      const file = await open();
      for (let n = 0; n < 24; n++) file.add(part(n));
      const begun = disk.operations;
      disk.failPowerAt(begun + Math.ceil(random() * 26));
      await file.close();
      const written = file.durationMs;
      const after = disk.afterPowerFailure('lost');
      const { packets } = readOgg(await read(after, file.path));
      const kept = packets.length * 10;
      assert.ok(kept <= written && kept >= written - 5000, `seed ${seed}: ${kept} of ${written} ms`);
    }
  });
});

describe('its name', () => {
  it('is one that every file system takes, whatever a colleague calls themself', () => {
    const names = ['../../etc/passwd', 'C:\\con', '.hidden', ' .. ', 'a\u0000b', 'é'.repeat(90), 'Bo/Kim'];
    for (const name of names) {
      const made = fileName(name, AT);
      assert.match(made, /^2026-05-20 09\.05\.31 [^. ].*\.ogg$/u, made);
      assert.doesNotMatch(made, /[\\/:*?"<>|\p{Cc}]/u);
      assert.ok(Buffer.byteLength(made) < 200);
    }
    assert.equal(fileName('..', AT), '2026-05-20 09.05.31 Corridor.ogg');
  });
});

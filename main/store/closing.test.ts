import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HandTime } from '../../test/support/hand-time.ts';
import { SimulatedDisk } from '../../test/support/simulated-disk.ts';
import { nextTurn } from '../model/index.ts';
import { openStore, signed, speak } from './test-office.ts';

/** More turns than closing takes on a disk in memory. */
const MANY_TURNS = 200;

/** Nothing gets its name, or loses it, before the test lets it. */
class SlowDisk extends SimulatedDisk {
  readonly waiting: (() => void)[] = [];
  isSlow = false;

  override async rename(from: string, to: string): Promise<void> {
    if (this.isSlow) await new Promise<void>((resolve) => this.waiting.push(resolve));
    return super.rename(from, to);
  }
}

test('closing waits for a message that is being written, and nothing is written afterwards', async () => {
  const disk = new SlowDisk();
  const time = new HandTime();
  const store = await openStore('/store', { disk, schedule: time.schedule });
  disk.isSlow = true;
  const { id, header, manifest, fragments } = speak(20);
  store.begin(signed(header), header, { mine: 'recipient' });
  store.append(id, fragments);
  const settled = store.setManifest(id, signed(manifest), manifest);
  while (disk.waiting.length === 0) await nextTurn();
  // What waits is being written, too: behind the message, whose file has one writer at a time.
  time.pass(Math.max(...time.dueIn));

  let isClosed = false;
  const closed = store.close().then(() => (isClosed = true));
  for (let n = 0; n < MANY_TURNS; n++) await nextTurn();
  assert.equal(isClosed, false, 'the index is still being written');
  while (!isClosed) {
    for (const go of disk.waiting.splice(0)) go();
    await nextTurn();
  }
  await closed;
  const { operations } = disk;
  for (let n = 0; n < MANY_TURNS; n++) await nextTurn();
  assert.deepEqual([disk.operations, disk.waiting.length], [operations, 0], 'nothing is written any more');
  assert.equal(await settled, 'complete');
  const again = await openStore('/store', { disk: disk.afterPowerFailure('lost') });
  assert.equal(again.get(id)?.state, 'complete');
  await again.close();
});

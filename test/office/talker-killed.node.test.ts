import assert from 'node:assert/strict';
import { join } from 'node:path';
import { it } from 'node:test';
import { eventually } from '../support/eventually.ts';
import { Headless } from '../support/headless.ts';
import { isComplete, isMessage, messageOf } from '../support/messages.ts';
import { officeFor } from '../support/office.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { toneWav } from '../support/tone.ts';

const SAID_MS = 20_000;
const HEARD_MS = 1500;

it('what a killed computer was saying ends when it starts again, and everybody has the same of it', async (t) => {
  const [bob, cleo] = await officeFor(t).people('102', '103');
  const { link } = await bob.node.call('joinLink');
  const folder = tempFolder('killed');
  const start = async (): Promise<Headless> => {
    const ann = await Headless.start({
      ...{ interface: '127.0.0.1', ready: 'cold', name: 'Ann', extension: '101', office: link },
      ...{ profile: join(folder, 'profile'), speaker: `file:${join(folder, 'heard.wav')}` },
    });
    t.after(() => ann.stop());
    const { endpoints } = await bob.node.call('status');
    await ann.api.call('addAddress', { address: `127.0.0.1:${endpoints!.beat}` });
    await eventually(async () => {
      const people = await ann.api.call('people');
      return people.filter(({ presence }) => presence !== 'offline').length >= 2;
    }, 'Ann sees the others');
    return ann;
  };
  const first = await start();
  const { id } = await first.api.call('talkRecording', { dial: '102', wavBase64: toneWav(SAID_MS) });
  await bob.untilSo(isMessage(id, ({ live, durationMs }) => live && durationMs >= HEARD_MS));
  await first.stop({ signal: 'SIGKILL' });
  const before = await messageOf(bob, id);
  assert.equal(before?.complete, false);

  const ann = await start();
  await bob.untilSo(isComplete(id));
  const own = async () => (await ann.api.call('messages')).find((message) => message.id === id);
  await eventually(async () => (await own())?.complete === true, 'it is whole at Ann');
  const [here, there] = [await own(), await messageOf(bob, id)];
  assert.ok(here && there);
  assert.deepEqual([here.isBrokenOff, there.isBrokenOff, there.live], [false, false, false]);
  assert.equal(here.durationMs, there.durationMs);
  assert.ok(there.durationMs >= HEARD_MS && there.durationMs < SAID_MS, `${there.durationMs} ms`);
  await eventually(
    async () => ['received', 'heard'].includes((await own())?.recipients[0]?.state ?? ''),
    'Ann knows that Bob has it',
  );
  assert.deepEqual(await cleo.node.call('messages'), []);
});

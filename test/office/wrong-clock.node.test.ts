import assert from 'node:assert/strict';
import { join } from 'node:path';
import { it, type TestContext } from 'node:test';
import type { NodeApi } from '../../preload/api.ts';
import { eventually } from '../support/eventually.ts';
import { Headless } from '../support/headless.ts';
import { isComplete, isSounding, messageOf } from '../support/messages.ts';
import { officeFor } from '../support/office.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { toneWav } from '../support/tone.ts';
import { wrongClock } from '../support/wrong-clock.ts';

const MINUTE_MS = 60_000;
const YEAR_MS = 365 * 24 * 60 * MINUTE_MS;
/** What is said takes this long, and it is shown as begun within this time, ms. */
const SAID_MS = 1500;
const SHOWN_WITHIN_MS = 20_000;

const clockTroubles = async (node: Pick<NodeApi, 'call'>): Promise<string[]> =>
  (await node.call('status')).troubles.filter(({ code }) => code === 'clock').map(({ sentence }) => sentence);

/** Ann's computer, a process whose clock is wrong, comes to Bob and Cleo. */
async function ground(t: TestContext, wrongByMs: number) {
  const [bob, cleo] = await officeFor(t).people('102', '103');
  const { link } = await bob.node.call('joinLink');
  const folder = tempFolder('clock');
  const ann = await Headless.start({
    ...{ interface: '127.0.0.1', ready: 'cold', name: 'Ann', extension: '101', office: link },
    ...{ profile: join(folder, 'profile'), speaker: `file:${join(folder, 'heard.wav')}` },
    env: wrongClock(wrongByMs),
  });
  t.after(() => ann.stop());
  const { endpoints } = await bob.node.call('status');
  await ann.api.call('addAddress', { address: `127.0.0.1:${endpoints!.beat}` });
  for (const { call } of [ann.api, bob.node, cleo.node].map((node) => ({ call: () => node.call('people') })))
    await eventually(async () => {
      const people = await call();
      return people.filter(({ presence }) => presence !== 'offline').length >= 2;
    }, 'everybody sees everybody');
  return { ann, bob, cleo };
}

const CLOCKS: readonly (readonly [string, number, RegExp | undefined])[] = [
  ['31 seconds behind', -31_000, undefined],
  ['a year ahead', YEAR_MS, /^This computer’s clock is 365 days ahead of the office’s\.$/],
  ['at 1970', 1000 - Date.now(), /^This computer’s clock is \d\d years behind the office’s\.$/],
];

for (const [what, wrongByMs, trouble] of CLOCKS)
  it(`with a clock that is ${what} a person is heard live and hears, and its owner alone is told`, async (t) => {
    const { ann, bob, cleo } = await ground(t, wrongByMs);
    const { id } = await ann.api.call('talkRecording', { dial: '102', wavBase64: toneWav(SAID_MS) });
    await bob.untilSo(isSounding(id));
    await bob.untilSo(isComplete(id));
    const { id: next } = await cleo.node.call('talkRecording', { dial: '102', wavBase64: toneWav(SAID_MS) });
    await bob.untilSo(isComplete(next));
    const [first, second] = [await messageOf(bob, id), await messageOf(bob, next)];
    assert.ok(first && second);
    assert.ok(first.place < second.place, 'the order in which they came');
    assert.ok(Math.abs(first.startedAt - first.arrivedAt) < SHOWN_WITHIN_MS + (trouble ? 0 : MINUTE_MS));
    const { id: toAnn } = await bob.node.call('talkRecording', { dial: '101', wavBase64: toneWav(SAID_MS) });
    await ann.until(isSounding(toAnn));
    await ann.until(isComplete(toAnn));
    if (trouble) {
      await eventually(async () => (await clockTroubles(ann.api)).length > 0, 'Ann is told', MINUTE_MS);
      assert.match((await clockTroubles(ann.api))[0] ?? '', trouble);
      const { checks } = await ann.api.call('health');
      assert.deepEqual(
        checks.flatMap(({ code, ok }) => (code === 'clock' && !ok ? [code] : [])),
        ['clock'],
      );
    } else assert.deepEqual(await clockTroubles(ann.api), []);
    for (const { node } of [bob, cleo]) assert.deepEqual(await clockTroubles(node), []);
  });

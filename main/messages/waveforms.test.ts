import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { until } from '../../test/support/hand-time.ts';
import { Desk } from './test-desk.ts';
import { newPerson, speak } from './test-people.ts';
import { HandLink } from './test-ports.ts';

/** Bob has a whole message of Ann's: its waveform is asked for by itself. */
async function ground(t: TestContext, count = 150) {
  const bob = await Desk.open(t, '102');
  const [ann, hub] = await Promise.all([newPerson(t, '101'), newPerson(t, '103')]);
  bob.office.know(ann, hub);
  bob.listener.presence = 'away';
  const message = await speak(ann, [bob], { time: bob.time, count });
  const link = new HandLink(hub.record.node);
  bob.messages.frame({ type: 'announce', header: message.header.signed }, link);
  await until(() => bob.media.of('receive').length > 0, 'the order to receive');
  const jobs = () => bob.media.of('loudness');
  const asked = (times: number) => until(() => jobs().length >= times, `question ${times}`);
  /** The worker answers its last question: as loud as this, or not now. */
  const answer = (power: number | null) => {
    const { job, fragments, lead } = jobs()[jobs().length - 1]!;
    const powers = power === null ? null : new Float32Array(fragments.length - lead).fill(power);
    bob.media.report({ type: 'loudness', job, powers });
  };
  const arrive = () => bob.take(message, link);
  const stored = () => bob.store.get(message.id)!;
  return { bob, message, jobs, asked, answer, arrive, stored };
}

test('a whole message is measured by itself, a second at a time, and the waveform is kept with it', async (t) => {
  const { bob, jobs, asked, answer, arrive, stored } = await ground(t);
  arrive();
  await asked(1);
  assert.deepEqual([jobs()[0]?.fragments.length, jobs()[0]?.lead, jobs()[0]?.hurry], [100, 0, false]);
  answer(0.01);
  await asked(2);
  assert.deepEqual([jobs()[1]?.fragments[0]?.n, jobs()[1]?.fragments.length, jobs()[1]?.lead], [97, 53, 3]);
  answer(0.01);
  await until(() => stored().local.peaks !== undefined, 'the waveform');
  const waveform = await bob.messages.waveforms.of(stored());
  assert.equal(waveform.durationMs, 1500);
  assert.equal(waveform.peaks.length, 150);
  assert.ok(waveform.peaks.every((peak) => peak === 255));
  assert.equal(jobs().length, 2, 'what is kept is not measured again');
});

test('a busy worker is asked again later, each time after twice as long', async (t) => {
  const { bob, asked, answer, arrive, stored } = await ground(t, 50);
  arrive();
  for (const [n, waitMs] of [500, 1000, 2000].entries()) {
    await asked(n + 1);
    answer(null);
    await until(() => bob.time.dueIn.includes(waitMs), `a pause of ${waitMs} ms`);
    bob.time.pass(waitMs);
  }
  await asked(4);
  answer(0.01);
  await until(() => stored().local.peaks !== undefined, 'the waveform');
});

test('a person who begins to wait ends the pause, and gets the part that is measured after three refusals', async (t) => {
  const { bob, jobs, asked, answer, arrive, stored } = await ground(t, 50);
  arrive();
  await asked(1);
  answer(null);
  await until(() => bob.time.dueIn.includes(500), 'the pause');
  const waveform = bob.messages.waveforms.of(stored());
  for (const n of [2, 3, 4]) {
    await asked(n);
    assert.equal(jobs()[n - 1]?.hurry, true);
    answer(null);
  }
  assert.deepEqual(await waveform, { peaks: [], durationMs: 0 });
});

test('a question without an answer for 10 s is refused, and so is every question when the worker dies', async (t) => {
  const { bob, asked, arrive, stored } = await ground(t, 50);
  arrive();
  await asked(1);
  const waveform = bob.messages.waveforms.of(stored());
  bob.time.pass(10_000);
  await asked(2);
  bob.media.crash();
  await asked(3);
  bob.media.crash();
  assert.deepEqual((await waveform).peaks, []);
});

test('of a message that is still arriving, measured parts are not measured again', async (t) => {
  const { bob, message, jobs, asked, answer, stored } = await ground(t, 60);
  bob.media.arrive(message.fragments.slice(0, 20), message.header.facts.ssrc);
  const first = bob.messages.waveforms.of(stored());
  await asked(1);
  answer(0.01);
  assert.equal((await first).durationMs, 200);
  bob.media.arrive(message.fragments.slice(20), message.header.facts.ssrc);
  const second = bob.messages.waveforms.of(stored());
  await asked(2);
  assert.deepEqual([jobs()[1]?.fragments[0]?.n, jobs()[1]?.lead], [17, 3]);
  answer(0.01);
  assert.equal((await second).durationMs, 600);
  assert.equal(stored().local.peaks, undefined, 'it is not known yet that this is all');
});

test('close answers waiting requests with an empty waveform', async (t) => {
  const { bob, asked, arrive, stored } = await ground(t, 50);
  arrive();
  await asked(1);
  const waveform = bob.messages.waveforms.of(stored());
  bob.messages.waveforms.close();
  assert.deepEqual((await waveform).peaks, []);
});

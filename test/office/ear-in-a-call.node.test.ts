import assert from 'node:assert/strict';
import { it } from 'node:test';
import { isIn } from '../support/calls.ts';
import { eventually } from '../support/eventually.ts';
import { isSounding, soundSoFar } from '../support/messages.ts';
import { officeFor } from '../support/office.ts';
import { strengthAt, toneWav } from '../support/tone.ts';

const SLICE = 48_000 / 20;
const [CALL_HZ, OVERRIDE_HZ] = [440, 1500];

/** What one in ten passes: a busy computer leaves gaps in a voice, and a change of loudness lies within one slice. */
function loud(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length * 0.9)] ?? 0;
}

/** How strong the call's voice is, in each twentieth of a second: alone, and beside the override. */
function strengths(heard: Int16Array): {
  readonly alone: readonly number[];
  readonly beside: readonly number[];
} {
  const [alone, beside] = [[] as number[], [] as number[]];
  for (let at = 0; at + SLICE <= heard.length; at += SLICE) {
    const slice = heard.subarray(at, at + SLICE);
    const [call, override] = [strengthAt(CALL_HZ, slice), strengthAt(OVERRIDE_HZ, slice)];
    if (override > 800) beside.push(call);
    else if (override < 20 && call > 500) alone.push(call);
  }
  return { alone, beside };
}

it(
  'an override sounds beside a call, whose voice is softer as long as it does',
  { timeout: 240_000 },
  async (t) => {
    const [ann, bo, cleo] = await officeFor(t).people('101', '102', '103');
    const { people } = await ann.node.call('members');
    const [, , third] = people;
    assert.ok(third);
    await ann.node.call('setRight', { person: third.id, right: 'override', isGiven: true });
    for (const { node } of [bo, cleo])
      await eventually(
        async () => (await node.call('members')).people.some(({ rights }) => rights.includes('override')),
        'all know that Cleo may override',
      );
    await ann.node.call('startCall', { dial: '102', wavBase64: toneWav(20_000, { hz: CALL_HZ }) });
    await bo.untilSo(isIn('ringing'));
    await bo.node.call('controlCall', { action: 'answer', wavBase64: toneWav(100) });
    await bo.untilSo(isIn('active'));
    const slices = async () => strengths(await soundSoFar(bo));
    await eventually(async () => (await slices()).alone.length >= 10, 'Bo hears Ann for half a second');
    const before = (await slices()).alone.length;
    const { id } = await cleo.node.call('talkRecording', {
      ...{ dial: '*48102', wavBase64: toneWav(1500, { hz: OVERRIDE_HZ }), isConfirmed: true },
    });
    await bo.untilSo(isSounding(id));
    await eventually(async () => (await slices()).beside.length >= 10, 'Bo hears Cleo for half a second');
    await eventually(
      async () => (await slices()).alone.length >= before + 10,
      'then Ann alone, as loud as before',
    );
    const { alone, beside } = await slices();
    const share = loud(beside) / loud(alone);
    assert.ok(share > 0.1 && share < 0.35, `beside the override Ann is ${share.toFixed(2)} times as strong`);
    await ann.node.call('controlCall', { action: 'hang-up' });
  },
);

it(
  'who calls somebody is busy before there is an answer: what is said to them plays next',
  { timeout: 240_000 },
  async (t) => {
    const [ann, bo, cleo] = await officeFor(t).people('101', '102', '103');
    await ann.node.call('startCall', { dial: '102' });
    await bo.untilSo(isIn('ringing'));
    const { id } = await cleo.node.call('talkRecording', { dial: '101', wavBase64: toneWav(800) });
    await eventually(async () => {
      const { waiting } = await ann.node.call('status');
      return waiting.some(({ extension }) => extension === '103');
    }, 'it waits for Ann’s ear');
    assert.ok(!ann.events.some(isSounding(id)), 'while her call rings');
    await ann.node.call('controlCall', { action: 'hang-up' });
    await ann.untilSo(isSounding(id));
  },
);

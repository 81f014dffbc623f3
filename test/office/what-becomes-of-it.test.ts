import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CallMachine } from '../../main/calls/call-machine.ts';
import { CALL_TIMES, type CallOutput } from '../../main/calls/call-steps.ts';
import { receiveCall } from '../../main/calls/reception.ts';
import { deliver, isHeardBy } from '../../main/messages/delivery-policy.ts';
import { Floor } from '../../main/messages/floor.ts';
import type { CallId, CallKey, CallSignal, MessageId, NodeId } from '../../main/model/index.ts';
import {
  WHAT_BECOMES_OF_IT,
  type Becoming,
  type Circumstance,
  type Way,
} from '../support/what-becomes-of-it.ts';

const [ANN, KIM] = ['ann', 'kim'] as NodeId[] as [NodeId, NodeId];
const [BEFORE, IT] = ['before', 'it'] as MessageId[] as [MessageId, MessageId];
const KEY: CallKey = { ssrc: 1, enc: '', sealed: '' };

/** By the delivery policy and the floor. */
function ofSpeech(way: Exclude<Way, 'call' | 'chosen call'>, is: Circumstance): Becoming {
  const { presence = 'available', hears } = is;
  const [isLocked, isIdle] = [is.isLocked === true, is.isIdle === true];
  const floor = new Floor();
  if (hears === 'a call') floor.hold('call');
  else if (hears) floor.take(BEFORE, hears === 'own' ? 'chosen' : 'voice');
  const isOverride = way === 'override';
  const delivery = deliver({
    ...{
      presence,
      isLocked,
      canPlay: true,
      isMuted: false,
      isOverride,
      hearsOverrideAway: is.allowsOverrides === true,
    },
    ...{ isSpoken: true, forwarded: false, isQuiet: false, isElsewhere: false, hears: floor.hears },
    kind: way === 'page' ? 'passing-page' : way === 'kept page' ? 'page' : 'message',
  });
  switch (delivery) {
    case 'leave':
      return assert.fail('they have one computer');
    case 'pass':
      return 'not played, not kept';
    case 'notify':
      return 'notified';
    case 'queue':
      assert.ok(floor.queue(IT, ANN));
      if (hears === 'a call') floor.release();
      else floor.leave(BEFORE);
      assert.equal(floor.next(), IT);
      return 'queued, plays next';
    case 'play': {
      floor.take(IT, isOverride ? 'override' : way === 'message' ? 'voice' : 'page');
      assert.equal(floor.loudnessOf(IT), 1);
      const before = hears === 'a call' ? floor.loudnessOfHolder : floor.loudnessOf(BEFORE);
      if (hears) assert.ok(before < 0.5, 'what was heard before is softer');
      if (!isHeardBy({ isIdle, isLocked })) return 'plays, stays unheard';
      return hears ? 'plays above it' : 'plays';
    }
  }
}

/** By the reception of calls and the call machine. */
function ofCall(
  { presence = 'available', isLocked, isIdle, hears }: Circumstance,
  isChosen: boolean,
): Becoming {
  const machine = new CallMachine({ self: ANN, times: CALL_TIMES, limits: { perPerson: 2, inAll: 6 } });
  const reception = receiveCall({
    ...{ presence, isLocked: isLocked === true, isIdle: isIdle === true, isMuted: false },
    ...{ isChosen, isHere: true, canPlay: true, isEngaged: hears !== undefined },
  });
  const says = (from: NodeId, signal: Omit<CallSignal, 'v' | 'side' | 'seen'>): readonly CallOutput[] =>
    machine.step(
      { type: 'signal', from, person: from, reception, signal: { v: 1, side: 'caller', seen: 0, ...signal } },
      0,
    );
  if (hears === 'a call') {
    const call = 'first' as CallId;
    says(KIM, { call, rev: 1, state: 'calling', key: KEY });
    machine.step({ type: 'answer', id: call, key: KEY }, 0);
    says(KIM, { call, rev: 2, state: 'connected' });
    assert.deepEqual(
      machine.shown().map(({ state }) => state),
      ['active'],
    );
  }
  const outputs = says(ANN, { call: 'it' as CallId, rev: 1, state: 'calling', key: KEY });
  const [told] = outputs.flatMap((one) => (one.type === 'send' && one.to === ANN ? [one.signal] : []));
  if (outputs.some(({ type }) => type === 'announce')) return 'answered by itself';
  const isMissed = outputs.some(({ type }) => type === 'missed');
  switch (told?.state) {
    case 'ringing':
      return 'rings';
    case 'waiting':
      return 'waits';
    case 'notified':
      return 'notified';
    default:
      assert.deepEqual([told?.state, told?.reason, isMissed], ['ended', 'undisturbed', true]);
      return 'missed';
  }
}

for (const { when, is, becomes } of WHAT_BECOMES_OF_IT) {
  for (const [way, becoming] of Object.entries(becomes) as [Way, Becoming][])
    test(`${when}: a${way === 'override' ? 'n' : ''} ${way} ${becoming}`, () => {
      const isCall = way === 'call' || way === 'chosen call';
      assert.equal(isCall ? ofCall(is, way === 'chosen call') : ofSpeech(way, is), becoming);
    });
}

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { seededRandom } from '../../test/support/seeded-random.ts';
import { HandTime } from '../../test/support/hand-time.ts';
import type { MediaWorker, WorkerEvent } from '../media/index.ts';
import { MAX_PARTY, type CallId, type NodeId } from '../model/index.ts';
import { Announcements } from './announcements.ts';
import { CALL_TIMES, type CallInput } from './call-steps.ts';
import type { CallListener } from './ports.ts';
import { assertTalking, callId, type Computer, keyOf, Office, TONE_MS, two } from './test-office.ts';

const shown = (computer: Computer) =>
  computer.machine.shown().map(({ state, isAutomatic }) => `${state}${isAutomatic ? ', by itself' : ''}`);

describe('a call of a colleague whose calls are answered by themselves', () => {
  it('is on after a tone, rings nowhere, and both sides say that nobody answered it', () => {
    const { office, ann, bo } = two();
    bo.reception = 'answer';
    const id = ann.call('1', bo);
    office.pass(TONE_MS - 100);
    assert.deepEqual([bo.toned, shown(bo), shown(ann)], [1, [], ['ringing']], 'first the tone, and no ring');
    assert.deepEqual(bo.connected, [], 'nobody is heard before it has sounded');
    office.pass(200);
    assertTalking(ann, bo, id);
    assert.deepEqual([shown(ann), shown(bo)], [['active, by itself'], ['active, by itself']]);
    ann.do({ type: 'hold', id, isOn: true });
    office.pass(100);
    assert.deepEqual([shown(ann), shown(bo)], [['active, by itself'], ['active, by itself']]);
    bo.do({ type: 'hang-up', id });
    office.pass(100);
    assert.deepEqual([shown(ann), shown(bo), bo.missed], [[], [], 0]);
  });

  it('says so only where nobody answered it', () => {
    const { office, ann, bo } = two();
    const id = ann.call('1', bo);
    office.pass(10);
    bo.answer(id);
    office.pass(10);
    assert.deepEqual([shown(ann), shown(bo)], [['active'], ['active']]);
  });

  for (const [reception, states] of [
    ['ring', [['ringing'], ['ringing']]],
    ['notify', [['notified'], ['notified']]],
    ['miss', [['ended'], []]],
  ] as const)
    it(`becomes what any call does, where that is "${reception}" once the tone has sounded`, () => {
      const { office, ann, bo } = two();
      bo.reception = 'answer';
      ann.call('1', bo);
      office.pass(TONE_MS / 2);
      bo.reception = reception;
      office.pass(TONE_MS);
      assert.deepEqual([shown(ann), shown(bo)], states);
      assert.deepEqual(bo.connected, []);
    });

  it('waits while its person is in another call, and rings where another one rings already', () => {
    const office = new Office();
    const [ann, bo, cy] = [office.add('ann'), office.add('bo'), office.add('cy')];
    bo.reception = 'ring';
    const first = cy.call('1', bo);
    office.pass(10);
    bo.reception = 'answer';
    ann.call('2', bo);
    office.pass(TONE_MS + 100);
    assert.deepEqual([bo.toned, shown(bo)], [0, ['ringing', 'ringing']]);
    bo.answer(first);
    office.pass(10);
    const dan = office.add('dan');
    dan.call('3', bo);
    office.pass(TONE_MS + 100);
    assert.deepEqual([bo.toned, shown(dan)], [0, ['waiting']]);
  });

  it('rings where the person began something else while the tone sounded', () => {
    const office = new Office();
    const [ann, bo, cy] = [office.add('ann'), office.add('bo'), office.add('cy')];
    bo.reception = 'answer';
    ann.call('1', bo);
    office.pass(TONE_MS / 2);
    bo.call('2', cy);
    office.pass(TONE_MS);
    assert.deepEqual(shown(bo).sort(), ['ringing', 'ringing']);
    assert.deepEqual(bo.connected, []);
  });

  it('into a call of several rings: the others there were not chosen', () => {
    const office = new Office();
    const [ann, bo, cy] = [office.add('ann'), office.add('bo'), office.add('cy')];
    const first = ann.call('1', cy);
    office.pass(10);
    cy.answer(first);
    office.pass(10);
    bo.reception = 'answer';
    const second = ann.add(first, '2', bo);
    office.pass(TONE_MS + 100);
    assert.deepEqual([bo.toned, shown(bo)], [0, ['ringing']]);
    bo.answer(second);
    office.pass(2000);
    assert.deepEqual(
      [bo.heard(), cy.heard()],
      [
        ['ann', 'cy'],
        ['ann', 'bo'],
      ],
    );
    assert.ok(bo.heard().length < MAX_PARTY);
  });

  it('that comes in place of a person who diverted rings: it was not meant for this one', () => {
    const { ann, bo } = two();
    bo.do({
      ...{ type: 'signal', from: ann.node, person: ann.person, reception: 'answer', meant: bo.node },
      signal: {
        ...{ v: 1, call: callId('1'), side: 'caller', rev: 1, seen: 0, state: 'calling', asks: true },
        key: keyOf(ann.node, callId('1')),
      },
    });
    assert.deepEqual([bo.toned, shown(bo)], [0, ['ringing']]);
  });

  it('that the caller gives up during the tone is a missed call', () => {
    const { office, ann, bo } = two();
    bo.reception = 'answer';
    const id = ann.call('1', bo);
    office.pass(TONE_MS / 2);
    ann.do({ type: 'hang-up', id });
    office.pass(TONE_MS);
    assert.deepEqual([shown(ann), shown(bo), bo.connected, bo.missed], [[], [], [], 1]);
  });

  it('is answered by itself at one computer, while it rings at the other', () => {
    const office = new Office();
    const [ann, desk, laptop] = [office.add('ann'), office.add('desk', 'bo'), office.add('laptop', 'bo')];
    desk.reception = 'answer';
    const id = ann.call('1', desk, laptop);
    office.pass(TONE_MS / 2);
    assert.deepEqual(shown(laptop), ['ringing']);
    office.pass(TONE_MS);
    assertTalking(ann, desk, id);
    assert.deepEqual([shown(laptop), laptop.missed, laptop.toned], [[], 0, 0]);
  });

  it('comes to the same at both ends over a network that loses and turns round a third of all signals', () => {
    for (let seed = 1; seed <= 60; seed++) {
      const random = seededRandom(seed);
      const { office, ann, bo } = two({ loss: 0.3, delayMs: 400, random });
      bo.reception = 'answer';
      const id = ann.call('1', bo);
      const isGivenUp = random() < 0.3;
      office.pass(random() * 3000);
      if (isGivenUp) ann.do({ type: 'hang-up', id });
      if (random() < 0.3) bo.reception = 'ring';
      office.pass(20_000);
      const going = (of: Computer) => shown(of).filter((state) => state !== 'ended');
      const [annsView, bosView] = [going(ann), going(bo)];
      assert.deepEqual(annsView, bosView, `seed ${seed}`);
      assert.ok(bo.toned <= 1, `seed ${seed}: one tone for one call`);
      for (const one of [ann, bo]) one.do({ type: 'hang-up', id });
      office.pass(2 * CALL_TIMES.keptMs);
      assert.equal(bo.machine.nextWakeAt(), Infinity, `seed ${seed}: nothing is left to be done`);
    }
  });
});

describe('the tone before an automatic answer', () => {
  const ID = callId('1');
  const LISTENER: CallListener = {
    ...{
      presence: 'available',
      isLocked: false,
      isIdle: false,
      isHere: true,
      canPlay: true,
      isEngaged: false,
    },
    ...{ gainOf: () => 1, isMuted: () => false, isChosen: () => true },
  };

  function ground(listener: CallListener = LISTENER) {
    const time = new HandTime();
    const steps: CallInput[] = [];
    const posted: string[] = [];
    const heard = new Map<string, (event: WorkerEvent) => void>();
    const media = {
      post: ({ type }: { readonly type: string }) => posted.push(type),
      on: (name: string, listen: (event: WorkerEvent) => void) => heard.set(name, listen),
    } as unknown as MediaWorker;
    const announcements = new Announcements({
      ...{ listener, media, schedule: time.schedule, step: (input) => steps.push(input) },
      machine: { peerOf: () => 'ann' as NodeId },
      office: { personOf: () => 'ann' as NodeId },
    });
    const tell = (name: 'call-toned' | 'crashed', id: CallId = ID) =>
      heard.get(name)?.({ type: 'call-toned', id });
    return { time, steps, posted, announcements, tell };
  }

  it('is asked of the worker, and the call is answered when it has sounded', () => {
    const { time, steps, posted, announcements, tell } = ground();
    announcements.begin(ID);
    assert.deepEqual([posted, steps], [['call-tone'], []]);
    tell('call-toned', callId('2'));
    assert.deepEqual(steps, []);
    tell('call-toned');
    tell('call-toned');
    time.pass(60_000);
    assert.deepEqual(steps, [{ type: 'announced', id: ID, reception: 'answer' }]);
  });

  for (const [why, end] of [
    ['nothing sounds within seconds', ({ time }: ReturnType<typeof ground>) => time.pass(10_000)],
    ['the worker crashes', ({ tell }: ReturnType<typeof ground>) => tell('crashed')],
  ] as const)
    it(`lets the call ring where ${why}`, () => {
      const all = ground();
      all.announcements.begin(ID);
      end(all);
      assert.deepEqual(all.steps, [{ type: 'announced', id: ID, reception: 'ring' }]);
      assert.deepEqual(all.time.dueIn, []);
    });

  it('asks again how the call is received: the screen may be locked by then', () => {
    const { steps, announcements, tell } = ground({ ...LISTENER, isLocked: true });
    announcements.begin(ID);
    tell('call-toned');
    assert.deepEqual(steps, [{ type: 'announced', id: ID, reception: 'notify' }]);
  });
});

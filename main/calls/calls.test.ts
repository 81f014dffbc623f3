import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { until } from '../../test/support/hand-time.ts';
import { BUDGETS, newCallId, nodePorts, type CallSignal } from '../model/index.ts';
import { CALL_TIMES } from './call-steps.ts';
import { DeskOffice, type Desk } from './test-calls.ts';
import { keyOf } from './test-office.ts';

const { perPeer: NEW, inAll: NEW_IN_ALL } = BUDGETS.newCalls;
const AT_ONCE = BUDGETS.calls.perPeer.atOnce;

/** Ann and Bo talk with each other. */
async function talking() {
  const office = new DeskOffice();
  const [ann, bo] = [await office.add('ann'), await office.add('bo')];
  const id = await ann.calls.dial(bo.node);
  office.time.pass(100);
  await bo.calls.answer(id);
  office.time.pass(100);
  await until(() => [ann, bo].every((desk) => desk.told('call').length === 1), 'both hear each other');
  return { office, ann, bo, id };
}

/** A computer asks for a call that it has just thought of. */
function offers(from: Desk, to: Desk): CallSignal {
  const call = newCallId(nodePorts.random);
  const signal: CallSignal = {
    ...{ v: 1, call, side: 'caller', rev: 1, seen: 0, state: 'calling', asks: true },
    key: keyOf(from.node, call),
  };
  to.calls.signal(signal, from.node);
  return signal;
}

describe('who floods a colleague with calls', () => {
  it('has two of them ring, and is answered by no more than the budget; nobody else is kept from calling', async () => {
    const office = new DeskOffice();
    const [eve, bo, ann] = [await office.add('eve'), await office.add('bo'), await office.add('ann')];
    const answered: string[] = [];
    eve.calls.signal = ({ call, state }) => void answered.push(`${call} ${state}`);
    const sent = Array.from({ length: 50 }, () => offers(eve, bo).call);
    office.time.pass(10);
    assert.deepEqual(bo.states, ['ringing', 'ringing']);
    const said = new Map(answered.map((line) => line.split(' ') as [string, string]));
    assert.deepEqual([...said.keys()], sent.slice(0, NEW.atOnce), 'the others get no word at all');
    assert.deepEqual(
      [...said.values()],
      sent.slice(0, NEW.atOnce).map((_, n) => (n < AT_ONCE ? 'ringing' : 'ended')),
    );
    assert.equal(bo.over.length, sent.length - NEW.atOnce);
    assert.ok(bo.over.every(({ node, budget }) => node === eve.node && budget === 'newCalls'));
    assert.deepEqual(bo.missed, [], 'what is refused is not listed');

    await ann.calls.dial(bo.node);
    office.time.pass(10);
    assert.deepEqual([ann.states, bo.states.length], [['ringing'], 3], 'Ann’s call rings as ever');
    office.time.pass(1000 / NEW.perSecond);
    answered.length = 0;
    const [later, tooMuch] = [offers(eve, bo), offers(eve, bo)];
    office.time.pass(10);
    assert.ok(answered.some((line) => line.startsWith(later.call)));
    assert.ok(!answered.some((line) => line.startsWith(tooMuch.call)));
  });

  it('takes no more than all together may begin, where many do it', async () => {
    const office = new DeskOffice();
    const bo = await office.add('bo');
    const many = await Promise.all(
      Array.from({ length: NEW_IN_ALL.atOnce / NEW.atOnce + 2 }, (_, n) => office.add(`eve${n}`)),
    );
    for (const eve of many) for (let n = 0; n < NEW.atOnce; n++) offers(eve, bo);
    assert.equal(bo.over.length, 2 * NEW.atOnce);
    assert.equal(bo.calls.shown.length, (NEW_IN_ALL.atOnce / NEW.atOnce) * AT_ONCE);
  });

  it('is heard no further where every packet is a word of calls that exist', async () => {
    const { office, ann, bo, id } = await talking();
    const { perPeer } = BUDGETS.callSignals;
    office.time.pass(60_000);
    for (let n = 0; n < perPeer.atOnce + 30; n++)
      bo.calls.signal(
        { v: 1, call: id, side: 'caller', rev: 2, seen: 1, state: 'connected', asks: true },
        ann.node,
      );
    assert.equal(bo.over.length, 30);
    assert.ok(bo.over.every(({ budget }) => budget === 'callSignals'));
    assert.deepEqual(bo.states, ['active'], 'and its call goes on');
  });
});

describe('a call', () => {
  it('is touched by nobody who knows its id and is not in it', async () => {
    const { office, ann, bo, id } = await talking();
    const eve = await office.add('eve');
    for (const side of ['caller', 'callee'] as const)
      for (const [state, more] of [
        ['ended', { reason: 'hung-up' }],
        [side === 'caller' ? 'calling' : 'answered', { key: keyOf(eve.node, id) }],
      ] as const)
        for (const desk of [ann, bo])
          desk.calls.signal({ v: 1, call: id, side, rev: 1000, seen: 1000, state, ...more }, eve.node);
    office.time.pass(100);
    for (const desk of [ann, bo]) {
      assert.deepEqual(desk.states, ['active']);
      assert.deepEqual([desk.told('call').length, desk.told('call-end').length], [1, 0]);
    }
  });

  it('ends half a minute after the last packet of a computer that vanished, in words; RTCP is one', async () => {
    const { office, ann, bo, id } = await talking();
    bo.isOff = true;
    for (let s = 0; s < 75; s++) {
      office.time.pass(1000);
      // The media worker says so of RTP and of RTCP.
      if (s < 40) ann.media.emit('call-heard', { type: 'call-heard', id });
      const isOver = s >= 40 + CALL_TIMES.silenceMs / 1000 - 1;
      assert.deepEqual(ann.states, [isOver ? 'ended: vanished' : 'active'], `after ${s + 1} s`);
    }
    assert.deepEqual(
      ann.told('call-end').map((order) => order.id),
      [id],
    );
  });

  it('ends on both sides in words where one computer goes to sleep, and nothing waits for it', async () => {
    const { office, ann, bo, id } = await talking();
    ann.calls.hangUp(id, 'slept');
    ann.isOff = true;
    office.time.pass(100);
    assert.deepEqual([ann.states, bo.states], [['ended: slept'], ['ended: asleep']]);
    for (const desk of [ann, bo]) {
      assert.equal(desk.told('call-end').length, 1);
      assert.deepEqual(desk.missed, []);
    }
    office.time.pass(CALL_TIMES.keptMs + CALL_TIMES.shownMs);
    assert.deepEqual([ann.states, bo.states, office.time.dueIn], [[], [], []]);
  });

  it('that rings at a computer that goes to sleep is missed there, and out of reach for the caller', async () => {
    const office = new DeskOffice();
    const [ann, bo] = [await office.add('ann'), await office.add('bo')];
    const id = await ann.calls.dial(bo.node);
    office.time.pass(100);
    bo.calls.hangUp(id, 'slept');
    bo.isOff = true;
    office.time.pass(100);
    assert.deepEqual([ann.states, bo.states], [['ended: unreachable'], []]);
    assert.deepEqual(bo.missed, [ann.node]);
  });

  it('of two computers that both slept without a word ends at both once they are awake', async () => {
    const { office, ann, bo } = await talking();
    for (const desk of [ann, bo]) desk.isOff = true;
    office.time.sleep(3_600_000);
    office.time.pass(CALL_TIMES.silenceMs);
    assert.deepEqual([ann.states, bo.states], [['ended: vanished'], ['ended: vanished']]);
    office.time.pass(CALL_TIMES.keptMs + CALL_TIMES.shownMs);
    assert.deepEqual(office.time.dueIn, []);
  });
});

describe('a call', () => {
  it('goes to the other computer’s address as soon as that has proved that it is there', async () => {
    const office = new DeskOffice();
    const [ann, bo] = [await office.add('ann'), await office.add('bo')];
    ann.whereabouts = { address: '10.0.0.9', port: 3000, isBelieved: false };
    const id = await ann.calls.dial(bo.node);
    office.time.pass(100);
    await bo.calls.answer(id);
    office.time.pass(100);
    await until(() => ann.told('call').length === 1, 'it is connected');
    assert.deepEqual(ann.told('call')[0]?.send.targets, [ann.whereabouts]);
    ann.calls.refreshVoices();
    assert.deepEqual(ann.told('call-change'), [], 'nothing has changed');
    ann.whereabouts = { address: '10.0.0.9', port: 3001, isBelieved: true };
    ann.calls.refreshVoices();
    assert.deepEqual(
      ann.told('call-change').map(({ target }) => target),
      [ann.whereabouts],
    );
  });
});

describe('how a colleague is heard in a call', () => {
  it('changes while it goes on, as loud as the person wants and not at all where they mute them in it', async () => {
    const { ann, bo, id } = await talking();
    const latest = () => {
      const { gain, isSilent, isMuted } = bo.told('call-change').at(-1)!;
      return { gain, isSilent, isMuted };
    };
    bo.volume = 0.5;
    bo.calls.refreshVoices();
    assert.deepEqual(latest(), { gain: 0.5, isSilent: false, isMuted: false });
    bo.calls.refreshVoices(ann.node);
    bo.muted.add(ann.node);
    bo.calls.refreshVoices();
    assert.deepEqual(latest(), { gain: 0.5, isSilent: true, isMuted: false }, 'she hears him');
    assert.ok(bo.calls.isSilenced(id));
    bo.muted.delete(ann.node);
    bo.calls.refreshVoices();
    assert.deepEqual([latest().isSilent, bo.calls.isSilenced(id)], [false, false]);
  });

  it('is not touched by a mute of before', async () => {
    const office = new DeskOffice();
    const [ann, bo] = [await office.add('ann'), await office.add('bo')];
    bo.calls.refreshVoices(ann.node);
    bo.muted.add(ann.node);
    const id = await ann.calls.dial(bo.node);
    office.time.pass(100);
    assert.deepEqual(bo.states, ['notified']);
    await bo.calls.answer(id);
    office.time.pass(100);
    await until(() => bo.told('call').length === 1, 'they talk');
    assert.equal(bo.told('call')[0]?.isSilent, false);
    assert.equal(bo.calls.isSilenced(id), false);
  });
});

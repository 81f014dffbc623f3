import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { seededRandom } from '../../test/support/seeded-random.ts';
import { CALL_TIMES } from './call-steps.ts';
import { assertTalking, callId, keyOf, Office, two } from './test-office.ts';

describe('a call', () => {
  it('rings, is answered, and ends at both ends where one hangs up', () => {
    const { office, ann, bo } = two();
    const id = ann.call('1', bo);
    assert.deepEqual(ann.states(), ['calling']);
    office.pass(10);
    assert.deepEqual([ann.states(), bo.states()], [['ringing'], ['ringing']]);
    bo.answer(id);
    office.pass(10);
    assert.deepEqual([ann.states(), bo.states()], [['active'], ['active']]);
    assertTalking(ann, bo, id);
    ann.do({ type: 'hang-up', id });
    office.pass(10);
    assert.deepEqual([ann.states(), bo.states()], [[], []]);
    assert.deepEqual([ann.disconnected, bo.disconnected, bo.missed], [[id], [id], 0]);
  });

  it('that nobody answers ends by itself, counts as missed, and shows the caller why', () => {
    const { office, ann, bo } = two();
    ann.call('1', bo);
    office.pass(CALL_TIMES.ringMs + 100);
    assert.deepEqual([ann.states(), bo.states(), bo.missed], [['ended: unanswered'], [], 1]);
    office.pass(CALL_TIMES.shownMs + 100);
    assert.deepEqual(ann.states(), []);
    assert.equal(ann.machine.nextWakeAt(), Infinity, 'nothing is left to be done');
  });

  it('that the caller gives up counts as missed; the caller of a declined one sees that at once', () => {
    const { office, ann, bo } = two();
    ann.do({ type: 'hang-up', id: ann.call('1', bo) });
    office.pass(10);
    assert.deepEqual([ann.states(), bo.states(), bo.missed], [[], [], 1]);
    const id = ann.call('2', bo);
    office.pass(10);
    bo.do({ type: 'hang-up', id });
    office.pass(10);
    assert.deepEqual([ann.states(), bo.states(), bo.missed], [['ended: declined'], [], 2]);
    ann.do({ type: 'hang-up', id });
    assert.deepEqual(ann.states(), [], 'whoever has seen why is shown it no more');
  });

  it('rings at all computers of a person, and stops at the others when one answers or declines', () => {
    const office = new Office();
    const [ann, desk, laptop] = [office.add('ann'), office.add('desk', 'bo'), office.add('laptop', 'bo')];
    const first = ann.call('1', desk, laptop);
    office.pass(10);
    assert.deepEqual([desk.states(), laptop.states()], [['ringing'], ['ringing']]);
    laptop.answer(first);
    office.pass(10);
    assertTalking(ann, laptop, first);
    assert.deepEqual([desk.states(), desk.missed], [[], 0]);
    ann.do({ type: 'hang-up', id: first });
    office.pass(10);
    const second = ann.call('2', desk, laptop);
    office.pass(10);
    desk.do({ type: 'hang-up', id: second });
    office.pass(10);
    assert.deepEqual([ann.states(), laptop.states()], [['ended: declined'], []]);
    assert.deepEqual([desk.missed, laptop.missed], [1, 0]);
  });

  it('that two computers of a person answer in the same moment goes to one of them', () => {
    const office = new Office();
    const [ann, desk, laptop] = [office.add('ann'), office.add('desk', 'bo'), office.add('laptop', 'bo')];
    const id = ann.call('1', desk, laptop);
    office.pass(10);
    desk.answer(id);
    laptop.answer(id);
    office.pass(10);
    const talking = [desk, laptop].filter((computer) => computer.states().includes('active'));
    assert.equal(talking.length, 1);
    assertTalking(ann, talking[0]!, id);
  });

  it('to a person who is not to be disturbed does not ring and is missed; behind a locked screen it only notifies', () => {
    const { office, ann, bo } = two();
    bo.reception = 'miss';
    ann.call('1', bo);
    office.pass(10);
    assert.deepEqual([ann.states(), bo.states(), bo.missed], [['ended: undisturbed'], [], 1]);
    bo.reception = 'notify';
    ann.call('2', bo);
    office.pass(10);
    assert.deepEqual([ann.states(), bo.states()], [['notified'], ['notified']]);
  });

  it('waits while its person is in another call, and answering it holds that one', () => {
    const office = new Office();
    const [ann, bo, cy] = [office.add('ann'), office.add('bo'), office.add('cy')];
    const first = ann.call('1', bo);
    office.pass(10);
    bo.answer(first);
    office.pass(10);
    const second = cy.call('2', bo);
    office.pass(10);
    assert.deepEqual([cy.states(), bo.states()], [['waiting'], ['active', 'waiting']]);
    bo.answer(second);
    office.pass(10);
    assertTalking(cy, bo, second);
    assert.deepEqual(
      bo.machine.shown().map(({ id, isHeld }) => [id, isHeld]),
      [
        [second, false],
        [first, true],
      ],
    );
    assert.deepEqual(
      ann.machine.shown().map(({ isHeldByThem }) => isHeldByThem),
      [true],
    );
    bo.do({ type: 'hold', id: first, isOn: false });
    office.pass(10);
    assert.deepEqual(
      [ann.machine.shown()[0]?.isHeldByThem, cy.machine.shown()[0]?.isHeldByThem],
      [false, true],
    );
  });

  for (const [a, b] of [
    ['1', '2'],
    ['2', '1'],
  ] as const) {
    it(`and one the other way in the same moment become one call (${a}, ${b})`, () => {
      const { office, ann, bo } = two();
      ann.call(a, bo);
      bo.call(b, ann);
      office.pass(50);
      assert.deepEqual([ann.states(), bo.states()], [['active'], ['active']]);
      assertTalking(ann, bo, callId('1'));
      assert.deepEqual([ann.missed, bo.missed], [0, 0]);
    });
  }

  it('to a computer that is gone says so within seconds', () => {
    const { office, ann, bo } = two();
    bo.isOff = true;
    ann.call('1', bo);
    office.pass(CALL_TIMES.reachMs + 10);
    assert.deepEqual(ann.states(), ['ended: unreachable']);
  });

  it('ends when the other computer vanishes: after half a minute while active, within seconds while it rings', () => {
    const { office, ann, bo } = two();
    const id = ann.call('1', bo);
    office.pass(10);
    bo.answer(id);
    office.pass(10);
    ann.isOff = true;
    office.pass(CALL_TIMES.silenceMs - 2000);
    assert.deepEqual(bo.states(), ['active']);
    office.pass(3000);
    assert.deepEqual([bo.states(), bo.disconnected], [['ended: vanished'], [id]]);
    const { office: other, ann: caller, bo: called } = two();
    caller.call('1', called);
    other.pass(10);
    caller.isOff = true;
    other.pass(CALL_TIMES.ringingSilenceMs + 3000);
    assert.deepEqual([called.states(), called.missed], [[], 1]);
  });

  it('goes on while packets come, whatever becomes of the signals', () => {
    const { office, ann, bo } = two();
    const id = ann.call('1', bo);
    office.pass(10);
    bo.answer(id);
    office.pass(10);
    ann.isOff = true;
    for (let i = 0; i < 60; i++) {
      office.pass(1000);
      bo.do({ type: 'heard', id });
    }
    assert.deepEqual(bo.states(), ['active']);
  });

  it('ends at once if the other computer has restarted and knows nothing of it', () => {
    const { office, ann, bo } = two();
    const id = ann.call('1', bo);
    office.pass(10);
    bo.answer(id);
    office.pass(10);
    bo.isOff = true;
    const again = office.add('bo');
    again.do({
      ...{ type: 'signal', from: ann.node, person: ann.person, reception: 'ring' },
      signal: { v: 1, call: id, side: 'caller', rev: 3, seen: 2, state: 'connected', asks: true },
    });
    assert.deepEqual(again.states(), []);
  });

  it('with a member who is removed from the office ends', () => {
    const { office, ann, bo } = two();
    const id = ann.call('1', bo);
    office.pass(10);
    bo.answer(id);
    office.pass(10);
    ann.do({ type: 'gone', node: bo.node });
    assert.deepEqual(ann.disconnected, [id]);
  });

  it('is refused when that person has too many calls at once', () => {
    const { ann, bo } = two();
    for (const id of ['1', '2', '3'].map(callId)) {
      const signal = { v: 1, call: id, side: 'caller', rev: 1, seen: 0, state: 'calling' } as const;
      bo.do({
        ...{ type: 'signal', from: ann.node, person: ann.person, reception: 'ring' },
        signal: { ...signal, key: keyOf(ann.node, id) },
      });
    }
    assert.equal(bo.machine.shown().length, 2);
    assert.equal(bo.missed, 0, 'what is refused is not listed');
  });
});

describe('calls over a network that loses a third of all signals and reorders them', () => {
  /** Seeded random actions at random times: three people, one with two computers. */
  function play(seed: number): void {
    const random = seededRandom(seed);
    const office = new Office({ loss: 0.3, delayMs: 400, random });
    const people = [
      [office.add('ann')],
      [office.add('bo-desk', 'bo'), office.add('bo-laptop', 'bo')],
      [office.add('cy')],
    ] as const;
    const all = people.flat();
    const any = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
    for (let turn = 0; turn < 30; turn++) {
      const one = any(all);
      const shown = one.machine.shown().filter(({ state }) => state !== 'ended');
      const act = random();
      if (shown.length === 0 || act < 0.2) {
        const others = people.filter((person) => person.every(({ person: id }) => id !== one.person));
        one.call(`${Math.floor(random() * 1e6)}`, ...any(others));
      } else if (act < 0.6) one.answer(any(shown).id);
      else if (act < 0.8) one.do({ type: 'hang-up', id: any(shown).id });
      else one.do({ type: 'hold', id: any(shown).id, isOn: random() < 0.5 });
      office.pass(random() * 3000);
    }
    // Long enough for every ring and every repetition, and short enough for calls that are answered to go on.
    office.pass(CALL_TIMES.ringMs + CALL_TIMES.keptMs + 20_000);
    for (const one of all) {
      for (const call of one.machine.shown()) {
        assert.equal(call.state, 'active', `seed ${seed}: nothing rings for ever`);
        const others = all.filter(({ machine }) => machine.shown().some(({ id }) => id === call.id));
        assert.equal(others.length, 2, `seed ${seed}: both ends are in the call, and nobody else`);
        const other = others.find((each) => each !== one)!;
        const theirs = other.machine.shown().find(({ id }) => id === call.id)!;
        assert.equal(call.isHeld, theirs.isHeldByThem, `seed ${seed}: both know who holds`);
        const ids = [one, other].map(({ connected }) => connected.find(({ id }) => id === call.id));
        assert.deepEqual(
          ids.map((connected) => connected?.ssrc),
          [keyOf(other.node, call.id).ssrc, keyOf(one.node, call.id).ssrc],
          `seed ${seed}: each hears what the other speaks under`,
        );
      }
      assert.ok(
        one.machine.shown().filter(({ isHeld }) => !isHeld).length <= 1,
        `seed ${seed}: nobody listens to two`,
      );
    }
    for (const one of all) for (const { id } of one.machine.shown()) one.do({ type: 'hang-up', id });
    office.pass(2 * CALL_TIMES.keptMs);
    for (const one of all) {
      assert.deepEqual(one.states(), [], `seed ${seed}`);
      assert.equal(one.machine.nextWakeAt(), Infinity, `seed ${seed}: nothing is left to be done`);
    }
  }

  it('end alike at both ends, and no call rings for ever', () => {
    for (let seed = 1; seed <= 60; seed++) play(seed);
  });
});

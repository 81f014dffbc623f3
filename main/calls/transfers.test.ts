import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { seededRandom } from '../../test/support/seeded-random.ts';
import type { CallId, CallSignal } from '../model/index.ts';
import { CALL_TIMES } from './call-steps.ts';
import { assertTalking, callId, keyOf, Office, type Computer, type Network } from './test-office.ts';

/** Ann and Bo talk; Kim is online. */
function three(network?: Network) {
  const office = new Office(network);
  const [ann, bo, kim] = [office.add('ann'), office.add('bo'), office.add('kim')];
  const id = ann.call('1', bo);
  office.pass(2000);
  bo.answer(id);
  office.pass(2000);
  assert.deepEqual([ann.states(), bo.states()], [['active'], ['active']]);
  return { office, ann, bo, kim, id };
}

const count = (followed: readonly CallId[], connected: readonly { readonly id: CallId }[]): number =>
  followed.filter((id) => connected.some((one) => one.id === id)).length;
const shownIn = (computer: Computer, id: CallId) => computer.machine.shown().find((call) => call.id === id);

/** Asserts that neither side holds the call, and that no transfer is under way. */
function assertBack(a: Computer, b: Computer, id: CallId): void {
  for (const one of [a, b]) {
    const shown = shownIn(one, id);
    assert.deepEqual([shown?.state, shown?.isHeld, shown?.isHeldByThem], ['active', false, false]);
    assert.equal(shown?.transferredTo, null);
    assert.ok(shown.transfer === null || shown.transfer.state === 'failed');
  }
}

describe('a person who is transferred', () => {
  it('talks with the target once it answers, and the call with the transferring side is over', () => {
    const { office, ann, bo, kim, id } = three();
    const next = ann.transfer(id, '2', kim);
    assert.deepEqual(shownIn(ann, id)?.transfer, { person: kim.person, state: 'calling', reason: null });
    office.pass(10);
    assert.deepEqual(kim.states(), ['ringing'], 'it rings at Kim, who is called by Bo');
    assert.equal(kim.machine.shown()[0]?.person, bo.person);
    assert.equal(shownIn(ann, id)?.transfer?.state, 'ringing', 'Ann sees that');
    assert.equal(shownIn(bo, id)?.transferredTo, kim.person, 'Bo is told to whom');
    kim.answer(next);
    office.pass(10);
    assertTalking(bo, kim, next);
    assert.deepEqual([ann.states(), bo.states(), kim.states()], [[], ['active'], ['active']]);
    assert.deepEqual([ann.disconnected, bo.disconnected], [[id], [id]]);
  });

  it('by the called side works the same way', () => {
    const { office, ann, bo, kim, id } = three();
    const next = bo.transfer(id, '2', kim);
    office.pass(10);
    kim.answer(next);
    office.pass(10);
    assertTalking(ann, kim, next);
    assert.deepEqual(bo.states(), []);
  });

  for (const [what, reason, refuse] of [
    ['that nobody answers', 'unanswered', ({ office }) => office.pass(CALL_TIMES.ringMs)],
    [
      'that is put off',
      'declined',
      ({ office, kim, next }) => {
        office.pass(10);
        kim.do({ type: 'hang-up', id: next });
      },
    ],
    [
      'to somebody who is out of reach',
      'vanished',
      ({ office, kim }) => {
        kim.isOff = true;
        office.pass(CALL_TIMES.reachMs);
      },
    ],
    [
      'to somebody who vanishes while it rings',
      'vanished',
      ({ office, kim }) => {
        office.pass(10);
        kim.isOff = true;
        office.pass(CALL_TIMES.ringingSilenceMs + 3000);
      },
    ],
  ] as const satisfies readonly (readonly [
    string,
    string,
    (at: ReturnType<typeof three> & { next: CallId }) => void,
  ])[]) {
    it(`${what} is back with the transferring person, who sees why`, () => {
      const at = three();
      const { office, ann, bo, kim, id } = at;
      const next = ann.transfer(id, '2', kim);
      refuse({ ...at, next });
      office.pass(100);
      assertBack(ann, bo, id);
      assert.deepEqual(shownIn(ann, id)?.transfer, { person: kim.person, state: 'failed', reason });
      assert.deepEqual(ann.disconnected, []);
    });
  }

  it('is taken back when the transferring person takes the call up again, and the ringing stops', () => {
    const { office, ann, bo, kim, id } = three();
    ann.transfer(id, '2', kim);
    office.pass(10);
    ann.do({ type: 'hold', id, isOn: false });
    office.pass(10);
    assertBack(ann, bo, id);
    assert.deepEqual([shownIn(ann, id)?.transfer, kim.states(), kim.missed], [null, [], 1]);
  });

  it('stays in the call that they talk in, if they hold the one that is transferred', () => {
    const { office, ann, bo, kim, id } = three();
    const cy = office.add('cy');
    const other = cy.call('0', bo);
    office.pass(10);
    bo.answer(other);
    office.pass(10);
    ann.transfer(id, '2', kim);
    office.pass(10);
    assertTalking(cy, bo, other);
    assert.deepEqual([shownIn(ann, id)?.transfer?.state, kim.states()], ['failed', []]);
  });

  it('keeps calling the target if the transferring side vanishes or hangs up', () => {
    for (const leave of ['vanish', 'hang up'] as const) {
      const { office, ann, bo, kim, id } = three();
      const next = ann.transfer(id, '2', kim);
      office.pass(10);
      if (leave === 'vanish') ann.isOff = true;
      else ann.do({ type: 'hang-up', id });
      office.pass(CALL_TIMES.silenceMs + 3000);
      kim.answer(next);
      office.pass(10);
      assertTalking(bo, kim, next);
      assert.equal(bo.states()[0], 'active');
    }
  });

  it('and vanishes: the transferring side notices, and nothing rings for ever', () => {
    const { office, ann, bo, kim, id } = three();
    ann.transfer(id, '2', kim);
    office.pass(10);
    bo.isOff = true;
    office.pass(CALL_TIMES.silenceMs + 5000);
    assert.deepEqual([ann.states(), kim.states()], [['ended: vanished'], []]);
  });

  it('is transferred only by the computer at the other end', () => {
    const { office, ann, bo, kim, id } = three();
    const cy = office.add('cy');
    for (const side of ['caller', 'callee'] as const) {
      const signal: CallSignal = {
        ...{ v: 1, call: id, side, rev: 90, seen: 1, state: side === 'caller' ? 'connected' : 'ringing' },
        refer: { call: callId('2'), person: cy.person },
      };
      for (const one of [ann, bo])
        one.do({ type: 'signal', from: kim.node, person: kim.person, reception: 'ring', signal });
    }
    office.pass(100);
    assertBack(ann, bo, id);
    assert.deepEqual(cy.states(), []);
  });

  it('is not transferred under the id of a call that exists already', () => {
    const { office, ann, bo, id } = three();
    const cy = office.add('cy');
    const own = bo.call('7', cy);
    office.pass(10);
    ann.do({ type: 'transfer', id, refer: { call: own, person: cy.person } });
    office.pass(10);
    assert.equal(shownIn(ann, id)?.transfer?.state, 'failed');
    assert.deepEqual(cy.states(), ['ringing']);
  });
});

describe('a target that was consulted first', () => {
  /** Ann holds Bo and talks with Kim. */
  function asked() {
    const at = three();
    const { office, ann, kim } = at;
    const consultation = ann.call('5', kim);
    office.pass(10);
    kim.answer(consultation);
    office.pass(10);
    assertTalking(ann, kim, consultation);
    return { ...at, consultation };
  }

  it('has the call at once, without ringing', () => {
    const { office, ann, bo, kim, id, consultation } = asked();
    const next = ann.transfer(id, '2', kim, consultation);
    office.pass(20);
    assertTalking(bo, kim, next);
    assert.deepEqual([ann.states(), bo.states(), kim.states(), kim.missed], [[], ['active'], ['active'], 0]);
  });

  it('has it also where the two signals come in the other order', () => {
    const { office, ann, bo, kim, id, consultation } = asked();
    office.delay(ann, kim, 500);
    const next = ann.transfer(id, '2', kim, consultation);
    office.pass(100);
    assert.deepEqual(kim.states(), ['active', 'waiting'], 'Bo calls before Ann has told Kim of it');
    office.pass(1000);
    assertTalking(bo, kim, next);
    assert.deepEqual([ann.states(), kim.states()], [[], ['active']]);
  });

  it('and is gone: both calls stay as they were', () => {
    const { office, ann, bo, kim, id, consultation } = asked();
    kim.isOff = true;
    ann.transfer(id, '2', kim, consultation);
    office.pass(CALL_TIMES.reachMs + 100);
    assert.equal(shownIn(bo, id)?.state, 'active');
    assert.equal(shownIn(ann, id)?.transfer?.reason, 'vanished');
    assert.equal(shownIn(ann, consultation)?.state, 'active', 'until half a minute without a word is over');
  });

  it('answers itself for the announced person alone', () => {
    const { office, ann, kim, id, consultation } = asked();
    const cy = office.add('cy');
    ann.transfer(id, '2', kim, consultation);
    office.drop(office.computersOf(ann.person)[0]!);
    const forged = cy.call('2', kim);
    office.pass(10);
    assert.equal(shownIn(kim, forged)?.state, 'waiting');
  });
});

describe('transfers over a network that loses a third of all signals and reorders them', () => {
  /** Returns how many transfers succeeded. */
  function play(seed: number): number {
    const random = seededRandom(seed);
    const office = new Office({ loss: 0.3, delayMs: 400, random });
    const all = ['ann', 'bo', 'cy', 'di', 'ed'].map((name) => office.add(name));
    const any = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
    const fresh = () => `${Math.floor(random() * 1e9)}`;
    for (let turn = 0; turn < 40; turn++) {
      const one = any(all);
      const shown = one.machine.shown().filter(({ state }) => state !== 'ended');
      const active = shown.filter(({ state }) => state === 'active');
      const act = random();
      if (shown.length === 0 || act < 0.15) one.call(fresh(), any(all.filter((other) => other !== one)));
      else if (act < 0.6) for (const { id } of shown) one.answer(id);
      else if (act < 0.8 && active.length > 0) {
        const { id, person } = any(active);
        const to = any(all.filter((other) => other !== one && other.person !== person));
        const consultation = active.find((call) => call.person === to.person)?.id;
        one.transfer(id, fresh(), to, consultation);
      } else if (act < 0.9) one.do({ type: 'hang-up', id: any(shown).id });
      else one.do({ type: 'hold', id: any(shown).id, isOn: random() < 0.3 });
      if (random() < 0.02) one.isOff = true;
      office.pass(random() * 3000);
    }
    // One call after the other may ring, and each is shown for a while.
    office.pass(2 * (CALL_TIMES.ringMs + CALL_TIMES.keptMs));
    const there = all.filter(({ isOff }) => !isOff);
    for (const one of there) {
      for (const call of one.machine.shown()) {
        assert.equal(call.state, 'active', `seed ${seed}: nothing rings for ever`);
        assert.ok(call.transferredTo === null, `seed ${seed}: nobody is on the way for ever`);
        assert.ok(call.transfer === null || call.transfer.state === 'failed', `seed ${seed}: nobody waits`);
        const other = there.find((each) => each !== one && shownIn(each, call.id));
        assert.ok(other, `seed ${seed}: somebody is at the other end`);
        assert.equal(
          shownIn(other, call.id)?.person,
          one.person,
          `seed ${seed}: both know whom they talk to`,
        );
        assert.equal(call.isHeld, shownIn(other, call.id)?.isHeldByThem, `seed ${seed}: and who holds`);
        const connected = one.connected.find(({ id }) => id === call.id);
        assert.equal(connected?.ssrc, keyOf(other.node, call.id).ssrc, `seed ${seed}: by its own key`);
      }
      const open = one.machine.shown().filter(({ isHeld }) => !isHeld);
      assert.ok(open.length <= 1, `seed ${seed}: nobody listens to two`);
    }
    for (const one of there) for (const { id } of one.machine.shown()) one.do({ type: 'hang-up', id });
    office.pass(2 * CALL_TIMES.keptMs);
    for (const one of there) {
      assert.deepEqual(one.states(), [], `seed ${seed}`);
      assert.equal(one.machine.nextWakeAt(), Infinity, `seed ${seed}: nothing is left to be done`);
    }
    return all.reduce((sum, { followed, connected }) => sum + count(followed, connected), 0);
  }

  it('end alike at both ends, and nobody waits for ever', () => {
    let through = 0;
    for (let seed = 1; seed <= 100; seed++) through += play(seed);
    assert.ok(through > 50, `${through} were put through`);
  });
});

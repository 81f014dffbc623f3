import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { seededRandom } from '../../test/support/seeded-random.ts';
import { MAX_PARTY, type CallId, type CallSignal } from '../model/index.ts';
import { CALL_TIMES } from './call-steps.ts';
import { callId, keyOf, Office, type Computer, type Network } from './test-office.ts';

/** Long enough for a signal and its first repetitions. */
const SOON_MS = 500;
const NAMES = ['ann', 'bo', 'cy', 'di', 'ed', 'flo'] as const;

/** Ann talks with Bo; the others are online. */
function talking(network?: Network) {
  const office = new Office(network);
  const all = NAMES.map((name) => office.add(name));
  const [ann, bo, cy, di] = all as [Computer, Computer, Computer, Computer];
  const id = ann.call('1', bo);
  office.pass(10);
  bo.answer(id);
  office.pass(10);
  return { office, all, ann, bo, cy, di, id };
}

/** Calls somebody into the call, who answers and then talks with all. */
function bring(office: Office, by: Computer, into: CallId, id: string, other: Computer): CallId {
  const added = by.add(into, id, other);
  office.pass(10);
  other.answer(added);
  office.pass(SOON_MS);
  return added;
}

/** Asserts that these computers hear each other, and nobody else. */
function assertTogether(...computers: readonly Computer[]): void {
  for (const one of computers) {
    const others = computers.filter((other) => other !== one).map(({ name }) => name);
    assert.deepEqual(one.heard(), others.sort(), `whom ${one.name} hears`);
  }
}

describe('a call of several', () => {
  it('goes on while somebody is called into it, who then talks with all', () => {
    const { office, ann, bo, cy, id } = talking();
    const added = ann.add(id, '2', cy);
    office.pass(10);
    assertTogether(ann, bo);
    const [rings] = cy.machine.shown();
    assert.deepEqual(
      [cy.states(), rings?.alsoIn.includes(bo.node)],
      [['ringing'], true],
      'Cy sees who is in it',
    );
    cy.answer(added);
    office.pass(SOON_MS);
    assertTogether(ann, bo, cy);
    for (const one of [ann, bo, cy])
      assert.deepEqual(new Set(one.machine.shown().map(({ party }) => party)), new Set([id]));
  });

  it('goes on among the others where the way to one of them fails', () => {
    const { office, ann, bo, cy, id } = talking();
    ann.do({ type: 'hang-up', id: bring(office, ann, id, '2', cy), reason: 'failed' });
    office.pass(SOON_MS);
    assert.ok(ann.heard().includes('bo') && bo.heard().includes('ann'), 'Ann and Bo still talk');
  });

  it('speaks from each to each under a key of its own', () => {
    const { office, ann, bo, cy, id } = talking();
    bring(office, ann, id, '2', cy);
    const all = [ann, bo, cy];
    const keys = all.flatMap(({ connected }) => connected.map(({ ssrc }) => ssrc));
    assert.equal(new Set(keys).size, 6, 'three pairs, two directions each');
    for (const one of all)
      for (const { id: call, node, ssrc } of one.connected) assert.equal(ssrc, keyOf(node, call).ssrc);
  });

  it('grows to six, whoever of them calls the next one', () => {
    const { office, all, id } = talking();
    for (let n = 2; n < MAX_PARTY; n++) {
      const by = all[n - 1]!;
      const into = by.machine.shown()[0]!.id;
      const added = by.add(into, `add${n}`, all[n]!);
      office.pass(10);
      all[n]!.answer(added);
      office.pass(SOON_MS);
      assertTogether(...all.slice(0, n + 1));
    }
    assert.equal(all[0]!.machine.sizeOf(id), MAX_PARTY);
    for (const one of all) assert.equal(one.missed, 0);
  });

  it('goes on when somebody leaves, also the person who began it and called the others in', () => {
    const { office, ann, bo, cy, di, id } = talking();
    for (const [n, other] of [cy, di].entries()) {
      const added = ann.add(id, `add${n}`, other);
      office.pass(10);
      other.answer(added);
      office.pass(SOON_MS);
    }
    assertTogether(ann, bo, cy, di);
    ann.do({ type: 'hang-up', id });
    office.pass(SOON_MS);
    assert.deepEqual(ann.states(), []);
    assertTogether(bo, cy, di);
    const [any] = cy.machine.shown();
    cy.do({ type: 'hang-up', id: any!.id });
    office.pass(SOON_MS);
    assertTogether(bo, di);
    office.pass(60_000);
    assertTogether(bo, di);
    assert.deepEqual([ann.states(), cy.states()], [[], []], 'nobody is called back in');
  });

  it('goes on when the computer of one of them vanishes', () => {
    const { office, ann, bo, cy, id } = talking();
    bring(office, ann, id, '2', cy);
    ann.isOff = true;
    office.pass(CALL_TIMES.silenceMs + 5000);
    assertTogether(bo, cy);
    assert.deepEqual(bo.states(), ['active', 'ended: vanished']);
  });

  it('is not changed by a person who is called into it and does not answer', () => {
    const { office, ann, bo, cy, id } = talking();
    const added = ann.add(id, '2', cy);
    office.pass(10);
    cy.do({ type: 'hang-up', id: added });
    office.pass(SOON_MS);
    assertTogether(ann, bo);
    assert.deepEqual(ann.states(), ['active', 'ended: declined']);
    office.pass(60_000);
    assertTogether(ann, bo);
  });

  it('takes somebody in again who left', () => {
    const { office, ann, bo, cy, id } = talking();
    for (const call of ['2', '3']) {
      const added = ann.add(id, call, cy);
      office.pass(10);
      cy.answer(added);
      office.pass(SOON_MS);
      assertTogether(ann, bo, cy);
      if (call === '2') cy.do({ type: 'hang-up', id: added });
      office.pass(SOON_MS);
    }
  });

  it('is made of two calls that one person is in', () => {
    const { office, ann, bo, cy, id } = talking();
    const second = ann.call('2', cy);
    office.pass(10);
    cy.answer(second);
    office.pass(10);
    assert.deepEqual(ann.heard(), ['cy'], 'Bo is held');
    ann.do({ type: 'merge', id, into: second });
    office.pass(SOON_MS);
    assertTogether(ann, bo, cy);
  });

  it('is a call of two again when two are left, and can be merged with a held call', () => {
    const { office, ann, bo, cy, di, id } = talking();
    const added = bring(office, ann, id, '2', cy);
    cy.do({ type: 'hang-up', id: added });
    office.pass(SOON_MS);
    for (const one of [ann, bo])
      assert.deepEqual(
        one.machine.shown().map(({ party }) => party),
        [null],
      );
    const second = ann.call('3', di);
    office.pass(10);
    di.answer(second);
    office.pass(10);
    ann.do({ type: 'merge', id, into: second });
    office.pass(SOON_MS);
    assertTogether(ann, bo, di);
  });

  it('is muted, held and taken up again as one', () => {
    const { office, ann, bo, cy, id } = talking();
    ann.do({ type: 'mute', id, isOn: true });
    const added = bring(office, ann, id, '2', cy);
    assert.deepEqual(
      ann.machine.shown().map(({ isMuted }) => isMuted),
      [true, true],
      'whoever comes, too',
    );
    ann.do({ type: 'hold', id: added, isOn: true });
    office.pass(SOON_MS);
    assert.deepEqual(ann.heard(), []);
    for (const one of [bo, cy])
      assert.equal(one.machine.shown().filter(({ isHeldByThem }) => isHeldByThem).length, 1);
    assert.deepEqual(bo.heard(), ['ann', 'cy'], 'the others go on');
    ann.do({ type: 'hold', id, isOn: false });
    office.pass(SOON_MS);
    assertTogether(ann, bo, cy);
  });

  it('that its person holds stays held when somebody else calls a further one in', () => {
    const { office, ann, bo, cy, di, id } = talking();
    bring(office, bo, id, '2', cy);
    ann.do({ type: 'hold', id, isOn: true });
    const further = bo.add(id, '3', di);
    office.pass(10);
    di.answer(further);
    office.pass(SOON_MS);
    assert.deepEqual(ann.heard(), []);
    ann.do({ type: 'hold', id, isOn: false });
    office.pass(10);
    assertTogether(ann, bo, cy, di);
  });

  it('refuses a computer that no participant has named, without ringing', () => {
    const { office, ann, bo, di, id } = talking();
    const seats = [ann, bo, di].map(({ node }) => ({ node, seat: id }));
    for (const one of [ann, bo]) {
      const call = callId(`forged ${one.name}`);
      const signal: CallSignal = {
        ...{ v: 1, call, side: 'caller', rev: 1, seen: 0, asks: true, state: 'calling' },
        ...{ key: keyOf(di.node, call), party: { id, seats, joins: true } },
      };
      one.do({ type: 'signal', from: di.node, person: di.person, reception: 'ring', signal });
    }
    office.pass(SOON_MS);
    assertTogether(ann, bo);
    assert.deepEqual([ann.missed, bo.missed], [0, 0]);
  });

  it('takes a computer that calls before the others have heard of it', () => {
    const { office, ann, bo, cy, id } = talking();
    office.delay(ann, bo, 1500);
    const added = ann.add(id, '2', cy);
    office.pass(10);
    cy.answer(added);
    office.pass(1000);
    assert.deepEqual([bo.heard(), cy.heard()], [['ann'], ['ann']]);
    office.pass(4000);
    assertTogether(ann, bo, cy);
  });
});

describe('calls of several over a network that loses a fifth of all signals and reorders them', () => {
  function play(seed: number): number {
    const random = seededRandom(seed);
    const office = new Office({ loss: 0.2, delayMs: 300, random });
    const all = NAMES.map((name) => office.add(name));
    const any = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
    const fresh = () => `${Math.floor(random() * 1e9)}`;
    let most = 0;
    for (let turn = 0; turn < 50; turn++) {
      const one = any(all);
      const shown = one.machine.shown().filter(({ state }) => state !== 'ended');
      const active = shown.filter(({ state }) => state === 'active');
      const act = random();
      const others = all.filter(
        (other) => other !== one && active.every(({ person }) => person !== other.person),
      );
      if (shown.length === 0 && act < 0.5) one.call(fresh(), any(others));
      else if (act < 0.6) for (const { id } of shown) one.answer(id);
      else if (act < 0.85 && active.length > 0 && others.length > 0)
        one.add(active[0]!.id, fresh(), any(others));
      else if (act < 0.9 && active.length > 1)
        one.do({ type: 'merge', id: active[1]!.id, into: active[0]!.id });
      else if (act < 0.95 && active.length > 0)
        one.do({ type: 'hold', id: any(active).id, isOn: random() < 0.3 });
      else if (shown.length > 0) one.do({ type: 'hang-up', id: any(shown).id });
      office.pass(random() * 4000);
      most = Math.max(most, ...all.map((each) => each.heard().length + 1));
    }
    office.pass(2 * (CALL_TIMES.ringMs + CALL_TIMES.keptMs));
    const shownIn = (computer: Computer, id: CallId) =>
      computer.machine.shown().find((call) => call.id === id);
    for (const one of all) {
      const calls = one.machine.shown();
      for (const call of calls) {
        assert.equal(call.state, 'active', `seed ${seed}: nothing rings for ever`);
        const other = all.find((each) => each !== one && shownIn(each, call.id));
        assert.ok(other && shownIn(other, call.id)?.person === one.person, `seed ${seed}: two are in each`);
        assert.equal(call.isHeld, shownIn(other, call.id)?.isHeldByThem, `seed ${seed}: both know who holds`);
        assert.equal(call.party, shownIn(other, call.id)?.party, `seed ${seed}: both are in the same`);
      }
      const open = calls.filter(({ isHeld }) => !isHeld);
      const parties = new Set(open.map(({ id, party }) => party ?? id));
      assert.ok(parties.size <= 1, `seed ${seed}: nobody listens to two`);
    }
    for (const one of all) for (const { id } of one.machine.shown()) one.do({ type: 'hang-up', id });
    office.pass(2 * CALL_TIMES.keptMs);
    for (const one of all) {
      assert.deepEqual(one.states(), [], `seed ${seed}`);
      assert.equal(one.machine.nextWakeAt(), Infinity, `seed ${seed}: nothing is left to be done`);
    }
    return most;
  }

  it('end alike at all ends, and no call rings for ever', () => {
    let most = 0;
    for (let seed = 1; seed <= 20; seed++) most = Math.max(most, play(seed));
    assert.ok(most >= 4, `at most ${most} were together`);
  });
});

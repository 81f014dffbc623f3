import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { seededRandom } from '../../test/support/seeded-random.ts';
import type { CallId } from '../model/index.ts';
import { SAID_WITHIN_MS, TOLD_WITHIN_MS } from './call-recorder.ts';
import { CALL_TIMES } from './call-steps.ts';
import { two, type Computer, type Network, type Office } from './test-office.ts';

const recordings = (computer: Computer) =>
  computer.machine
    .shown()
    .map(({ recording, isRecordedByThem }) => [recording, ...(isRecordedByThem ? ['by them'] : [])].join());

/** While something of a call is kept, whoever is in it is shown that. */
function watch(office: Office, ...computers: readonly Computer[]): void {
  office.look = () => {
    for (const one of computers) {
      for (const id of one.kept) {
        const others = computers.filter((other) => other !== one && !other.isOff);
        for (const { machine } of others) {
          const call = machine.shown().find((shown) => shown.id === id && shown.state === 'active');
          assert.ok(!call || call.isRecordedByThem, 'nothing is kept of whom nobody told');
        }
      }
    }
  };
}

function talking(network?: Network) {
  const { office, ann, bo } = two(network);
  watch(office, ann, bo);
  const id = ann.call('1', bo);
  office.pass(10);
  bo.answer(id);
  office.pass(10);
  return { office, ann, bo, id };
}

/** Ann, Bo and Cy in a call of several, which begins as Ann’s call of Bo. */
function three() {
  const { office, ann, bo, id } = talking();
  const cy = office.add('cy');
  watch(office, ann, bo, cy);
  const second = ann.add(id, '2', cy);
  office.pass(10);
  cy.answer(second);
  office.pass(2000);
  assert.deepEqual(
    [ann.heard(), bo.heard()],
    [
      ['bo', 'cy'],
      ['ann', 'cy'],
    ],
  );
  return { office, ann, bo, cy, id };
}

describe('recording a call', () => {
  it('keeps nothing before the other side has said that its person is told, and both are shown it', () => {
    const { office, ann, bo, id } = talking();
    ann.do({ type: 'record', id });
    assert.deepEqual([ann.kept, recordings(ann)], [[], ['asked']]);
    office.pass(1);
    assert.deepEqual([ann.kept, recordings(bo)], [[], [',by them']], 'Bo is told first');
    office.pass(10);
    assert.deepEqual([ann.kept, recordings(ann)], [[id], ['on']]);
    office.pass(120_000);
    assert.deepEqual([ann.kept, ann.recorded], [[id], []], 'and so it stays');
  });

  it('ends where its person ends it, and the other side is told', () => {
    const { office, ann, bo, id } = talking();
    ann.do({ type: 'record', id });
    office.pass(10);
    ann.do({ type: 'stop-recording' });
    assert.deepEqual([ann.kept, ann.recorded], [[], ['stopped']]);
    office.pass(10);
    assert.deepEqual([recordings(ann), recordings(bo)], [[''], ['']]);
    assert.deepEqual([ann.heard(), bo.heard()], [['bo'], ['ann']], 'the call goes on');
  });

  it('can be done by both sides at once, and by the side that was called', () => {
    const { office, ann, bo, id } = talking();
    for (const one of [ann, bo]) one.do({ type: 'record', id });
    office.pass(20);
    assert.deepEqual([ann.kept, bo.kept], [[id], [id]]);
    assert.deepEqual([recordings(ann), recordings(bo)], [['on,by them'], ['on,by them']]);
    ann.do({ type: 'stop-recording' });
    office.pass(20);
    assert.deepEqual([ann.kept, bo.kept], [[], [id]]);
  });

  it('again asks again: what was said of the one before counts for nothing', () => {
    const { office, ann, bo, id } = talking();
    ann.do({ type: 'record', id });
    office.pass(10);
    ann.do({ type: 'stop-recording' });
    office.drop(ann.node);
    ann.do({ type: 'record', id });
    assert.deepEqual(ann.kept, []);
    office.delay(bo, ann, 300);
    office.pass(200);
    assert.deepEqual([ann.kept, recordings(bo)], [[], [',by them']]);
    office.pass(400);
    assert.deepEqual(ann.kept, [id]);
  });

  it('ends where the other side does not say that its person is told: nothing was kept', () => {
    const { office, ann, bo, id } = talking();
    office.delay(bo, ann, 60_000);
    ann.do({ type: 'record', id });
    office.pass(TOLD_WITHIN_MS - 100);
    assert.deepEqual([ann.kept, ann.recorded], [[], []]);
    ann.do({ type: 'heard', id });
    office.pass(200);
    assert.deepEqual([ann.kept, ann.recorded], [[], ['untold']]);
    assert.deepEqual(recordings(ann), [''], 'the call goes on');
  });

  it('ends where the other side stops saying so, also while its packets come', () => {
    const { office, ann, bo, id } = talking();
    ann.do({ type: 'record', id });
    office.pass(10);
    bo.isOff = true;
    for (let passed = 0; passed < SAID_WITHIN_MS + 500; passed += 500) {
      office.pass(500);
      ann.do({ type: 'heard', id });
    }
    assert.deepEqual([ann.kept, ann.recorded, recordings(ann)], [[], ['untold'], ['']]);
  });

  it('ends where the person who records holds the call, or answers another one', () => {
    const { office, ann, bo, id } = talking();
    ann.do({ type: 'record', id });
    office.pass(10);
    ann.do({ type: 'hold', id, isOn: true });
    assert.deepEqual([ann.kept, ann.recorded], [[], ['held']]);
    ann.do({ type: 'hold', id, isOn: false });
    office.pass(10);
    assert.deepEqual([ann.kept, recordings(bo)], [[], ['']], 'it does not go on by itself');
    ann.do({ type: 'record', id });
    const cy = office.add('cy');
    const second = cy.call('2', ann);
    office.pass(10);
    ann.answer(second);
    office.pass(10);
    assert.deepEqual([ann.kept, ann.recorded], [[], ['held', 'held']]);
  });

  it('goes on while the other side holds the call, and is not begun in a call that is held', () => {
    const { office, ann, bo, id } = talking();
    ann.do({ type: 'record', id });
    office.pass(10);
    bo.do({ type: 'hold', id, isOn: true });
    office.pass(30_000);
    assert.deepEqual([ann.kept, recordings(bo)], [[id], [',by them']]);
    bo.do({ type: 'record', id });
    assert.deepEqual([bo.kept, bo.recorded], [[], ['held']]);
  });

  it('ends with the call: hung up, put through, vanished, or of a member who is out', () => {
    for (const end of [
      (id: CallId, ann: Computer) => ann.do({ type: 'hang-up', id }),
      (id: CallId, _ann: Computer, bo: Computer) => bo.do({ type: 'hang-up', id }),
      (_id: CallId, ann: Computer, bo: Computer) => ann.do({ type: 'gone', node: bo.node }),
    ]) {
      const { office, ann, bo, id } = talking();
      ann.do({ type: 'record', id });
      office.pass(10);
      end(id, ann, bo);
      office.pass(10);
      assert.deepEqual([ann.kept, ann.recorded], [[], ['call-over']]);
    }
    const { office, ann, bo, id } = talking();
    const cy = office.add('cy');
    bo.do({ type: 'record', id });
    office.pass(10);
    const through = ann.transfer(id, '3', cy);
    office.pass(10);
    cy.answer(through);
    office.pass(10);
    assert.deepEqual([bo.heard(), bo.kept, bo.recorded], [['cy'], [], ['held']], 'while it rings at Cy');
  });

  it('of a call of several keeps nothing until all are told, and waits where somebody comes into it', () => {
    const { office, ann, bo, cy, id } = three();
    office.delay(cy, ann, 500);
    ann.do({ type: 'record', id });
    office.pass(300);
    assert.deepEqual(ann.kept, [], 'Cy has not said it yet');
    office.pass(600);
    assert.equal(ann.kept.length, 2);
    const dan = office.add('dan');
    watch(office, ann, bo, cy, dan);
    office.delay(dan, ann, 400);
    const third = bo.add(id, '4', dan);
    office.pass(10);
    dan.answer(third);
    const sizes = new Set<number>();
    const look = office.look;
    office.look = () => {
      look();
      sizes.add(ann.kept.length);
    };
    office.pass(5000);
    assert.deepEqual([...sizes], [2, 0, 3], 'it waits until Dan is told, too');
    assert.deepEqual(
      [bo, cy, dan].map((one) => one.machine.shown().filter((call) => call.isRecordedByThem).length),
      [1, 1, 1],
    );
    bo.do({ type: 'hang-up', id });
    office.pass(2000);
    assert.deepEqual([ann.kept.length, ann.recorded], [2, []], 'whoever leaves, the others go on');
  });

  it('of a call of several ends where one of them is not told', () => {
    const { office, ann, cy, id } = three();
    office.delay(cy, ann, 60_000);
    ann.do({ type: 'record', id });
    office.pass(TOLD_WITHIN_MS + 100);
    assert.deepEqual([ann.kept, ann.recorded], [[], ['untold']]);
  });

  it('keeps nothing of whom nobody told over a network that loses and turns round a third of all signals', () => {
    let kept = 0;
    for (let seed = 1; seed <= 80; seed++) {
      const random = seededRandom(seed);
      const { office, ann, bo } = two({ loss: 0.3, delayMs: 400, random });
      watch(office, ann, bo);
      const id = ann.call('1', bo);
      office.pass(5000);
      bo.answer(id);
      office.pass(8000);
      for (let turn = 0; turn < 20; turn++) {
        const one = random() < 0.5 ? ann : bo;
        const act = random();
        if (act < 0.5) one.do({ type: 'record', id });
        else if (act < 0.8) one.do({ type: 'stop-recording' });
        else one.do({ type: 'hold', id, isOn: random() < 0.5 });
        office.pass(random() * 4000);
        if (ann.kept.length + bo.kept.length > 0) kept += 1;
      }
      for (const one of [ann, bo]) one.do({ type: 'hold', id, isOn: false });
      ann.do({ type: 'stop-recording' });
      bo.do({ type: 'stop-recording' });
      office.pass(20_000);
      assert.deepEqual(
        [recordings(ann), recordings(bo)],
        [[''], ['']],
        `seed ${seed}: both come to the same`,
      );
      for (const one of [ann, bo]) one.do({ type: 'hang-up', id });
      office.pass(2 * CALL_TIMES.keptMs);
      assert.equal(ann.machine.nextWakeAt(), Infinity, `seed ${seed}: nothing is left to be done`);
    }
    assert.ok(kept > 200, `something was kept: ${kept}`);
  });
});

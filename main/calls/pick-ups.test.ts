import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { CallId } from '../model/index.ts';
import { CALL_TIMES } from './call-steps.ts';
import { assertTalking, callId, Office, type Computer } from './test-office.ts';

/** Ann calls Bo; Kim is in a group with him. */
function ringing() {
  const office = new Office();
  const [ann, bo, kim] = [office.add('ann'), office.add('bo'), office.add('kim')];
  const id = ann.call('1', bo);
  office.pass(1000);
  return { office, ann, bo, kim, id };
}

/** What Kim's computer says to Bo's, and Bo's to Ann's. */
function take(kim: Computer, bo: Computer, ann: Computer, id: CallId, as: string, untilMs = 1e9): CallId {
  kim.do({ type: 'expect', id: callId(as), person: ann.person, until: untilMs });
  bo.do({ type: 'hand-over', id, refer: { call: callId(as), person: kim.person, node: kim.node } });
  return callId(as);
}

describe('a call that rings at a colleague', () => {
  it('is picked up: both talk at once, the ringing stops, and the colleague sees who picked it up', () => {
    const { office, ann, bo, kim, id } = ringing();
    const picked = take(kim, bo, ann, id, '2');
    office.pass(50);
    assertTalking(ann, kim, picked);
    assert.deepEqual([ann.states(), kim.states()], [['active'], ['active']]);
    assert.deepEqual([bo.states(), bo.missed], [['ended: picked-up'], 0]);
    assert.equal(bo.machine.shown()[0]?.pickedUpBy, kim.person);
    office.pass(CALL_TIMES.shownMs);
    assert.deepEqual(bo.states(), []);
  });

  it('says so at all computers of the colleague', () => {
    const office = new Office();
    const [ann, kim] = [office.add('ann'), office.add('kim')];
    const [desk, laptop] = [office.add('desk', 'bo'), office.add('laptop', 'bo')];
    const id = ann.call('1', desk, laptop);
    office.pass(100);
    take(kim, laptop, ann, id, '2');
    office.pass(50);
    for (const one of [desk, laptop]) {
      assert.deepEqual([one.states(), one.missed], [['ended: picked-up'], 0]);
      assert.equal(one.machine.shown()[0]?.pickedUpBy, kim.person);
    }
  });

  it('rings on if the computer that picks it up is gone, and can still be answered', () => {
    const { office, ann, bo, kim, id } = ringing();
    kim.isOff = true;
    take(kim, bo, ann, id, '2');
    office.pass(CALL_TIMES.reachMs + 500);
    assert.deepEqual([ann.states(), bo.states()], [['ringing'], ['ringing']]);
    bo.answer(id);
    office.pass(50);
    assertTalking(ann, bo, id);
  });

  it('goes to one of two people who take it in the same moment', () => {
    const { office, ann, bo, kim, id } = ringing();
    take(kim, bo, ann, id, '2');
    bo.answer(id);
    office.pass(200);
    assert.deepEqual(ann.states(), ['active']);
    assert.equal([bo, kim].filter((one) => one.states().includes('active')).length, 1);
  });

  it('cannot be picked up once the caller has given up', () => {
    const { office, ann, bo, kim, id } = ringing();
    take(kim, bo, ann, id, '2');
    ann.do({ type: 'hang-up', id });
    office.pass(200);
    assert.deepEqual([ann.states(), bo.states(), kim.states()], [[], [], []]);
  });

  it('answers itself for the expected caller alone, and for some seconds alone', () => {
    const { office, ann, bo, kim, id } = ringing();
    kim.do({ type: 'expect', id: callId('9'), person: bo.person, until: office.now + 5000 });
    const other = ann.call('9', kim);
    office.pass(50);
    assert.deepEqual(kim.states(), ['ringing'], 'another person under that name rings');
    ann.do({ type: 'hang-up', id: other });
    const late = take(kim, bo, ann, id, '2', office.now);
    office.pass(50);
    assert.ok(!kim.connected.some((one) => one.id === late));
  });
});

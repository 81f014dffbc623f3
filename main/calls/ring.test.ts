import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ringOf } from './ring.ts';
import { Office, two, type Computer } from './test-office.ts';

const isIncoming = ({ machine }: Computer) => machine.shown().map((call) => call.isIncoming);
const rings = ({ machine }: Computer, isLocked = false) => ringOf(machine.shown(), isLocked);

describe('a call', () => {
  it('comes in until it is answered, and rings for both sides', () => {
    const { office, ann, bo } = two();
    const id = ann.call('1', bo);
    office.pass(10);
    assert.deepEqual([isIncoming(ann), isIncoming(bo)], [[false], [true]]);
    assert.deepEqual([rings(ann), rings(bo), rings(bo, true)], ['ringback', 'ring', null]);
    bo.answer(id);
    office.pass(10);
    assert.deepEqual([isIncoming(ann), isIncoming(bo)], [[false], [false]]);
    assert.deepEqual([rings(ann), rings(bo)], [null, null]);
  });

  it('that only notifies comes in, and is not heard', () => {
    const { office, ann, bo } = two();
    bo.reception = 'notify';
    ann.call('1', bo);
    office.pass(10);
    assert.deepEqual([isIncoming(bo), rings(ann), rings(bo)], [[true], null, null]);
  });

  it('that comes during another one rings softly', () => {
    const office = new Office();
    const [ann, bo, cy] = [office.add('ann'), office.add('bo'), office.add('cy')];
    const first = ann.call('1', bo);
    office.pass(10);
    bo.answer(first);
    cy.call('2', bo);
    office.pass(10);
    assert.deepEqual([isIncoming(bo), rings(bo), rings(cy)], [[false, true], 'waiting', null]);
  });
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { NodeId } from '../../model/index.ts';
import { computer, Office, type SignedStatement } from './test-office.ts';

const [ana, bo, cy, dana] = [computer(0), computer(1), computer(2), computer(3)];
const people = Array.from({ length: 4 }, (_, n) => computer(n + 4));

/** Ana founds and admits everybody; Dana has the number 12. */
function started() {
  const office = new Office();
  const admitted = [bo, cy, dana, ...people].map((who) => office.admit(ana, [office.charter], who));
  const held = office.number(dana, admitted, '12');
  const holderOf = (extension: string, ...more: SignedStatement[]): NodeId | undefined =>
    office.ledger(...admitted, held, ...more).standing.extensions.get(extension);
  return { office, admitted, held, holderOf };
}

void test('a person has the last number that was granted, and the old one is free', () => {
  const { office, held, holderOf } = started();
  const changed = office.number(dana, [held], '13');
  assert.equal(holderOf('12'), dana.nodeId);
  assert.equal(holderOf('13', changed), dana.nodeId);
  assert.equal(holderOf('12', changed), undefined);
});

void test('a plain member gives a number to themselves alone', () => {
  const { office, held, holderOf } = started();
  assert.equal(holderOf('13', office.number(bo, [held], '13', { person: dana })), undefined);
  assert.equal(holderOf('13', office.number(ana, [held], '13', { person: dana })), dana.nodeId);
});

void test('a plain member does not change a colleague’s number by admitting them again', () => {
  const { office, held, holderOf } = started();
  const again = office.admit(bo, [held], dana, { extension: '99' });
  assert.equal(holderOf('12', again), dana.nodeId);
  assert.equal(holderOf('99', again), undefined);
  assert.equal(holderOf('99', office.admit(ana, [held], dana, { extension: '99' })), dana.nodeId);
});

void test('a removal frees the number, a restore brings it back', () => {
  const { office, held, holderOf } = started();
  const removal = office.remove(ana, [held], dana);
  const taken = office.number(bo, [removal], '12');
  assert.equal(holderOf('12', removal), undefined);
  assert.equal(holderOf('12', removal, taken), bo.nodeId);
  assert.equal(holderOf('12', removal, taken, office.restore(ana, [taken], removal)), dana.nodeId);
});

void test('a newcomer does not take a number: the older grant is in the admission’s past', () => {
  const { office, held, holderOf } = started();
  const newcomer = office.admit(bo, [held], computer(20), { extension: '12' });
  const again = office.number(computer(20), [newcomer], '12');
  assert.equal(holderOf('12', newcomer, again), dana.nodeId);
});

void test('a clock takes no number: no time in a statement means anything', () => {
  const { office, held, holderOf } = started();
  const fields = { person: bo.nodeId, extension: '12', at: 0, time: '1970-01-01T00:00:00Z' };
  assert.equal(holderOf('12', office.say(bo, [held], 'number', fields)), dana.nodeId);
});

void test('a member who backdates is outvoted by those who knew the holder', () => {
  const { office, admitted, held, holderOf } = started();
  const backdated = office.number(bo, [admitted[0]!], '12');
  const votes = people.map((who) => office.vote(who, [held], held, backdated));
  assert.equal(holderOf('12', backdated, ...votes), dana.nodeId, 'backdated to its author’s first day');
  const less = office.number(bo, admitted.slice(0, 5), '12');
  assert.equal(
    holderOf('12', less, ...people.map((who) => office.vote(who, [held], held, less))),
    dana.nodeId,
  );
});

void test('neither of the two persons votes', () => {
  const { office, admitted, held, holderOf } = started();
  const other = office.number(bo, admitted, '12');
  const winner = holderOf('12', other);
  const [loser, lost, kept] = winner === bo.nodeId ? [dana, held, other] : [bo, other, held];
  assert.equal(holderOf('12', other, office.vote(loser, [held, other], lost, kept)), winner);
  assert.equal(holderOf('12', other, office.vote(cy, [held, other], lost, kept)), loser.nodeId);
});

void test('without votes the grant that an admin signed wins, and an admin’s `over` before all', () => {
  const { office, admitted, held, holderOf } = started();
  const granted = office.number(ana, admitted, '12', { person: bo });
  assert.equal(holderOf('12', granted), bo.nodeId);
  const seen = office.number(ana, [held], '12', { person: bo });
  assert.equal(holderOf('12', seen), dana.nodeId);
  assert.equal(holderOf('12', office.number(ana, [held], '12', { person: bo, over: held })), bo.nodeId);
  assert.equal(
    holderOf('12', office.number(bo, [held], '12', { over: held })),
    dana.nodeId,
    'a plain member’s',
  );
});

void test('64 numbers of one author count, the first in order', () => {
  const { office, held, holderOf } = started();
  const numbers: SignedStatement[] = [];
  for (let n = 0; n < 70; n++)
    numbers.push(office.number(bo, numbers.slice(-1).concat(held), String(200 + n)));
  assert.equal(holderOf('263', ...numbers), bo.nodeId);
  assert.equal(holderOf('269', ...numbers), undefined);
});

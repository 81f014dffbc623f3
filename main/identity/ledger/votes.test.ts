import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Ledger } from './ledger.ts';
import type { StatementId } from './statement.ts';
import { computer, Office, personOf, type Said, type Signer } from './test-office.ts';
import { dueVotes, evaluateAtMs, meetings, type Meeting } from './votes.ts';

const [ana, bo] = [computer(0), computer(1)];
const people = Array.from({ length: 8 }, (_, n) => computer(n + 2));
const NOON = 43_200_000;

/** Ana founds and admits everybody; Bo, an admin, dismisses her; she dismisses him. */
function started() {
  const office = new Office();
  const admitted = [bo, ...people].map((who) => office.admit(ana, [office.charter], who));
  const grant = office.makeAdmin(ana, admitted, bo);
  const dismissal = office.remove(bo, [grant], ana);
  const revenge = office.remove(ana, [grant], bo);
  const ledger = office.ledger(...admitted, grant, dismissal, revenge);
  return { office, grant, dismissal, revenge, ledger };
}

function met(ledger: Ledger, ...came: (readonly [Said, number])[]): Meeting[] {
  const exchanges = new Map<StatementId, number>(came.map(([{ id }, exchange]) => [id, exchange]));
  return meetings(ledger.standing.contests, exchanges, [], NOON, () => 0.5);
}

function dueFor(who: Signer, ledger: Ledger, those: readonly Meeting[], nowMs: number) {
  return dueVotes(those, ledger.standing.contests, { node: who.nodeId, person: personOf(who) }, nowMs);
}

void test('a node that held one side before the other came signs after a random time up to 5 s', () => {
  const { dismissal, revenge, ledger } = started();
  const those = met(ledger, [dismissal, 1], [revenge, 2]);
  assert.deepEqual(those, [
    { first: dismissal.id, over: revenge.id, signAtMs: NOON + 2_500, evaluateAtMs: NOON + 10_000 },
  ]);
  assert.deepEqual(dueFor(people[0]!, ledger, those, NOON + 2_499), []);
  assert.deepEqual(dueFor(people[0]!, ledger, those, NOON + 2_500), [
    { first: dismissal.id, over: revenge.id },
  ]);
});

void test('a node to which both came in one exchange, or at its start, signs nothing', () => {
  const { dismissal, revenge, ledger } = started();
  assert.deepEqual(met(ledger, [dismissal, 3], [revenge, 3]), []);
  assert.deepEqual(met(ledger), []);
});

void test('the times stay when the contests are looked at again', () => {
  const { dismissal, revenge, ledger } = started();
  const exchanges = new Map([[revenge.id, 1]]);
  const { contests } = ledger.standing;
  const those = meetings(contests, exchanges, [], NOON, () => 0.5);
  const again = meetings(contests, exchanges, those, NOON + 1_000, () => assert.fail('no new one'));
  assert.deepEqual(again, those);
  assert.equal(those[0]?.first, dismissal.id);
});

void test('neither party signs, nor a person who has signed, nor anybody once a side is five votes ahead', () => {
  const { office, dismissal, revenge, ledger } = started();
  const those = met(ledger, [dismissal, 1], [revenge, 2]);
  const later = NOON + 5_000;
  for (const party of [ana, bo]) assert.deepEqual(dueFor(party, ledger, those, later), []);
  assert.equal(dueFor(people[7]!, ledger, those, later).length, 1);
  const vote = (who: Signer, first: Said, over: Said) =>
    ledger.add(office.vote(who, [dismissal, revenge], first, over));
  vote(people[0]!, dismissal, revenge);
  assert.deepEqual(dueFor(people[0]!, ledger, those, later), [], 'has signed');
  for (const who of people.slice(1, 5)) vote(who, dismissal, revenge);
  assert.deepEqual(dueFor(people[7]!, ledger, those, later), [], 'five ahead');
  vote(people[5]!, revenge, dismissal);
  assert.equal(dueFor(people[7]!, ledger, those, later).length, 1, 'four ahead');
});

void test('a sock puppet signs nothing, since its vote would not count', () => {
  const { office, grant, dismissal, ledger } = started();
  const puppet = office.admit(ana, [grant], computer(20));
  const revenge = office.remove(ana, [puppet], bo);
  for (const statement of [puppet, revenge]) ledger.add(statement);
  const those = met(ledger, [dismissal, 2], [revenge, 1]);
  const due = dueFor(people[0]!, ledger, those, NOON + 5_000);
  assert.ok(
    due.some(({ first }) => first === revenge.id),
    'a colleague whom both had seen does',
  );
  assert.deepEqual(dueFor(computer(20), ledger, those, NOON + 5_000), []);
});

void test('a clash of numbers is put to the vote, and the votes that are signed decide it', () => {
  const office = new Office();
  const admitted = people.map((who) => office.admit(ana, [office.charter], who));
  const numbers = people.slice(0, 2).map((who) => office.number(who, admitted, '12')) as [Said, Said];
  const ledger = office.ledger(...admitted, ...numbers);
  const holder = ledger.standing.extensions.get('12');
  const [first, over] = holder === people[0]!.nodeId ? [numbers[1], numbers[0]] : [numbers[0], numbers[1]];
  const those = met(ledger, [first, 1], [over, 2]);
  const [vote] = dueFor(people[4]!, ledger, those, NOON + 5_000);
  assert.deepEqual(vote, { first: first.id, over: over.id });
  ledger.add(office.vote(people[4]!, [first, over], first, over));
  assert.notEqual(ledger.standing.extensions.get('12'), holder);
});

void test('the new side is evaluated 10 s after it came, however many more come meanwhile', () => {
  const { dismissal, revenge, ledger } = started();
  assert.equal(evaluateAtMs([], NOON), undefined);
  const those = met(ledger, [dismissal, 1], [revenge, 2]);
  const more = { ...those[0]!, evaluateAtMs: NOON + 19_000 };
  assert.equal(evaluateAtMs([...those, more], NOON + 9_000), NOON + 10_000);
  assert.equal(evaluateAtMs([...those, more], NOON + 10_000), undefined);
});

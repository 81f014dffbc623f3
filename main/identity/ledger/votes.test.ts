import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Ledger } from './ledger.ts';
import type { StatementId } from './statement.ts';
import { computer, Office, personOf, type SignedStatement, type Signer } from './test-office.ts';
import { ballots, dueVotes, unsettled, type Ballot, type Voter } from './votes.ts';

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
  return { office, admitted, grant, dismissal, revenge, ledger };
}

function met(ledger: Ledger, ...came: (readonly [SignedStatement, number])[]): Ballot[] {
  const exchanges = new Map<StatementId, number>(came.map(([{ id }, exchange]) => [id, exchange]));
  return ballots(ledger.standing.contests, exchanges, [], NOON, () => 0.5);
}

function dueFor(
  who: Signer,
  ledger: Ledger,
  those: readonly Ballot[],
  nowMs: number,
  signed: Partial<Voter> = {},
) {
  const voter = { node: who.nodeId, person: personOf(who), signed: 0, signedOnNumbers: 0, ...signed };
  return dueVotes(those, ledger.standing.contests, voter, nowMs);
}

void test('a node that held one side before the other came signs after a random time up to 5 s', () => {
  const { dismissal, revenge, ledger } = started();
  const those = met(ledger, [dismissal, 1], [revenge, 2]);
  assert.deepEqual(those, [
    {
      ...{ first: dismissal.id, over: revenge.id, isRemoval: true },
      ...{ signAtMs: NOON + 2_500, settlesAtMs: NOON + 10_000 },
    },
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
  const those = ballots(contests, exchanges, [], NOON, () => 0.5);
  const again = ballots(contests, exchanges, those, NOON + 1_000, () => assert.fail('no new one'));
  assert.deepEqual(again, those);
  assert.equal(those[0]?.first, dismissal.id);
});

void test('neither party signs, nor a person who has signed, nor anybody once a side is five votes ahead', () => {
  const { office, dismissal, revenge, ledger } = started();
  const those = met(ledger, [dismissal, 1], [revenge, 2]);
  const later = NOON + 5_000;
  for (const party of [ana, bo]) assert.deepEqual(dueFor(party, ledger, those, later), []);
  assert.equal(dueFor(people[7]!, ledger, those, later).length, 1);
  const vote = (who: Signer, first: SignedStatement, over: SignedStatement) =>
    ledger.add(office.vote(who, [dismissal, revenge], first, over));
  vote(people[0]!, dismissal, revenge);
  assert.deepEqual(dueFor(people[0]!, ledger, those, later), [], 'has signed');
  for (const who of people.slice(1, 5)) vote(who, dismissal, revenge);
  assert.deepEqual(dueFor(people[7]!, ledger, those, later), [], 'five ahead');
  vote(people[5]!, revenge, dismissal);
  assert.equal(dueFor(people[7]!, ledger, those, later).length, 1, 'four ahead');
});

void test('a sock puppet signs nothing, since its vote would not count', () => {
  const { office, grant, admitted, dismissal } = started();
  const puppet = office.admit(ana, [grant], computer(20));
  const revenge = office.remove(ana, [puppet], bo);
  const ledger = office.ledger(...admitted, grant, dismissal, puppet, revenge);
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
  const numbers = people.slice(0, 2).map((who) => office.number(who, admitted, '12')) as [
    SignedStatement,
    SignedStatement,
  ];
  const ledger = office.ledger(...admitted, ...numbers);
  const holder = ledger.standing.extensions.get('12');
  const [first, over] = holder === people[0]!.nodeId ? [numbers[1], numbers[0]] : [numbers[0], numbers[1]];
  const those = met(ledger, [first, 1], [over, 2]);
  const [vote] = dueFor(people[4]!, ledger, those, NOON + 5_000);
  assert.deepEqual(vote, { first: first.id, over: over.id });
  ledger.add(office.vote(people[4]!, [first, over], first, over));
  assert.notEqual(ledger.standing.extensions.get('12'), holder);
});

void test('each new side is believed 10 s after it came, however many more come meanwhile', () => {
  const { dismissal, revenge, ledger } = started();
  assert.deepEqual([...unsettled([], NOON)], []);
  const those = met(ledger, [dismissal, 1], [revenge, 2]);
  const more = { ...those[0]!, over: dismissal.id, settlesAtMs: NOON + 19_000 };
  assert.deepEqual([...unsettled([...those, more], NOON + 9_999)], [revenge.id, dismissal.id]);
  assert.deepEqual([...unsettled([...those, more], NOON + 10_000)], [dismissal.id]);
});

void test('a node votes once for each party against each other one, however many statements contradict each other', () => {
  const { office, grant, dismissal, ledger } = started();
  const more = people.slice(0, 4).map((who) => office.remove(ana, [grant], bo, who));
  for (const removal of more) ledger.add(removal);
  const revenges = ledger.standing.contests.filter(({ id }) => id !== dismissal.id);
  assert.equal(revenges.length, 5);
  const those = met(ledger, [dismissal, 2]);
  assert.equal(those.length, 5);
  assert.equal(dueFor(people[7]!, ledger, those, NOON + 5_000).length, 1);
});

void test('a node signs no more votes than count, and half of them at most on numbers', () => {
  const { dismissal, revenge, ledger } = started();
  const those = met(ledger, [dismissal, 1], [revenge, 2]);
  const due = (signed: Partial<Voter>) => dueFor(people[7]!, ledger, those, NOON + 5_000, signed).length;
  assert.deepEqual([due({ signed: 63, signedOnNumbers: 32 }), due({ signed: 64 })], [1, 0]);
  const onNumbers = those.map((ballot) => ({ ...ballot, isRemoval: false }));
  const dueOnNumbers = (signedOnNumbers: number) =>
    dueFor(people[7]!, ledger, onNumbers, NOON + 5_000, { signedOnNumbers }).length;
  assert.deepEqual([dueOnNumbers(31), dueOnNumbers(32)], [1, 0]);
});

import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import type { Ledger } from './ledger.ts';
import { MAX_IDLE, OF_ADMIN, OF_MEMBER } from './limits.ts';
import { Past } from './past.ts';
import { areIn, computer, Office, type SignedStatement, type Seen, type Signer } from './test-office.ts';

/*
 * What one key can make its colleagues do. Work is counted in looks into the past of a statement, which all rules are made of.
 */

const [ana, bo, cy, dee] = [computer(0), computer(1), computer(2), computer(3)];

/** Ana founds; Bo is an admin, Cy and Dee are members. */
function started() {
  const office = new Office();
  const admitted = [bo, cy, dee].map((who) => office.admit(ana, [office.charter], who));
  const grant = office.makeAdmin(ana, admitted, bo);
  return { office, admitted, grant, all: [...admitted, grant] };
}

/** Statements of one author, all after the same ones, that nobody else has seen. */
function flood(
  office: Office,
  by: Signer,
  seen: Seen,
  count: number,
  type: string,
  fields: object,
): SignedStatement[] {
  return Array.from({ length: count }, (_, n) => office.say(by, seen, type, { ...fields, n }));
}

/** The most looks of one part of an evaluation, and how many parts there are. */
function work(t: TestContext, ledger: Ledger): { most: number; parts: number } {
  let looks = 0;
  const has = Object.getOwnPropertyDescriptor(Past.prototype, 'has')?.value as () => boolean;
  // A mock would keep each of a million calls.
  Past.prototype.has = function (index) {
    looks += 1;
    return Reflect.apply(has, this, [index]) as boolean;
  };
  t.after(() => (Past.prototype.has = has));
  let [most, parts] = [0, 0];
  for (const _ of ledger.evaluate()) {
    most = Math.max(most, looks);
    looks = 0;
    parts += 1;
  }
  return { most, parts };
}

void test('4,096 removals of its own computer by one member cost a few passes, and are no contest', (t) => {
  const { office, all, grant } = started();
  const removals = flood(office, cy, [grant], 4096, 'remove', { nodes: [cy.nodeId] });
  const ledger = office.ledger(...all, ...removals);
  assert.equal(ledger.size, 1 + all.length + OF_MEMBER.rules);
  const { most, parts } = work(t, ledger);
  assert.ok(parts <= OF_MEMBER.removals + 10, `${parts} parts`);
  assert.ok(most <= ledger.size * 4, `${most} looks without a rest`);
  assert.deepEqual(areIn(ledger, ana, bo, cy, dee), [true, true, false, true]);
  assert.deepEqual(ledger.standing.contests, []);
});

void test('600 backdated removals by a removed admin cost a pass for each that counts', (t) => {
  const { office, all, admitted, grant } = started();
  const dismissal = office.remove(ana, [grant], bo);
  const removals = flood(office, bo, [grant], 600, 'remove', { nodes: [ana.nodeId, cy.nodeId] });
  const votes = [cy, dee].map((who) => office.vote(who, [dismissal], dismissal, removals[0]!));
  const ledger = office.ledger(...all, dismissal, ...removals, ...votes);
  assert.equal(admitted.length, 3);
  const { most, parts } = work(t, ledger);
  assert.ok(parts <= OF_ADMIN.removals + 20, `${parts} parts`);
  // The last part compares each with each, and looks who voted.
  assert.ok(most <= ledger.size * 40, `${most} looks without a rest`);
  assert.deepEqual(areIn(ledger, ana, bo, cy), [true, false, true]);
});

void test('two admins who remove each other by many removals are put to the vote all the same', () => {
  const { office, all, grant } = started();
  const ours = flood(office, ana, [grant], 3, 'remove', { nodes: [bo.nodeId] });
  const theirs = flood(office, bo, [grant], 3, 'remove', { nodes: [ana.nodeId] });
  const both = [...all, ...ours, ...theirs];
  assert.deepEqual(areIn(office.ledger(...both), ana, bo), [true, false], 'the senior');
  const votes = [cy, dee].map((who) => office.vote(who, [theirs[0]!], theirs[0]!, ours[0]!));
  assert.deepEqual(areIn(office.ledger(...both, ...votes), ana, bo), [false, true]);
});

void test('a removed computer fills no ledger, whatever it sends and in whatever order', () => {
  const { office, all, grant } = started();
  const removal = office.remove(ana, [grant], cy);
  const junk = flood(office, cy, [grant], 2_000, 'number', { person: cy.nodeId, extension: '12' });
  // Each of them goes before those that came earlier.
  const downwards = junk.toSorted((a, b) => (a.id < b.id ? 1 : -1));
  const [one, other] = [
    office.ledger(...all, removal, ...junk),
    office.ledger(...all, removal, ...downwards),
  ];
  assert.equal(one.size, 1 + all.length + 1 + OF_MEMBER.rules);
  assert.deepEqual(one.ids, other.ids);
  assert.deepEqual(one.missing, []);
});

void test('what colleagues signed after one of too many statements brings it back, with its past', () => {
  const { office, all, admitted } = started();
  const junk = flood(office, cy, admitted, 600, 'number', { person: cy.nodeId, extension: '12' });
  const last = junk.toSorted((a, b) => (a.id < b.id ? 1 : -1)).slice(0, 2);
  const guest = office.admit(cy, last, computer(10));
  const after = office.number(dee, [guest], '44');
  const ledger = office.ledger(...all, ...junk);
  assert.equal(ledger.get(last[0]!.id), undefined);
  assert.equal(ledger.add(after), 'waiting');
  ledger.add(guest);
  // Those that left are asked for; some may still be waiting.
  for (const one of last.filter(({ id }) => ledger.missing.includes(id))) ledger.add(one);
  assert.deepEqual(ledger.missing, []);
  assert.equal(ledger.standing.extensions.get('44'), dee.nodeId);
});

void test('a restore brings back what a removed computer had signed that nobody had seen', () => {
  const { office, all, grant } = started();
  const guest = office.admit(cy, [grant], computer(10));
  const removal = office.remove(ana, [grant], cy);
  const junk = flood(office, cy, [removal], 600, 'number', { person: cy.nodeId, extension: '12' });
  const ledger = office.ledger(...all, guest, removal, ...junk);
  assert.deepEqual(areIn(ledger, cy, computer(10)), [false, false]);
  ledger.add(office.restore(ana, [removal], removal));
  assert.deepEqual(areIn(ledger, cy, computer(10)), [true, true]);
});

void test('an evaluation that has begun ends, whatever comes meanwhile', () => {
  const { office, all, grant } = started();
  const removal = office.remove(ana, [grant], cy);
  const ledger = office.ledger(...all, removal);
  const idle = flood(office, dee, [grant], 50, 'number', { person: dee.nodeId, extension: '44' });
  let came = 0;
  for (const standing of ledger.evaluate()) {
    if (standing) assert.ok(!standing.members.has(cy.nodeId));
    else ledger.add(idle[came++]!);
  }
  assert.ok(came > 0 && came < 10, `${came} came`);
  assert.equal(ledger.standing.extensions.get('44'), dee.nodeId, 'and the next takes them up');
});

/** Keys that a removed computer admits, which admit others, each of which signs as much as has a seat. */
function puppets(office: Office, by: Signer, seen: Seen, first: number, depth: number): SignedStatement[] {
  const said: SignedStatement[] = [];
  let [admitting, after] = [by, seen];
  for (const puppet of Array.from({ length: depth }, (_, n) => computer(first + n))) {
    const admission = office.admit(admitting, after, puppet);
    const fields = { person: puppet.nodeId, extension: '12' };
    said.push(admission, ...flood(office, puppet, [admission], OF_MEMBER.rules, 'number', fields));
    [admitting, after] = [puppet, [admission]];
  }
  return said;
}

void test('a chain of keys that a removed computer admits fills no ledger, and costs nobody else anything', () => {
  const { office, all, grant } = started();
  const guest = office.admit(cy, [grant], computer(10));
  const removal = office.remove(ana, [grant], cy);
  const dismissal = office.remove(dee, [grant], dee);
  const junk = puppets(office, cy, [grant], 20, 9);
  const few = puppets(office, dee, [grant], 30, 1);
  const ledger = office.ledger(...all, guest, removal, dismissal, ...junk, ...few);
  const { standing } = ledger;
  assert.ok(ledger.size <= 1 + all.length + 2 + MAX_IDLE, `${ledger.size} are held`);
  assert.deepEqual(areIn(ledger, ana, bo, cy, dee), [true, true, false, false]);
  for (const { id } of few) assert.ok(ledger.get(id), 'what another account holds stays');
  const clean = office.ledger(...all, guest, removal, dismissal);
  assert.equal(standing.digest, clean.standing.digest);
  assert.deepEqual(ledger.missing, []);
  // What the removed computer had signed first is still here.
  ledger.add(office.restore(ana, [removal], removal));
  assert.deepEqual(areIn(ledger, cy, computer(10)), [true, true]);
});

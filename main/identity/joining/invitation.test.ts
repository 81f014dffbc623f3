import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { documentText, readDocument, type Signed } from '../../model/index.ts';
import { signRule } from '../ledger/author.ts';
import { Ledger } from '../ledger/ledger.ts';
import { computer } from '../ledger/test-office.ts';
import { signInvitation } from './invitation.ts';
import { Invitations, INVITATIONS_FORMAT, MAX_INVITATIONS_OF_ONE } from './invitations.ts';
import { invitationKey, readJoinLink } from './join-link.ts';
import {
  ana,
  bo,
  cy,
  dana,
  DAY,
  enter,
  HOUR,
  letIn,
  makeAdmin,
  NOW,
  officeOf,
  putOut,
} from './test-joining.ts';

/** Of the only invitation there is. */
function closedNow(invitations: Invitations, nowMs = NOW): string | undefined {
  const [only, ...more] = invitations.list(nowMs);
  assert.ok(only && more.length === 0);
  return only.closed;
}

function made(by = bo) {
  const office = officeOf();
  const { record, link } = office.invitations.make(by, randomBytes(16), NOW);
  return { ...office, record, link };
}

void test('an invitation lasts a week and lets twenty people in, if nobody says otherwise', () => {
  const { invitations, link } = made();
  const [{ until, uses, used, closed, link: shown } = assert.fail()] = invitations.list(NOW);
  assert.deepEqual([until, uses, used, closed, shown], [NOW + 7 * DAY, 20, 0, undefined, link]);
});

void test('over by the clock: nobody comes in by it from that moment on, and a day later it is forgotten', () => {
  const { invitations } = made();
  const end = NOW + 7 * DAY;
  assert.equal(closedNow(invitations, end - 1), undefined);
  assert.equal(closedNow(invitations, end), 'over');
  assert.equal(invitations.drop(end + DAY), false);
  const [record] = invitations.records;
  assert.equal(invitations.drop(end + DAY + 1), true);
  assert.deepEqual([invitations.list(end), invitations.file.secrets], [[], []]);
  assert.equal(record && invitations.add(record, end + DAY + 1), 'refused', 'it does not come back');
});

void test('an old link after a removal: the removed person has seen the links in the chat', () => {
  const { ledger, invitations } = made();
  letIn(ledger, ana, cy);
  assert.equal(closedNow(invitations), undefined, 'an admission ends nothing');
  putOut(ledger, ana, cy);
  assert.equal(closedNow(invitations), 'removal-since');
});

void test('a removal that is taken back opens the invitations again', () => {
  const { ledger, invitations } = made();
  letIn(ledger, ana, cy);
  const removal = putOut(ledger, ana, cy);
  const [id] = ledger.standing.removals;
  assert.ok(id && ledger.get(id)?.payload === removal.payload);
  enter(ledger, signRule(ana, ledger, 'restore', { removal: id }));
  assert.equal(closedNow(invitations), undefined);
});

void test('used up: counted are the computers that came in by it, each once', () => {
  const { ledger, invitations } = officeOf();
  invitations.make(bo, randomBytes(16), NOW, { uses: 2 });
  const [{ id } = assert.fail()] = invitations.list(NOW);
  for (const [who, closed] of [
    [cy, undefined],
    [cy, undefined],
    [dana, 'used-up'],
  ] as const) {
    const fields = { card: who.card, person: who.nodeId, invitation: id };
    enter(ledger, signRule(bo, ledger, 'admit', fields));
    assert.equal(closedNow(invitations), closed);
  }
});

void test('withdrawn by its maker or an admin, and by nobody else', () => {
  const { ledger, invitations } = made();
  letIn(ledger, ana, cy);
  const [{ id } = assert.fail()] = invitations.list(NOW);
  assert.equal(invitations.withdraw(cy, id, NOW), undefined);
  const forged: Signed = cy.sign({
    ...{ v: 1, type: 'withdraw', by: cy.nodeId, office: ledger.office },
    ...{ invitation: id, until: NOW + DAY },
  });
  assert.equal(invitations.add(forged, NOW), 'added', 'it is kept, and has no effect');
  assert.equal(closedNow(invitations), undefined);
  for (const by of [bo, ana]) {
    const mine = new Invitations(ledger, invitations.file, NOW);
    assert.ok(mine.withdraw(by, id, NOW));
    assert.equal(closedNow(mine), 'withdrawn');
  }
});

void test('maker removed, or not admitting any more: its invitations are closed', () => {
  const { ledger, invitations } = made();
  enter(ledger, signRule(ana, ledger, 'setting', { key: 'admit', value: 'admins' }));
  assert.equal(closedNow(invitations), 'maker-out');
  makeAdmin(ledger, ana, bo);
  assert.equal(closedNow(invitations), undefined);
  putOut(ledger, ana, bo);
  assert.equal(closedNow(invitations), 'maker-out');
});

void test('a node that lacks what the maker had seen lets nobody in', () => {
  const { ledger, charter } = officeOf();
  const invitations = new Invitations(ledger);
  letIn(ledger, ana, cy);
  const { record } = invitations.make(ana, randomBytes(16), NOW);
  const early = new Ledger(charter);
  const there = new Invitations(early);
  assert.equal(there.add(record, NOW), 'added');
  assert.equal(closedNow(there), 'behind');
  for (const statement of ledger.statements) early.add(statement);
  assert.equal(closedNow(there), undefined);
});

void test('made anew after a removal: another link, for the uses that are left', () => {
  const { ledger, invitations } = officeOf();
  const { link } = invitations.make(bo, randomBytes(16), NOW, { uses: 3 });
  const [{ id } = assert.fail()] = invitations.list(NOW);
  enter(ledger, signRule(bo, ledger, 'admit', { card: cy.card, person: cy.nodeId, invitation: id }));
  putOut(ledger, ana, cy);
  const anew = invitations.makeAnew(bo, id, randomBytes(16), NOW + HOUR);
  assert.ok(anew && anew.link !== link);
  const open = invitations.list(NOW + HOUR).filter(({ closed }) => closed === undefined);
  assert.deepEqual(
    open.map(({ uses, link: shown }) => [uses, shown]),
    [[2, anew.link]],
  );
});

void test('records merge in any order, and stay on the disk; the secret stays with its maker', () => {
  const { ledger, invitations, link } = made();
  const [{ id } = assert.fail()] = invitations.list(NOW);
  invitations.withdraw(ana, id, NOW);
  for (const records of [invitations.records, [...invitations.records].reverse()]) {
    const there = new Invitations(ledger);
    for (const record of [...records, ...records]) there.add(record, NOW);
    assert.equal(closedNow(there), 'withdrawn');
    assert.equal(there.list(NOW)[0]?.link, undefined);
  }
  const file = readDocument(documentText(invitations.file), INVITATIONS_FORMAT);
  const again = new Invitations(ledger, file, NOW);
  assert.deepEqual(again.list(NOW), invitations.list(NOW));
  assert.equal(again.list(NOW)[0]?.link, link);
  const { secret } = readJoinLink(link);
  const told = JSON.stringify(invitations.records);
  assert.ok(!told.includes(Buffer.from(secret).toString('base64url')));
});

void test('a stranger’s, another office’s and a malformed record are refused', () => {
  const { ledger, invitations } = officeOf();
  const other = officeOf();
  const { publicKey } = invitationKey({ office: ledger.office, secret: randomBytes(16) });
  const good = { until: NOW + DAY, uses: 20 };
  const isIn = (signed: Signed) => invitations.add(signed, NOW);
  const record = signInvitation(bo, ledger, publicKey, good);
  assert.equal(isIn(signInvitation(computer(9), ledger, publicKey, good)), 'refused');
  assert.equal(isIn(signInvitation(bo, other.ledger, publicKey, good)), 'refused');
  assert.equal(isIn({ ...record, signature: randomBytes(64).toString('base64url') }), 'refused');
  const said = JSON.parse(record.payload) as Record<string, unknown>;
  const strange = {
    uses: [0, 101, 1.5, '3'],
    until: [-1, 1e300, null],
    key: ['', 'AAAA'],
    after: [[], ['x']],
  };
  for (const [name, values] of Object.entries(strange)) {
    for (const value of values) assert.equal(isIn(bo.sign({ ...said, [name]: value })), 'refused', name);
  }
  const noPoint = Buffer.concat([Buffer.of(4), Buffer.alloc(64, 1)]).toString('base64url');
  assert.equal(isIn(bo.sign({ ...said, key: noPoint })), 'refused');
  assert.equal(isIn(bo.sign({ ...said, fill: 'x'.repeat(5000) })), 'refused');
  assert.deepEqual([isIn(record), isIn(record)], ['added', 'known']);
});

void test('a record that is held is known by its hash, before any signature is checked', () => {
  const { invitations, record } = made();
  const other = { ...record, signature: randomBytes(64).toString('base64url') };
  assert.equal(invitations.add(other, NOW), 'known');
  assert.deepEqual(invitations.records, [record]);
});

void test('a hostile member’s invitations are bounded together with those of whom it let in, in any order', () => {
  const { ledger } = officeOf();
  letIn(ledger, bo, cy);
  const records = Array.from({ length: MAX_INVITATIONS_OF_ONE + 10 }, (_, at) => {
    const { publicKey } = invitationKey({ office: ledger.office, secret: randomBytes(16) });
    return signInvitation(at % 2 === 0 ? bo : cy, ledger, publicKey, { until: NOW + DAY + at, uses: 1 });
  });
  const [one, two] = [records, [...records].reverse()].map((order) => {
    const invitations = new Invitations(ledger);
    for (const record of order) invitations.add(record, NOW);
    return invitations
      .list(NOW)
      .map(({ id }) => id)
      .sort();
  });
  assert.equal(one?.length, MAX_INVITATIONS_OF_ONE);
  assert.deepEqual(one, two);
  const full = new Invitations(ledger);
  for (const record of records) full.add(record, NOW);
  assert.throws(() => full.make(bo, randomBytes(16), NOW, { spanMs: HOUR }), {
    code: 'too-many-invitations',
  });
  assert.ok(full.make(bo, randomBytes(16), NOW));
  assert.ok(full.make(ana, randomBytes(16), NOW, { spanMs: HOUR }), 'others are not kept from inviting');
});

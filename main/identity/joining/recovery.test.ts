import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import type { Signed } from '../../model/index.ts';
import { signRule } from '../ledger/author.ts';
import { Ledger } from '../ledger/ledger.ts';
import { computer, type Signer } from '../ledger/test-office.ts';
import { readRecoveryCode, recoveryKeyOf, writeRecoveryCode } from './recovery-code.ts';
import { lacksRecoveryCode, recover, removeComputers, type StatementSequence } from './recovery.ts';
import { ana, bo, cy, dana, enter, letIn, makeAdmin, officeOf } from './test-joining.ts';

/** As whoever drives it: each statement is entered before the next is asked for. */
function enterAll(ledger: Ledger, deed: StatementSequence): Signed[] {
  const statements: Signed[] = [];
  for (const statement of deed) statements.push(enter(ledger, statement));
  return statements;
}

function types(statements: readonly Signed[]): unknown[] {
  return statements.map(({ payload }) => (JSON.parse(payload) as { type: string }).type);
}

function admins({ standing }: Ledger): string[] {
  return [...standing.admins].sort();
}

const ids = (...who: Signer[]): string[] => who.map(({ nodeId }) => nodeId).sort();

void test('a code is six groups of five characters, and never changes from one version to the next', () => {
  const secret = Buffer.from('000102030405060708090a0b0c0d0e0f', 'hex');
  const code = writeRecoveryCode(secret);
  assert.match(code, /^([0-9A-HJKMNP-TV-Z]{5}-){5}[0-9A-HJKMNP-TV-Z]{5}$/);
  assert.equal(code, '000G4-0R40M-30E20-9185G-R38E1-WS5BT');
  for (const bytes of [secret, Buffer.alloc(16), Buffer.alloc(16, 0xff), randomBytes(16), randomBytes(16)]) {
    assert.deepEqual(readRecoveryCode(writeRecoveryCode(bytes)), Buffer.from(bytes));
  }
});

void test('a code is read as a person types it', () => {
  const secret = Buffer.from('ffe1f0000102030405060708090a0b0c', 'hex');
  const code = writeRecoveryCode(secret);
  const asTyped = [
    code.toLowerCase(),
    code.replaceAll('-', ''),
    ` ${code.replaceAll('-', ' – ')}\n`,
    code.replaceAll('0', 'o').replaceAll('1', 'l'),
    code.replaceAll('0', 'O').replaceAll('1', 'I'),
  ];
  for (const text of asTyped) assert.deepEqual(readRecoveryCode(text), secret, text);
});

void test('a wrong character, two that changed places, a missing and a further one are told apart', () => {
  const code = writeRecoveryCode(randomBytes(16)).replaceAll('-', '');
  for (let at = 0; at < code.length; at += 1) {
    const other = code[at] === 'A' ? 'B' : 'A';
    const wrong = code.slice(0, at) + other + code.slice(at + 1);
    assert.throws(() => readRecoveryCode(wrong), { code: 'mistyped-recovery-code' }, wrong);
    const [a, b] = [code[at] ?? '', code[at + 1] ?? ''];
    const swapped = code.slice(0, at) + b + a + code.slice(at + 2);
    if (a !== b && b) assert.throws(() => readRecoveryCode(swapped), { code: 'mistyped-recovery-code' });
    assert.throws(() => readRecoveryCode(code.slice(0, at)), { code: 'recovery-code-cut-off' });
  }
  for (const text of [`${code}A`, `U${code.slice(1)}`, `é${code.slice(1)}`]) {
    assert.throws(() => readRecoveryCode(text), { code: 'mistyped-recovery-code' }, text);
  }
});

void test('the code makes one admin anew; the lost admin and the used key are out, and a new code holds', () => {
  const { ledger, recoverySecret } = officeOf();
  const next = randomBytes(16);
  const statements = enterAll(ledger, recover(ledger, bo, recoverySecret, [ana.nodeId], next));
  assert.deepEqual(types(statements), ['admin', 'remove', 'recovery']);
  assert.deepEqual(admins(ledger), ids(bo));
  assert.equal(ledger.standing.members.has(ana.nodeId), false);
  const again = recover(ledger, bo, recoverySecret, [], randomBytes(16));
  assert.throws(() => enterAll(ledger, again), { code: 'wrong-recovery-code' });
  letIn(ledger, bo, cy);
  enterAll(ledger, recover(ledger, cy, next, [bo.nodeId], randomBytes(16)));
  assert.deepEqual(admins(ledger), ids(cy));
});

void test('a recovery that was cut off in the middle goes on when the code is typed again', () => {
  const { ledger, recoverySecret } = officeOf();
  const [first] = recover(ledger, bo, recoverySecret, [ana.nodeId], randomBytes(16));
  enter(ledger, first ?? assert.fail());
  const rest = enterAll(ledger, recover(ledger, bo, recoverySecret, [ana.nodeId], randomBytes(16)));
  assert.deepEqual(types(rest), ['remove', 'recovery']);
  assert.deepEqual(admins(ledger), ids(bo));
});

void test('another office’s code, and one that was made up, do nothing', () => {
  const { ledger } = officeOf();
  for (const secret of [randomBytes(16), officeOf().recoverySecret]) {
    const deed = recover(ledger, bo, secret, [ana.nodeId], randomBytes(16));
    assert.throws(() => enterAll(ledger, deed), { code: 'wrong-recovery-code' });
  }
  assert.deepEqual(admins(ledger), ids(ana));
});

void test('a code is found again among more heads than a statement can name', () => {
  const { ledger, recoverySecret } = officeOf();
  const next = randomBytes(16);
  enterAll(ledger, recover(ledger, bo, recoverySecret, [], next));
  const { office } = ledger;
  const after = ledger.afterFor(bo.nodeId);
  for (let n = 0; n < 30; n += 1) {
    const fields = { v: 1, type: 'setting', by: bo.nodeId, office, after, key: 'name', value: `${n}` };
    enter(ledger, bo.sign(fields));
  }
  assert.equal(ledger.standing.heads.length, 30);
  letIn(ledger, bo, cy);
  enterAll(ledger, recover(ledger, cy, next, [bo.nodeId], randomBytes(16)));
  assert.ok(ledger.standing.admins.has(cy.nodeId));
});

void test('removing an admin names the recovery key too, and gives a new code', () => {
  const { ledger, recoverySecret } = officeOf();
  makeAdmin(ledger, ana, bo);
  const next = randomBytes(16);
  const statements = enterAll(ledger, removeComputers(ledger, bo, [ana.nodeId], next));
  assert.deepEqual(types(statements), ['remove', 'recovery']);
  assert.deepEqual([...ledger.standing.recoveryKeys.keys()], [recoveryKeyOf(next).nodeId]);
  const back = recover(ledger, bo, recoverySecret, [], randomBytes(16));
  assert.throws(() => enterAll(ledger, back), { code: 'wrong-recovery-code' });
});

void test('a backdated recovery code: an admin who has left knows it, and it signs nothing any more', () => {
  const { ledger, recoverySecret, charter } = officeOf();
  makeAdmin(ledger, ana, bo);
  letIn(ledger, ana, dana);
  const past = new Ledger(charter);
  for (const statement of ledger.statements) past.add(statement);
  enterAll(ledger, removeComputers(ledger, bo, [ana.nodeId], randomBytes(16)));
  const key = recoveryKeyOf(recoverySecret);
  enter(ledger, signRule(key, past, 'admin', { node: dana.nodeId }));
  assert.deepEqual(admins(ledger), ids(bo));
});

void test('removing a plain member changes no code; a plain member removes nobody but itself', () => {
  const { ledger } = officeOf();
  letIn(ledger, ana, cy);
  const key = [...ledger.standing.recoveryKeys.keys()];
  const other = removeComputers(ledger, bo, [cy.nodeId], randomBytes(16));
  assert.throws(() => enterAll(ledger, other), { code: 'admins-only' });
  assert.deepEqual(types(enterAll(ledger, removeComputers(ledger, ana, [cy.nodeId], randomBytes(16)))), [
    'remove',
  ]);
  assert.deepEqual(types(enterAll(ledger, removeComputers(ledger, bo, [bo.nodeId], randomBytes(16)))), [
    'remove',
  ]);
  assert.deepEqual([...ledger.standing.members.keys()], [ana.nodeId]);
  assert.deepEqual([...ledger.standing.recoveryKeys.keys()], key);
});

void test('the last admin cannot leave; another one takes the code along that it knows', () => {
  const { ledger } = officeOf();
  const leave = () => enterAll(ledger, removeComputers(ledger, ana, [ana.nodeId], randomBytes(16)));
  assert.throws(leave, { code: 'last-admin' });
  assert.deepEqual(admins(ledger), ids(ana));
  makeAdmin(ledger, ana, bo);
  assert.equal(lacksRecoveryCode(ledger), false);
  assert.deepEqual(types(leave()), ['remove']);
  assert.deepEqual(admins(ledger), ids(bo));
  assert.equal(lacksRecoveryCode(ledger), true, 'Bo is asked to make a new one');
});

void test('more computers than one removal can name are removed by several, the own one last', () => {
  const { ledger } = officeOf();
  makeAdmin(ledger, ana, bo);
  const many = Array.from({ length: 100 }, (_, n) => computer(100 + n));
  for (const who of many) letIn(ledger, ana, who);
  const nodes = [ana, ...many].map(({ nodeId }) => nodeId);
  const statements = enterAll(ledger, removeComputers(ledger, ana, nodes, randomBytes(16)));
  assert.deepEqual(types(statements), ['remove', 'remove']);
  assert.deepEqual([...ledger.standing.members.keys()], [bo.nodeId]);
});

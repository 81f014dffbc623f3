import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { until } from '../../test/support/hand-time.ts';
import { signRule, statementIdOf } from '../identity/index.ts';
import type { Signed } from '../model/index.ts';
import { FRESH_AFTER_MS } from './signing-pause.ts';
import { newIdentity } from './test-network.ts';
import { admitInto, foundTestOffice, openDesk, plainLedger } from './test-office.ts';
import { admission, ledgerOfCy, toldBy } from './test-own-ledger.ts';

const VOTE_MS = 2_500;
const EVALUATE_MS = 10_000;

test('it knows the members, whose computers they are, and whom each number reaches', async (t) => {
  const { ana, bo, cy, dee, desk } = await ledgerOfCy(t);
  const { ledger } = desk;
  assert.deepEqual(
    [ana, cy, dee].map(({ nodeId }) => ledger.isMember(nodeId)),
    [true, true, false],
  );
  assert.equal(ledger.personOf(bo.nodeId), bo.nodeId);
  assert.deepEqual(ledger.nodesOf(bo.nodeId), [bo.nodeId]);
  assert.deepEqual([ledger.extensionOf(bo.nodeId), ledger.holderOf('103')], ['102', cy.nodeId]);
  assert.deepEqual([ledger.isAdmin(ana.nodeId), ledger.isAdmin(cy.nodeId)], [true, false]);
  assert.equal(ledger.self?.node, cy.nodeId);
});

test('statements that arrive and those that are signed at the same time all count', async (t) => {
  const { ana, bo, cy, desk } = await ledgerOfCy(t);
  const elsewhere = plainLedger(desk.ledger.statements);
  const came = [ana, bo].flatMap((who) =>
    ['401', '402', '403'].map((extension) => {
      const signed = signRule(who, elsewhere, 'number', { person: who.nodeId, extension });
      elsewhere.add(signed);
      return signed;
    }),
  );
  await Promise.all([
    ...came.map((signed, n) => desk.ledger.take([signed], ana.nodeId, n + 1)),
    ...['301', '302', '303'].map((extension) => desk.ledger.sign('number', { person: cy.nodeId, extension })),
  ]);
  assert.equal(desk.ledger.standing.digest, desk.plain.standing.digest);
  assert.equal(desk.ledger.statements.length, elsewhere.size + 3);
});

test('the statements of one sequence follow each other, each with the one before in its past', async (t) => {
  const { cy, desk } = await ledgerOfCy(t);
  await desk.ledger.carryOut(function* (ledger) {
    for (const extension of ['301', '302', '303'])
      yield signRule(cy, ledger, 'number', { person: cy.nodeId, extension });
  });
  const [first, second, third] = desk.ledger.statements.slice(-3);
  const after = ({ payload }: Signed) => (JSON.parse(payload) as { after: string[] }).after;
  assert.deepEqual(after(second!), [statementIdOf(first!)]);
  assert.deepEqual(after(third!), [statementIdOf(second!)]);
  assert.equal(desk.ledger.extensionOf(cy.nodeId), '303');
});

test('a sequence that throws signs nothing more; its earlier statements stand', async (t) => {
  const { cy, desk } = await ledgerOfCy(t);
  const told = toldBy(desk);
  const deed = desk.ledger.carryOut(function* (ledger) {
    yield signRule(cy, ledger, 'number', { person: cy.nodeId, extension: '301' });
    throw new Error('not so');
  });
  await assert.rejects(deed, /not so/);
  assert.equal(told.length, 1);
  assert.equal(desk.ledger.extensionOf(cy.nodeId), '301');
});

test('a node that may have missed statements signs only after it has met another node', async (t) => {
  const { cy, desk } = await ledgerOfCy(t);
  desk.ledger.stale();
  let isSigned = false;
  const signing = desk.ledger.sign('number', { person: cy.nodeId, extension: '303' });
  void signing.then(() => (isSigned = true));
  desk.time.pass(FRESH_AFTER_MS - 1);
  await desk.ledger.take([], cy.nodeId, 1);
  assert.equal(isSigned, false);
  desk.ledger.met();
  await signing;
  assert.equal(desk.ledger.holderOf('303'), cy.nodeId);
  await desk.ledger.sign('number', { person: cy.nodeId, extension: '304' });
});

test('a node that is alone signs after a while; what arrived meanwhile lies in the statement’s past', async (t) => {
  const { ana, cy, dee, desk } = await ledgerOfCy(t);
  desk.ledger.stale();
  const signing = desk.ledger.sign('number', { person: cy.nodeId, extension: '303' });
  const came = admission(plainLedger(desk.ledger.statements), ana, dee);
  await desk.ledger.take([came], ana.nodeId, 1);
  desk.time.pass(FRESH_AFTER_MS);
  const id = await signing;
  const { after } = JSON.parse(desk.ledger.get(id)!.payload) as { after: string[] };
  assert.deepEqual(after, [statementIdOf(came)]);
});

test('statements behind a damaged line of the file count when the missing statement has come', async (t) => {
  const [ana, bo, cy] = [await newIdentity(t), await newIdentity(t), await newIdentity(t)];
  const ledger = plainLedger(foundTestOffice(ana, [cy]));
  const before = ledger.statements;
  const missing = admitInto(ledger, ana, bo);
  const behind = signRule(ana, ledger, 'admin', { node: bo.nodeId });
  const desk = await openDesk(cy, before, { waiting: [behind] });
  t.after(() => desk.ledger.close());
  assert.equal(desk.ledger.isAdmin(bo.nodeId), false);
  assert.deepEqual(await desk.ledger.take([missing], ana.nodeId, 1), { added: 2, refused: 0 });
  assert.ok(desk.ledger.isAdmin(bo.nodeId));
});

test('statements that another link has just brought count before an exchange without news ends', async (t) => {
  for (const again of [true, false]) {
    const { ana, bo, cy, dee, desk } = await ledgerOfCy(t);
    const statement = admission(plainLedger(desk.ledger.statements), ana, dee);
    const first = desk.ledger.take([statement], bo.nodeId, 1);
    await desk.ledger.take(again ? [statement] : [], cy.nodeId, 2);
    assert.ok(desk.ledger.isMember(dee.nodeId));
    await first;
  }
});

test('a forged statement is refused, and the others of the same frame count', async (t) => {
  const { ana, bo, dee, desk } = await ledgerOfCy(t);
  const plain = plainLedger(desk.ledger.statements);
  const good = admission(plain, ana, dee);
  const number = signRule(ana, plain, 'number', { person: bo.nodeId, extension: '400' });
  const forged = { ...number, signature: good.signature };
  assert.deepEqual(await desk.ledger.take([forged, good], ana.nodeId, 1), { added: 1, refused: 1 });
  assert.ok(desk.ledger.isMember(dee.nodeId));
  assert.equal(desk.ledger.holderOf('400'), undefined);
});

test('a removed node knows who removed it, and by which statement', async (t) => {
  const { ana, cy, desk } = await ledgerOfCy(t);
  const standings: unknown[] = [];
  desk.ledger.events.on('standing', () => standings.push(desk.ledger.self));
  const removal = signRule(ana, plainLedger(desk.ledger.statements), 'remove', { nodes: [cy.nodeId] });
  await desk.ledger.take([removal], ana.nodeId, 1);
  assert.deepEqual(standings, [undefined]);
  assert.equal(desk.ledger.removerOf(cy.nodeId), ana.nodeId);
  assert.equal(desk.ledger.removalOf(cy.nodeId), statementIdOf(removal));
  assert.equal(desk.ledger.removalOf(ana.nodeId), undefined);
  assert.deepEqual(desk.ledger.nodesOf(cy.nodeId), []);
  assert.equal(desk.ledger.holderOf('103'), undefined, 'the number is free');
});

/** Bo, an admin, dismisses Ana, and Ana, who does not know that yet, dismisses Bo. */
async function dispute(t: TestContext) {
  const parts = await ledgerOfCy(t);
  const { ana, bo, desk } = parts;
  const common = plainLedger(desk.ledger.statements);
  common.add(signRule(ana, common, 'admin', { node: bo.nodeId }));
  const dismissal = signRule(bo, common, 'remove', { nodes: [ana.nodeId] });
  const revenge = signRule(ana, common, 'remove', { nodes: [bo.nodeId] });
  await desk.ledger.take(common.statements.slice(-1), ana.nodeId, 1);
  const areIn = () => [ana, bo].map(({ nodeId }) => desk.ledger.isMember(nodeId));
  const votes = () => desk.ledger.statements.filter(({ payload }) => payload.includes('"type":"first"'));
  return { ...parts, dismissal, revenge, areIn, votes };
}

test('a contradicting statement waits while the nodes that held the earlier one vote', async (t) => {
  const { ana, bo, desk, dismissal, revenge, areIn, votes } = await dispute(t);
  await desk.ledger.take([dismissal], bo.nodeId, 2);
  assert.deepEqual(areIn(), [false, true]);
  await desk.ledger.take([revenge], ana.nodeId, 3);
  assert.deepEqual(areIn(), [false, true], 'not believed yet');
  desk.time.pass(VOTE_MS - 1);
  assert.deepEqual(votes(), []);
  desk.time.pass(1);
  await until(() => votes().length > 0, 'the vote');
  const told = JSON.parse(votes()[0]!.payload) as { first: string; over: string };
  assert.deepEqual([told.first, told.over], [statementIdOf(dismissal), statementIdOf(revenge)]);
  desk.time.pass(EVALUATE_MS);
  await desk.ledger.take([], ana.nodeId, 4);
  await until(() => desk.time.dueIn.length === 0, 'the evaluation');
  assert.deepEqual(areIn(), [false, true], 'by one vote to none');
});

test('if two contradicting statements came at once it casts no vote, and the senior admin’s counts', async (t) => {
  const { ana, desk, dismissal, revenge, areIn, votes } = await dispute(t);
  await desk.ledger.take([dismissal, revenge], ana.nodeId, 2);
  assert.deepEqual(areIn(), [true, false]);
  desk.time.pass(EVALUATE_MS);
  assert.deepEqual(votes(), []);
});

test('after close no timer is left', async (t) => {
  const { bo, ana, desk, dismissal, revenge } = await dispute(t);
  await desk.ledger.take([dismissal], bo.nodeId, 2);
  await desk.ledger.take([revenge], ana.nodeId, 3);
  desk.ledger.stale();
  assert.ok(desk.time.dueIn.length >= 2);
  await desk.ledger.close();
  assert.deepEqual(desk.time.dueIn, []);
});

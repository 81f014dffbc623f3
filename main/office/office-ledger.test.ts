import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import type { SimulatedDisk } from '../../test/support/simulated-disk.ts';
import { until } from '../../test/support/hand-time.ts';
import {
  LedgerFile,
  signCard,
  signRule,
  statementIdOf,
  type Identity,
  type Ledger,
} from '../identity/index.ts';
import type { NodeId, Signed } from '../model/index.ts';
import { FRESH_AFTER_MS } from './signing-pause.ts';
import { newIdentity } from './test-network.ts';
import { admitInto, foundTestOffice, openDesk, plainLedger, type TestDesk } from './test-office.ts';

const PATH = '/profile/ledger.jsonl';
const VOTE_MS = 2_500;
const EVALUATE_MS = 10_000;

/** Ana founded the office; Bo and Cy are members. The desk is Cy's. */
async function ground(t: TestContext, options: Parameters<typeof openDesk>[2] = {}) {
  const [ana, bo, cy, dee] = (await Promise.all([1, 2, 3, 4].map(() => newIdentity(t)))) as [
    Identity,
    Identity,
    Identity,
    Identity,
  ];
  const statements = foundTestOffice(ana, [bo, cy]);
  const desk = await openDesk(cy, statements, options);
  t.after(() => desk.ledger.close());
  return { ana, bo, cy, dee, statements, desk };
}

/** What the desk tells, with the disk as a power failure at that moment would leave it. */
function toldBy({ ledger, disk }: TestDesk) {
  const told: { statements: readonly Signed[]; from: NodeId | undefined; left: SimulatedDisk }[] = [];
  ledger.events.on('added', ({ statements, from }) =>
    told.push({ statements, from, left: disk.afterPowerFailure('lost') }),
  );
  return told;
}

async function heldOn(disk: SimulatedDisk): Promise<readonly string[]> {
  const { file, content } = await LedgerFile.open(PATH, disk);
  await file.close();
  return content.statements.map(({ payload }) => payload);
}

function admission(ledger: Ledger, by: Identity, who: Identity): Signed {
  return signRule(by, ledger, 'admit', { card: signCard(who), person: who.nodeId });
}

test('it says who is a member, whose computers are whose, and which number reaches whom', async (t) => {
  const { ana, bo, cy, dee, desk } = await ground(t);
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

test('what another sent is on the disk before anybody is told, and counts afterwards', async (t) => {
  const { ana, dee, desk } = await ground(t);
  const told = toldBy(desk);
  const signed = admission(plainLedger(desk.ledger.statements), ana, dee);
  assert.deepEqual(await desk.ledger.take([signed], ana.nodeId, 1), { added: 1, refused: 0 });
  assert.equal(told.length, 1);
  assert.deepEqual([told[0]?.statements, told[0]?.from], [[signed], ana.nodeId]);
  assert.ok((await heldOn(told[0]!.left)).includes(signed.payload));
  assert.ok(desk.ledger.isMember(dee.nodeId));
  assert.deepEqual(await desk.ledger.take([signed], ana.nodeId, 2), { added: 0, refused: 0 });
  assert.equal(told.length, 1, 'what is known is told to nobody');
});

test('an own statement is on the disk before anybody is told', async (t) => {
  const { cy, desk } = await ground(t);
  const told = toldBy(desk);
  const id = await desk.ledger.sign('number', { person: cy.nodeId, extension: '303' });
  assert.deepEqual(
    told.map(({ from, statements }) => [from, statements.map(statementIdOf)]),
    [[undefined, [id]]],
  );
  assert.ok((await heldOn(told[0]!.left)).includes(desk.ledger.get(id)!.payload));
  assert.equal(desk.ledger.holderOf('303'), cy.nodeId);
});

test('what the disk does not take is not said: nothing has changed, and it can be tried again', async (t) => {
  const { cy, desk } = await ground(t);
  const told = toldBy(desk);
  const size = desk.plain.size;
  desk.disk.capacityBytes = (await desk.disk.size(PATH)) + 50;
  const take = () => desk.ledger.sign('number', { person: cy.nodeId, extension: '303' });
  await assert.rejects(take(), { code: 'statement-not-saved' });
  assert.deepEqual([told.length, desk.plain.size, desk.ledger.holderOf('303')], [0, size, undefined]);
  desk.disk.capacityBytes = Infinity;
  await take();
  assert.equal(desk.ledger.holderOf('303'), cy.nodeId);
  assert.equal((await desk.onDisk()).length, size + 1);
});

test('what others sent counts even where the disk refuses it, and is written when there is room', async (t) => {
  const { ana, dee, desk } = await ground(t);
  desk.disk.capacityBytes = (await desk.disk.size(PATH)) + 50;
  const signed = admission(plainLedger(desk.ledger.statements), ana, dee);
  await desk.ledger.take([signed], ana.nodeId, 1);
  assert.ok(desk.ledger.isMember(dee.nodeId));
  assert.match(desk.log.join(), /could not be saved yet/);
  const before = (await desk.onDisk()).length;
  desk.disk.capacityBytes = Infinity;
  desk.time.pass(5_000);
  await desk.ledger.close();
  assert.equal((await desk.onDisk()).length, before + 1);
});

test('an own statement takes to the disk with it what the disk refused before', async (t) => {
  const { ana, cy, dee, desk } = await ground(t);
  desk.disk.capacityBytes = (await desk.disk.size(PATH)) + 50;
  const signed = admission(plainLedger(desk.ledger.statements), ana, dee);
  await desk.ledger.take([signed], ana.nodeId, 1);
  desk.disk.capacityBytes = Infinity;
  const id = await desk.ledger.sign('number', { person: cy.nodeId, extension: '303' });
  const left = (await desk.onDisk()).map(({ payload }) => payload);
  assert.deepEqual(
    left.slice(-2),
    [signed.payload, desk.ledger.get(id)!.payload],
    'its past stands before it',
  );
});

test('work that enters statements by itself resolves with its answer once they are on the disk', async (t) => {
  const { cy, dee, desk } = await ground(t);
  const told = toldBy(desk);
  const signed = await desk.ledger.let((ledger) => admitInto(ledger, cy, dee));
  assert.deepEqual(
    told.map(({ statements }) => statements),
    [[signed]],
  );
  assert.ok((await heldOn(told[0]!.left)).includes(signed.payload));
  assert.ok(desk.ledger.isMember(dee.nodeId));
  assert.equal(await desk.ledger.let(() => 7), 7);
  assert.equal(told.length, 1, 'work that enters nothing tells nothing');
});

test('work whose statements the disk refuses is told to nobody', async (t) => {
  const { cy, dee, desk } = await ground(t);
  const told = toldBy(desk);
  desk.disk.capacityBytes = (await desk.disk.size(PATH)) + 50;
  await assert.rejects(
    desk.ledger.let((ledger) => admitInto(ledger, cy, dee)),
    { code: 'statement-not-saved' },
  );
  assert.deepEqual(told, []);
});

test('work is done once its own statements are on the disk, whatever comes meanwhile', async (t) => {
  const { ana, cy, dee, statements } = await ground(t);
  const fields = { person: ana.nodeId, extension: '400' };
  const other = signRule(ana, plainLedger(statements), 'number', fields);
  // At every step that saving takes.
  for (let step = 0; step < 20; step += 1) {
    const desk = await openDesk(cy, statements);
    const told = toldBy(desk);
    const working = desk.ledger.let((ledger) => admitInto(ledger, cy, dee));
    for (let n = 0; n < step; n += 1) await Promise.resolve();
    const [signed] = await Promise.all([working, desk.ledger.take([other], ana.nodeId, 1)]);
    const said = told.flatMap((one) => one.statements.map(({ payload }) => payload));
    assert.deepEqual(said.sort(), [signed, other].map(({ payload }) => payload).sort(), `step ${step}`);
    await desk.ledger.close();
  }
});

test('what comes and what is signed at the same time is all counted', async (t) => {
  const { ana, bo, cy, desk } = await ground(t);
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

test('the statements of one deed follow each other, each with the one before in its past', async (t) => {
  const { cy, desk } = await ground(t);
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

test('a deed that refuses says nothing more; what it said before stands', async (t) => {
  const { cy, desk } = await ground(t);
  const told = toldBy(desk);
  const deed = desk.ledger.carryOut(function* (ledger) {
    yield signRule(cy, ledger, 'number', { person: cy.nodeId, extension: '301' });
    throw new Error('not so');
  });
  await assert.rejects(deed, /not so/);
  assert.equal(told.length, 1);
  assert.equal(desk.ledger.extensionOf(cy.nodeId), '301');
});

test('a node that may have missed something signs once it has met somebody', async (t) => {
  const { cy, desk } = await ground(t);
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

test('a node that is alone signs after a while; what came meanwhile lies in its past', async (t) => {
  const { ana, cy, dee, desk } = await ground(t);
  desk.ledger.stale();
  const signing = desk.ledger.sign('number', { person: cy.nodeId, extension: '303' });
  const came = admission(plainLedger(desk.ledger.statements), ana, dee);
  await desk.ledger.take([came], ana.nodeId, 1);
  desk.time.pass(FRESH_AFTER_MS);
  const id = await signing;
  const { after } = JSON.parse(desk.ledger.get(id)!.payload) as { after: string[] };
  assert.deepEqual(after, [statementIdOf(came)]);
});

test('statements behind a damaged line of the file count when the missing one has come', async (t) => {
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

test('what another link has just brought is counted before an exchange that brings nothing new ends', async (t) => {
  for (const again of [true, false]) {
    const { ana, bo, cy, dee, desk } = await ground(t);
    const statement = admission(plainLedger(desk.ledger.statements), ana, dee);
    const first = desk.ledger.take([statement], bo.nodeId, 1);
    await desk.ledger.take(again ? [statement] : [], cy.nodeId, 2);
    assert.ok(desk.ledger.isMember(dee.nodeId));
    await first;
  }
});

test('a forged statement is refused, and the others beside it count', async (t) => {
  const { ana, bo, dee, desk } = await ground(t);
  const plain = plainLedger(desk.ledger.statements);
  const good = admission(plain, ana, dee);
  const number = signRule(ana, plain, 'number', { person: bo.nodeId, extension: '400' });
  const forged = { ...number, signature: good.signature };
  assert.deepEqual(await desk.ledger.take([forged, good], ana.nodeId, 1), { added: 1, refused: 1 });
  assert.ok(desk.ledger.isMember(dee.nodeId));
  assert.equal(desk.ledger.holderOf('400'), undefined);
});

test('a node that was removed knows by whom, and by which statement', async (t) => {
  const { ana, cy, desk } = await ground(t);
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
  const parts = await ground(t);
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

test('what contradicts an earlier statement waits, while the nodes that held the earlier one vote for it', async (t) => {
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

test('where both sides came at once it signs nothing, and the senior admin’s counts', async (t) => {
  const { ana, desk, dismissal, revenge, areIn, votes } = await dispute(t);
  await desk.ledger.take([dismissal, revenge], ana.nodeId, 2);
  assert.deepEqual(areIn(), [true, false]);
  desk.time.pass(EVALUATE_MS);
  assert.deepEqual(votes(), []);
});

test('closed, it leaves no timer behind', async (t) => {
  const { bo, ana, desk, dismissal, revenge } = await dispute(t);
  await desk.ledger.take([dismissal], bo.nodeId, 2);
  await desk.ledger.take([revenge], ana.nodeId, 3);
  desk.ledger.stale();
  assert.ok(desk.time.dueIn.length >= 2);
  await desk.ledger.close();
  assert.deepEqual(desk.time.dueIn, []);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { signRule, statementIdOf } from '../identity/index.ts';
import { admitInto, openDesk, plainLedger } from './test-office.ts';
import { admission, heldOn, ledgerOfCy, PATH, toldBy } from './test-own-ledger.ts';

test('a statement of another node is on the disk before anybody learns of it, and counts afterwards', async (t) => {
  const { ana, dee, desk } = await ledgerOfCy(t);
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

test('an own statement is on the disk before anybody learns of it', async (t) => {
  const { cy, desk } = await ledgerOfCy(t);
  const told = toldBy(desk);
  const id = await desk.ledger.sign('number', { person: cy.nodeId, extension: '303' });
  assert.deepEqual(
    told.map(({ from, statements }) => [from, statements.map(statementIdOf)]),
    [[undefined, [id]]],
  );
  assert.ok((await heldOn(told[0]!.left)).includes(desk.ledger.get(id)!.payload));
  assert.equal(desk.ledger.holderOf('303'), cy.nodeId);
});

test('an own statement that the disk refuses changes nothing, and can be tried again', async (t) => {
  const { cy, desk } = await ledgerOfCy(t);
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

test('a deed of which the disk takes only a part says so', async (t) => {
  const { cy, desk } = await ledgerOfCy(t);
  const told = toldBy(desk);
  const take = (extension: string) => signRule(cy, desk.plain, 'number', { person: cy.nodeId, extension });
  const deed = desk.ledger.carryOut(function* () {
    yield take('303');
    desk.disk.capacityBytes = 0;
    yield take('304');
  });
  await assert.rejects(deed, {
    code: 'statement-partly-saved',
    message: /^Only a part of this could be saved/,
  });
  assert.equal(told.length, 1);
  assert.equal(desk.ledger.extensionOf(cy.nodeId), '303');
  await assert.rejects(
    desk.ledger.carryOut(function* () {
      yield take('305');
    }),
    { code: 'statement-not-saved' },
  );
});

test('a statement of others counts even if the disk refuses it, and is written when there is room', async (t) => {
  const { ana, dee, desk } = await ledgerOfCy(t);
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

test('an own statement takes with it to the disk those that the disk refused before', async (t) => {
  const { ana, cy, dee, desk } = await ledgerOfCy(t);
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

test('a task that enters statements resolves once these are on the disk', async (t) => {
  const { cy, dee, desk } = await ledgerOfCy(t);
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

test('nobody learns of the statements of a task that the disk refuses', async (t) => {
  const { cy, dee, desk } = await ledgerOfCy(t);
  const told = toldBy(desk);
  desk.disk.capacityBytes = (await desk.disk.size(PATH)) + 50;
  await assert.rejects(
    desk.ledger.let((ledger) => admitInto(ledger, cy, dee)),
    { code: 'statement-not-saved' },
  );
  assert.deepEqual(told, []);
});

test('a task is done once its own statements are on the disk, whatever arrives meanwhile', async (t) => {
  const { ana, cy, dee, statements } = await ledgerOfCy(t);
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

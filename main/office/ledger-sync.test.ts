import assert from 'node:assert/strict';
import { test } from 'node:test';
import { until } from '../../test/support/hand-time.ts';
import { signRule, statementIdOf } from '../identity/index.ts';
import { sendStatements } from './statement-frames.ts';
import { HandLink } from './test-network.ts';
import { connect, quiet, types } from './test-exchange.ts';
import { admitInto, plainLedger } from './test-office.ts';
import { anaAndBo } from './test-sides.ts';

const GUEST_MS = 10_000;

test('two nodes with the same ledger find that out by its digest, and know each other as members', async (t) => {
  const { ana, bo, sideOf } = await anaAndBo(t);
  const [a, b] = [await sideOf(ana), await sideOf(bo)];
  const ends = connect(a, b);
  await quiet(ends);
  assert.deepEqual(ends.map(types), [['ledger'], ['ledger']]);
  assert.deepEqual([a.welcomed, b.welcomed], [[bo.nodeId], [ana.nodeId]]);
  assert.deepEqual([a.desk.time.dueIn, b.desk.time.dueIn], [[], []], 'a member’s time is not limited');
});

test('two different ledgers are equal after the exchange, whichever held what', async (t) => {
  const { ana, bo, cy, dee, sideOf } = await anaAndBo(t);
  const [a, b] = [await sideOf(ana), await sideOf(bo)];
  await a.desk.ledger.let((ledger) => admitInto(ledger, ana, cy));
  await b.desk.ledger.let((ledger) => admitInto(ledger, bo, dee));
  assert.notEqual(a.digest, b.digest);
  const ends = connect(a, b);
  await quiet(ends);
  assert.equal(a.digest, b.digest);
  for (const { desk } of [a, b])
    assert.deepEqual(
      [cy, dee].map(({ nodeId }) => desk.ledger.isMember(nodeId)),
      [true, true],
    );
  assert.deepEqual([a.welcomed, b.welcomed], [[bo.nodeId], [ana.nodeId]]);
  const counts = ends.map((end) => end.of('statements').flatMap(({ statements }) => statements).length);
  assert.deepEqual(counts, [1, 1], 'only what the other lacked is sent');
});

test('a node that met a member signs at once, where it would have waited', async (t) => {
  const { ana, bo, sideOf } = await anaAndBo(t);
  const [a, b] = [await sideOf(ana), await sideOf(bo)];
  b.desk.ledger.stale();
  const signing = b.desk.ledger.sign('number', { person: bo.nodeId, extension: '300' });
  await quiet(connect(a, b));
  await signing;
  await until(() => a.desk.ledger.holderOf('300') === bo.nodeId, 'the number');
});

test('a node that slept for three weeks catches up at a node that it has never heard of', async (t) => {
  const { ana, bo, cy, dee, statements, sideOf } = await anaAndBo(t);
  const later = plainLedger(statements);
  for (const who of [cy, dee]) admitInto(later, ana, who);
  later.add(signRule(ana, later, 'admin', { node: cy.nodeId }));
  later.add(signRule(cy, later, 'remove', { nodes: [ana.nodeId] }));
  for (let n = 0; n < 64; n += 1)
    later.add(signRule(cy, later, 'setting', { key: 'name', value: `Nord ${n}` }));
  const [sleeper, now] = [await sideOf(bo), await sideOf(cy, later.statements)];
  const ends = connect(sleeper, now);
  await quiet(ends);
  assert.equal(sleeper.digest, now.digest);
  assert.deepEqual([sleeper.welcomed, now.welcomed], [[cy.nodeId], [bo.nodeId]]);
  assert.deepEqual(
    [ana, dee].map(({ nodeId }) => sleeper.desk.ledger.isMember(nodeId)),
    [false, true],
  );
  const frames = ends[1].of('statements');
  assert.deepEqual(
    frames.map(({ more }) => more),
    [true, false],
  );
});

test('a node that was removed while it was away learns that, and the link ends', async (t) => {
  const { ana, bo, sideOf } = await anaAndBo(t);
  const [a, b] = [await sideOf(ana), await sideOf(bo)];
  await a.desk.ledger.sign('remove', { nodes: [bo.nodeId] });
  const ends = connect(a, b);
  await until(() => b.desk.ledger.self === undefined, 'Bo learns it');
  await quiet(ends);
  assert.equal(b.desk.ledger.removerOf(bo.nodeId), ana.nodeId);
  assert.deepEqual(
    ends.map(({ isClosed }) => isClosed),
    [true, true],
  );
  assert.deepEqual(a.welcomed, []);
});

test('a node that was removed gets its removal and what came before, and nothing that came after', async (t) => {
  const { ana, bo, cy, dee, sideOf } = await anaAndBo(t);
  const [a, b] = [await sideOf(ana), await sideOf(bo)];
  await a.desk.ledger.let((ledger) => admitInto(ledger, ana, cy));
  await a.desk.ledger.sign('remove', { nodes: [bo.nodeId] });
  await a.desk.ledger.let((ledger) => admitInto(ledger, ana, dee));
  await quiet(connect(a, b));
  await until(() => b.desk.ledger.self === undefined, 'Bo learns it');
  assert.deepEqual(
    [cy, dee].map(({ nodeId }) => b.desk.ledger.isMember(nodeId)),
    [true, false],
  );
});

test('a node whose removal was taken back elsewhere brings that, and gets all', async (t) => {
  const { ana, bo, cy, dee, statements, sideOf } = await anaAndBo(t);
  const common = plainLedger(statements);
  admitInto(common, ana, cy);
  const a = await sideOf(cy, common.statements);
  const elsewhere = plainLedger(common.statements);
  const removal = signRule(ana, elsewhere, 'remove', { nodes: [bo.nodeId] });
  elsewhere.add(removal);
  await a.desk.ledger.take([removal], ana.nodeId, 1);
  await a.desk.ledger.let((ledger) => admitInto(ledger, cy, dee));
  elsewhere.add(signRule(ana, elsewhere, 'restore', { removal: statementIdOf(removal) }));
  const b = await sideOf(bo, elsewhere.statements);
  await quiet(connect(a, b));
  await until(() => b.desk.ledger.isMember(dee.nodeId), 'Bo hears of Dee');
  assert.deepEqual([a.welcomed, b.welcomed], [[bo.nodeId], [cy.nodeId]]);
});

test('a node that is removed while it is linked gets its removal, and the link ends', async (t) => {
  const { ana, bo, sideOf } = await anaAndBo(t);
  const [a, b] = [await sideOf(ana), await sideOf(bo)];
  const ends = connect(a, b);
  await quiet(ends);
  await a.desk.ledger.sign('remove', { nodes: [bo.nodeId] });
  await until(() => b.desk.ledger.self === undefined, 'Bo learns it');
  assert.ok(ends[0].isClosed);
  assert.equal(a.sync.isWelcome(ends[0].asLink), false);
});

test('what is new goes on to the others, and not back to whom it came from', async (t) => {
  const { ana, bo, cy, dee, statements, sideOf } = await anaAndBo(t);
  const common = plainLedger(statements);
  admitInto(common, ana, cy);
  const [a, b, c] = await Promise.all([ana, bo, cy].map((who) => sideOf(who, common.statements)));
  const [first, second] = [connect(a!, b!), connect(a!, c!)];
  await quiet([...first, ...second]);
  await b!.desk.ledger.let((ledger) => admitInto(ledger, bo, dee));
  await until(() => c!.desk.ledger.isMember(dee.nodeId), 'Cy hears of Dee');
  await quiet([...first, ...second]);
  assert.deepEqual(types(first[0]), ['ledger']);
  assert.deepEqual(types(second[0]), ['ledger', 'statements']);
});

test('two linked nodes whose ledgers differ again compare again, and agree', async (t) => {
  const { ana, bo, cy, sideOf } = await anaAndBo(t);
  const [a, b] = [await sideOf(ana), await sideOf(bo)];
  const ends = connect(a, b);
  await quiet(ends);
  const elsewhere = plainLedger(a.desk.ledger.statements);
  const signed = admitInto(elsewhere, ana, cy);
  await b.desk.ledger.take([signed], ana.nodeId, 99);
  await quiet(ends);
  assert.equal(a.desk.ledger.isMember(cy.nodeId), false, 'it was not sent back to Ana');
  a.sync.compare(ends[0].asLink);
  await until(() => a.desk.ledger.isMember(cy.nodeId), 'Ana hears of Cy');
});

test('a missing statement of another statement’s past is asked for', async (t) => {
  const { ana, bo, cy, sideOf } = await anaAndBo(t);
  const [a, b] = [await sideOf(ana), await sideOf(bo)];
  const ends = connect(a, b);
  await quiet(ends);
  const untold = admitInto(plainLedger(a.desk.ledger.statements), ana, cy);
  await a.desk.ledger.take([untold], bo.nodeId, 99);
  assert.equal(b.desk.ledger.isMember(cy.nodeId), false, 'as if Bo had sent it');
  await a.desk.ledger.sign('admin', { node: cy.nodeId });
  await until(() => b.desk.ledger.isAdmin(cy.nodeId), 'Bo has both');
  await quiet(ends);
  assert.equal(a.digest, b.digest);
});

test('a statement that nobody has is not asked for again and again', async (t) => {
  const { ana, bo, sideOf } = await anaAndBo(t);
  const [a, b] = [await sideOf(ana), await sideOf(bo)];
  const ends = connect(a, b);
  await quiet(ends);
  const unknown = ana.sign({
    ...{ v: 1, type: 'later', by: ana.nodeId, office: a.desk.ledger.id, after: ['A'.repeat(43)] },
  });
  for (let n = 0; n < 3; n += 1) sendStatements(ends[0].asLink, [unknown]);
  await quiet(ends);
  await quiet(ends);
  assert.ok(ends[1].of('have').length <= 2, `${ends[1].of('have').length} questions`);
});

test('the link of an outsider whose ledger has nothing in common ends', async (t) => {
  const { ana, dee, statements, sideOf } = await anaAndBo(t);
  const a = await sideOf(ana);
  // Dee holds a copy of the ledger, in which Dee is not.
  const d = await sideOf(dee, statements);
  const ends = connect(a, d);
  await quiet(ends);
  assert.ok(ends[0].isClosed);
  assert.deepEqual(a.welcomed, []);
});

test('an unknown key that presents the office id gets only statements from before the admission of the node it asks', async (t) => {
  const { ana, bo, cy, dee, statements, sideOf } = await anaAndBo(t);
  const held = plainLedger(statements);
  const admitted = admitInto(held, ana, cy);
  held.add(signRule(ana, held, 'number', { person: bo.nodeId, extension: '300' }));
  const c = await sideOf(cy, held.statements);
  const d = await sideOf(dee, statements.slice(0, 1));
  const ends = connect(c, d);
  await quiet(ends);
  const told = ends[0].of('statements').flatMap((frame) => frame.statements);
  assert.deepEqual(told.map(statementIdOf), [...held.withPast([statementIdOf(admitted)])].slice(1));
  assert.deepEqual([c.welcomed, ends[0].isClosed], [[], true]);
});

test('two nodes that were admitted separately, and have never heard of each other, agree on the office', async (t) => {
  const { ana, bo, cy, dee, statements, sideOf } = await anaAndBo(t);
  const [one, other] = [plainLedger(statements), plainLedger(statements)];
  admitInto(one, ana, cy);
  admitInto(other, bo, dee);
  one.add(signRule(ana, one, 'number', { person: ana.nodeId, extension: '300' }));
  other.add(signRule(bo, other, 'number', { person: bo.nodeId, extension: '301' }));
  const [c, d] = [await sideOf(cy, one.statements), await sideOf(dee, other.statements)];
  await quiet(connect(c, d));
  assert.deepEqual([c.welcomed, d.welcomed], [[dee.nodeId], [cy.nodeId]]);
  assert.equal(c.digest, d.digest);
  assert.equal(c.desk.ledger.holderOf('301'), bo.nodeId);
});

test('a link over which nothing comes for ten seconds ends', async (t) => {
  const { ana, dee, sideOf } = await anaAndBo(t);
  const a = await sideOf(ana);
  const link = new HandLink(dee.nodeId);
  a.sync.up(link.asLink);
  a.desk.time.pass(GUEST_MS - 1);
  assert.equal(link.isClosed, false);
  a.desk.time.pass(1);
  assert.ok(link.isClosed);
});

test('the first forged statement of a stranger ends the link', async (t) => {
  const { ana, bo, dee, sideOf } = await anaAndBo(t);
  const a = await sideOf(ana);
  const link = new HandLink(dee.nodeId);
  a.sync.up(link.asLink);
  const signed = signRule(dee, a.desk.plain, 'number', { person: bo.nodeId, extension: '400' });
  const forged = { payload: signed.payload.replace(dee.nodeId, bo.nodeId), signature: signed.signature };
  a.sync.statements(link.asLink, { type: 'statements', statements: [forged], more: true });
  await until(() => link.isClosed, 'the end');
  assert.equal(a.desk.ledger.holderOf('400'), undefined);
});

test('an outsider may send half a megabyte and no more', async (t) => {
  const { ana, dee, sideOf } = await anaAndBo(t);
  const a = await sideOf(ana);
  const link = new HandLink(dee.nodeId);
  a.sync.up(link.asLink);
  // Their past is unknown, so that they wait and are not refused.
  const signed = dee.sign({
    ...{ v: 1, type: 'later', by: dee.nodeId, office: a.desk.ledger.id, after: ['A'.repeat(43)] },
    text: 'x'.repeat(3_700),
  });
  const frame = {
    type: 'statements',
    statements: Array.from({ length: 64 }, () => signed),
    more: true,
  } as const;
  const length = 64 * (signed.payload.length + signed.signature.length);
  const most = Math.floor((512 * 1024) / length);
  for (let n = 0; n < most; n += 1) {
    a.sync.statements(link.asLink, frame);
    await a.sync.taking(link.asLink);
  }
  assert.equal(link.isClosed, false, `${most * length} characters`);
  a.sync.statements(link.asLink, frame);
  await until(() => link.isClosed, 'the end');
});

test('frames behind statements can wait until these are on the disk', async (t) => {
  const { ana, bo, cy, statements, sideOf } = await anaAndBo(t);
  const b = await sideOf(bo);
  const link = new HandLink(ana.nodeId);
  b.sync.up(link.asLink);
  const signed = admitInto(plainLedger(statements), ana, cy);
  b.sync.statements(link.asLink, { type: 'statements', statements: [signed], more: false });
  const taking = b.sync.taking(link.asLink);
  assert.ok(taking);
  assert.equal(b.desk.ledger.isMember(cy.nodeId), false);
  await taking;
  assert.ok(b.desk.ledger.isMember(cy.nodeId));
  assert.equal(b.sync.taking(link.asLink), undefined);
});

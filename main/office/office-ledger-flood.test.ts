import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { until } from '../../test/support/hand-time.ts';
import type { SimulatedDisk } from '../../test/support/simulated-disk.ts';
import { LedgerFile, statementIdOf, type Identity, type StatementId } from '../identity/index.ts';
import { MAX_STATEMENTS_IN_FRAME, nextTurn, type Signed } from '../model/index.ts';
import { newIdentities } from './test-network.ts';
import { foundTestOffice, openDesk, plainLedger } from './test-office.ts';

/*
 * The ledger is no weapon of one member, or of a computer that was removed.
 */

const PATH = '/profile/ledger.jsonl';
/** Its votes that count. */
const MAX_FIRSTS = 64;

/** Anybody's statement after these, as if nobody had seen anything since; `n` makes it another one. */
function sayingAfter(statements: readonly Signed[]) {
  const { office, standing } = plainLedger(statements);
  return (by: Identity, n: number, type: string, fields: object, after = standing.heads): Signed =>
    by.sign({ v: 1, type, by: by.nodeId, office, after, ...fields, n });
}

/** Ana founded the office; Bo, Cy, Dee and Eve are members. The desk is Cy’s, and Eve is hostile. */
async function ground(t: TestContext, options: Parameters<typeof openDesk>[2] = {}) {
  const [ana, bo, cy, dee, eve] = await newIdentities(t, 5);
  const statements = foundTestOffice(ana, [bo, cy, dee, eve]);
  const desk = await openDesk(cy, statements, options);
  t.after(() => desk.ledger.close());
  const say = sayingAfter(statements);
  const votes = () => desk.ledger.statements.filter(({ payload }) => payload.includes('"type":"first"'));
  return { ana, bo, cy, dee, eve, desk, say, votes };
}

test('a member that removes its own computer 70 times causes no votes, and the file stops growing', async (t) => {
  const { eve, desk, say, votes } = await ground(t);
  for (let n = 0; n < 70; n += 1) {
    await desk.ledger.take([say(eve, n, 'remove', { nodes: [eve.nodeId] })], eve.nodeId, n + 1);
  }
  for (let second = 0; second < 20; second += 1) {
    desk.time.pass(1_000);
    await desk.ledger.take([], eve.nodeId, 100);
    for (let turn = 0; turn < 20; turn += 1) await nextTurn();
  }
  assert.ok(votes().length <= MAX_FIRSTS, `${votes().length} votes`);
  assert.equal(desk.ledger.isMember(eve.nodeId), false);
  const bytes = await desk.disk.size(PATH);
  desk.time.pass(60_000);
  for (let turn = 0; turn < 50; turn += 1) await nextTurn();
  assert.equal(await desk.disk.size(PATH), bytes);
});

test('a member that contradicts a number again and again uses up at most half of its colleagues’ votes', async (t) => {
  const { bo, eve, desk, say, votes } = await ground(t);
  await desk.ledger.take([say(bo, 0, 'number', { person: bo.nodeId, extension: '400' })], bo.nodeId, 1);
  let after: Signed | undefined;
  for (let n = 1; n <= 50; n += 1) {
    const fields = { person: eve.nodeId, extension: '400' };
    after = say(eve, n, 'number', fields, after && [statementIdOf(after)]);
    await desk.ledger.take([after], eve.nodeId, n + 1);
    desk.time.pass(2_500);
    // The vote is signed, written and weighed.
    for (let turn = 0; turn < 20; turn += 1) await nextTurn();
  }
  assert.equal(votes().length, MAX_FIRSTS / 2);
  assert.equal(new Set(votes().map(({ payload }) => payload)).size, votes().length);
});

test('a node that may have missed statements votes only after it has met another node', async (t) => {
  const { bo, eve, desk, say, votes } = await ground(t);
  await desk.ledger.take([say(bo, 0, 'number', { person: bo.nodeId, extension: '400' })], bo.nodeId, 1);
  desk.ledger.stale();
  await desk.ledger.take([say(eve, 0, 'number', { person: eve.nodeId, extension: '400' })], eve.nodeId, 2);
  desk.time.pass(5_000);
  await desk.ledger.take([], eve.nodeId, 3);
  for (let turn = 0; turn < 20; turn += 1) await nextTurn();
  assert.deepEqual(votes(), []);
  desk.ledger.met();
  await until(() => votes().length === 1, 'the vote');
});

test('a removal takes effect while another node sends a statement each 50 ms', async (t) => {
  let came = 0;
  let send: (() => void) | undefined;
  const parts = await ground(t, {
    rest: async () => {
      send?.();
      await nextTurn();
    },
  });
  const { ana, bo, dee, desk, say } = parts;
  const idle = Array.from({ length: 64 }, (_, n) =>
    say(dee, n, 'number', { person: dee.nodeId, extension: '400' }),
  );
  // At each rest of an evaluation 50 ms have gone by.
  send = () => {
    const next = idle[came];
    if (!next) return;
    came += 1;
    desk.time.pass(50);
    void desk.ledger.take([next], dee.nodeId, 1 + came);
  };
  await desk.ledger.take([say(ana, 0, 'remove', { nodes: [bo.nodeId] })], ana.nodeId, 1);
  assert.equal(desk.ledger.isMember(bo.nodeId), false);
  assert.ok(came > 0 && came < 20, `${came} statements came first`);
  send = undefined;
});

test('8,000 validly signed statements of a removed computer fill neither memory nor disk, and go to nobody', async (t) => {
  const { ana, eve, desk, say } = await ground(t);
  await desk.ledger.take([say(ana, 0, 'remove', { nodes: [eve.nodeId] })], ana.nodeId, 1);
  const [size, bytes] = [desk.plain.size, await desk.disk.size(PATH)];
  const told: unknown[] = [];
  desk.ledger.events.on('added', (one) => told.push(one));
  const junk = Array.from({ length: 8_000 }, (_, n) =>
    say(eve, n, 'number', { person: eve.nodeId, extension: '400' }),
  );
  for (let from = 0; from < junk.length; from += MAX_STATEMENTS_IN_FRAME) {
    await desk.ledger.take(junk.slice(from, from + MAX_STATEMENTS_IN_FRAME), eve.nodeId, 2);
  }
  assert.ok(desk.plain.size <= size + 512, `${desk.plain.size} are held`);
  assert.equal(await desk.disk.size(PATH), bytes);
  assert.deepEqual(told, []);
});

test('an accomplice that contradicts a number each 8 s does not delay the removal of a third person', async (t) => {
  const { ana, bo, dee, eve, desk, say, votes } = await ground(t);
  await desk.ledger.take([say(bo, 0, 'number', { person: bo.nodeId, extension: '400' })], bo.nodeId, 1);
  let after: Signed | undefined;
  for (let n = 1; n <= 5; n += 1) {
    const fields = { person: eve.nodeId, extension: '400' };
    after = say(eve, n, 'number', fields, after && [statementIdOf(after)]);
    await desk.ledger.take([after], eve.nodeId, n + 1);
    assert.equal(desk.ledger.holderOf('400'), bo.nodeId, 'what is contested stays as it was');
    if (n === 3) {
      await desk.ledger.take([say(ana, 0, 'remove', { nodes: [dee.nodeId] })], ana.nodeId, 90);
      assert.equal(desk.ledger.isMember(dee.nodeId), false);
    }
    desk.time.pass(2_500);
    await until(() => votes().length === n, 'the vote');
    desk.time.pass(5_500);
  }
  assert.equal(desk.ledger.isMember(dee.nodeId), false);
});

/** What may be held of one member, of types of later versions. */
const SEATS = 512;
const BATCH = 512;

/** This many statements of a member, each of which takes the seat of one before it, in batches. */
function falling(count: number, say: (n: number) => Signed): Signed[][] {
  const all = Array.from({ length: count }, (_, n) => say(n)).sort((a, b) =>
    statementIdOf(a) < statementIdOf(b) ? 1 : -1,
  );
  return Array.from({ length: Math.ceil(count / BATCH) }, (_, n) => all.slice(n * BATCH, (n + 1) * BATCH));
}

test('a member whose statements each displace its previous one does not make the file grow', async (t) => {
  const { eve, desk, say } = await ground(t);
  const lengths: number[] = [];
  for (const batch of falling(4_000, (n) => say(eve, n, 'later', {}))) {
    await desk.ledger.take(batch, eve.nodeId, 2);
    lengths.push((await desk.onDisk()).length);
  }
  assert.ok(desk.plain.size < 600, `${desk.plain.size} are held`);
  assert.ok(Math.max(...lengths) > 1_500 && Math.max(...lengths) < 2_200, `${lengths.join()} on the disk`);
  const onDisk = new Set((await desk.onDisk()).map(statementIdOf));
  const missing = desk.ledger.ids.filter((id) => desk.plain.counts(id) && !onDisk.has(id));
  assert.deepEqual(missing, []);
});

test('a file that is rewritten contains the statement that caused it, and those that wait for their past', async (t) => {
  const [ana, cy, eve] = await newIdentities(t, 3);
  const statements = foundTestOffice(ana, [cy, eve]);
  const say = sayingAfter(statements);
  const orphan = say(eve, 0, 'later', {}, ['A'.repeat(43) as StatementId]);
  const desk = await openDesk(cy, statements, { waiting: [orphan] });
  t.after(() => desk.ledger.close());
  const before = (await desk.onDisk()).length;
  // The next line is the first too many.
  const count = 2 * (before + SEATS) + 1_024 - before - 1;
  for (const batch of falling(count, (n) => say(eve, n, 'later', {})))
    await desk.ledger.take(batch, eve.nodeId, 2);
  assert.equal((await desk.onDisk()).length, before + count);
  let left: SimulatedDisk | undefined;
  // The power fails when others hear of it.
  desk.ledger.events.on('added', () => (left ??= desk.disk.afterPowerFailure('lost')));
  const id = await desk.ledger.sign('number', { person: cy.nodeId, extension: '444' });
  assert.ok(left);
  const { file, content } = await LedgerFile.open(PATH, left);
  await file.close();
  const onDisk = content.statements.map(statementIdOf);
  assert.equal(onDisk.length, before + SEATS + 2);
  for (const one of [id, statementIdOf(orphan)]) assert.ok(onDisk.includes(one), one);
});

test('if the disk refuses to rewrite the file nothing is lost, and it is tried again later', async (t) => {
  const { eve, desk, say } = await ground(t);
  const batches = falling(4_000, (n) => say(eve, n, 'later', {}));
  const lengths: number[] = [];
  for (const batch of batches) {
    // Too little room for another file, and enough for what is appended.
    if (lengths.length < 5) desk.disk.capacityBytes = (await desk.disk.size(PATH)) + BATCH * 500;
    else desk.disk.capacityBytes = Infinity;
    await desk.ledger.take(batch, eve.nodeId, 2);
    lengths.push((await desk.onDisk()).length);
  }
  assert.ok(
    desk.log.some((line) => line.startsWith('The ledger could not be written anew')),
    lengths.join(),
  );
  assert.ok(lengths.at(-1)! < 2_200, lengths.join());
  const onDisk = new Set((await desk.onDisk()).map(statementIdOf));
  assert.deepEqual(
    desk.ledger.ids.filter((id) => desk.plain.counts(id) && !onDisk.has(id)),
    [],
  );
});

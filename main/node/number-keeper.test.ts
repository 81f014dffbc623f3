import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { until } from '../../test/support/hand-time.ts';
import type { LocalizedText } from '../../i18n/index.ts';
import type { Identity } from '../identity/index.ts';
import { NumberKeeper } from './number-keeper.ts';
import { membersOfTest } from './test-members.ts';

/** Dana's computer keeps her number. */
async function ground(t: TestContext, number?: string | null) {
  const members = await membersOfTest(t, number);
  const { dana, office, directory, events, log } = members;
  const troubles: (LocalizedText | undefined)[] = [];
  const numbers = new NumberKeeper({
    ...{ identity: dana, trouble: (text) => void troubles.push(text), log: (line) => void log.push(line) },
    session: { office, roster: { directory }, events },
  });
  t.after(() => numbers.close());
  const signed = () => office.ledger.statements.filter(({ payload }) => isNumberOf(payload, dana));
  return { ...members, troubles, signed };
}

function isNumberOf(payload: string, { nodeId }: Identity): boolean {
  const { type, by } = JSON.parse(payload) as { type: string; by: string };
  return type === 'number' && by === nodeId;
}

test('a number that goes to a colleague is replaced by one statement, and the trouble names the colleague', async (t) => {
  const { anaSigns, bo, dana, office, troubles, signed, changed } = await ground(t);
  changed();
  assert.deepEqual([...troubles], [undefined]);
  // An admin ends Dana's grant with Bo's.
  const over = office.ledger.ids.at(-1)!;
  await anaSigns('number', { person: bo.nodeId, extension: '102', over });
  changed();
  changed();
  await until(() => troubles.at(-1) !== undefined, 'a trouble');
  assert.equal(office.ledger.holderOf('102'), bo.nodeId);
  assert.equal(office.ledger.extensionOf(dana.nodeId), '103', 'the lowest that is free');
  assert.equal(signed().length, 1);
  assert.match(String(troubles.at(-1)?.sentence), /^Extension 102 belongs to Bo now\. Yours is 103;/);
  changed();
  assert.equal(signed().length, 1);
  assert.ok(troubles.at(-1), 'it stands until another number is chosen');
  await office.ledger.sign('number', { person: dana.nodeId, extension: '300' });
  assert.equal(troubles.at(-1), undefined);
});

test('however often something changes while the node may not sign yet, it signs once and tells of no loss', async (t) => {
  const { dana, office, troubles, signed, changed } = await ground(t, null);
  office.ledger.stale();
  for (let time = 0; time < 30; time += 1) changed();
  assert.equal(signed().length, 0);
  office.ledger.met();
  await until(() => office.ledger.extensionOf(dana.nodeId) === '102', 'the number');
  for (let time = 0; time < 30; time += 1) changed();
  await office.ledger.carryOut(function* nothing() {});
  assert.equal(signed().length, 1);
  assert.deepEqual(
    troubles.filter((trouble) => trouble !== undefined),
    [],
  );
});

test('a number that came while the node might not sign is kept', async (t) => {
  const { anaSigns, dana, office, signed, changed } = await ground(t, null);
  office.ledger.stale();
  changed();
  await anaSigns('number', { person: dana.nodeId, extension: '400' });
  office.ledger.met();
  await office.ledger.carryOut(function* nothing() {});
  assert.equal(office.ledger.extensionOf(dana.nodeId), '400');
  assert.equal(signed().length, 0);
});

test('where the disk refuses the statement, it is signed when the office changes again', async (t) => {
  const { anaSigns, dana, office, log, disk, signed, changed } = await ground(t, null);
  disk.capacityBytes = 0;
  changed();
  await until(() => log.some((line) => line.startsWith('A number could not be taken')), 'the refusal');
  changed();
  assert.equal(signed().length, 0);
  disk.capacityBytes = Infinity;
  await anaSigns('setting', { key: 'name', value: 'Süd' });
  await until(() => office.ledger.extensionOf(dana.nodeId) === '102', 'the number');
  assert.equal(signed().length, 1);
});

test('a computer whose numbers count no more signs no further one, and says so', async (t) => {
  const { anaSigns, bo, dana, office, troubles, signed, changed } = await ground(t, null);
  for (let time = 0; time < 64; time += 1)
    await office.ledger.sign('number', { person: dana.nodeId, extension: String(200 + time) });
  const over = office.ledger.ids.at(-1)!;
  await anaSigns('number', { person: bo.nodeId, extension: '263', over });
  await until(() => troubles.at(-1) !== undefined, 'a trouble');
  assert.match(String(troubles.at(-1)?.sentence), /64 times/);
  const before = signed().length;
  await anaSigns('setting', { key: 'name', value: 'Süd' });
  changed();
  await office.ledger.carryOut(function* nothing() {});
  assert.equal(signed().length, before);
});

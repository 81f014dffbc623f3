import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ledger, watchLedger } from './large-ledger.ts';
import { membersOfTest } from './test-members.ts';
import { Troubles } from './troubles.ts';

test('at 6,000 statements the health page says so, and an admin reads what to do', () => {
  const at = (statements: number | null, isAdmin: boolean) => ledger({ statements, isAdmin });
  assert.deepEqual([at(null, false).ok, at(5_999, true).ok, at(6_000, true).ok], [true, true, false]);
  assert.match(at(6_000, true).sentence, /6000 statements/);
  assert.match(at(6_000, true).next ?? '', /^Found the office anew/);
  assert.match(at(6_000, false).next ?? '', /^Ask an admin/);
});

test('an admin of an office with a large ledger is asked to found it anew; a plain member is not', async (t) => {
  const { dana, office, events, changed, anaSigns } = await membersOfTest(t);
  const troubles = new Troubles();
  const asked = () => troubles.list().map(({ code }) => code);
  const most = office.ledger.standing.counting + 2;
  t.after(watchLedger({ events, office }, troubles, most));
  await anaSigns('number', { person: dana.nodeId, extension: '201' });
  changed();
  assert.deepEqual(asked(), []);
  await anaSigns('number', { person: dana.nodeId, extension: '202' });
  assert.deepEqual([asked(), office.ledger.standing.counting], [[], most], 'she is no admin');
  await anaSigns('admin', { node: dana.nodeId });
  assert.deepEqual(asked(), ['ledger-large']);
});

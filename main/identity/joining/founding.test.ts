import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { foundOffice } from './founding.ts';
import { readRecoveryCode, recoveryKeyOf } from './recovery-code.ts';
import { ana } from './test-joining.ts';

void test('a founder is the admin of an office of one, and is shown the code that its charter names', () => {
  const { ledger, recoveryCode, charter } = foundOffice(
    ana,
    { name: 'Nord', admit: 'admins' },
    randomBytes(16),
  );
  const { members, admins, settings, recoveryKeys } = ledger.standing;
  assert.deepEqual([[...members.keys()], [...admins]], [[ana.nodeId], [ana.nodeId]]);
  assert.deepEqual([settings.get('name'), settings.get('admit')], ['Nord', 'admins']);
  const key = recoveryKeyOf(readRecoveryCode(recoveryCode));
  assert.deepEqual([...recoveryKeys.keys()], [key.nodeId]);
  assert.deepEqual(ledger.statements, [charter]);
  const again = foundOffice(ana, { name: 'Nord', admit: 'admins' }, randomBytes(16));
  assert.notEqual(again.ledger.office, ledger.office);
  const hidden = { name: 'Nord', admit: 'admins', isAnnounced: false } as const;
  assert.equal(foundOffice(ana, hidden, randomBytes(16)).ledger.standing.settings.get('announced'), 'no');
});

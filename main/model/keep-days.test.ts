import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KEEP_DAYS_KEY, keepDaysIn } from './keep-days.ts';

void test('the days of an office are a whole number; what another version may mean is left out', () => {
  const read = (value: string) => keepDaysIn(new Map([[KEEP_DAYS_KEY, value]]));
  assert.deepEqual(['1', '30', '3650'].map(read), [1, 30, 3650]);
  for (const nothing of ['', '0', '-1', '3651', '30d', '1e2', ' 30', '0x10'])
    assert.equal(read(nothing), undefined);
  assert.equal(keepDaysIn(new Map()), undefined);
});

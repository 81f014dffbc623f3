import assert from 'node:assert/strict';
import test from 'node:test';
import { FragmentTable, IN_MEMORY } from './fragment-table.ts';

function tableOf(...numbers: number[]): FragmentTable {
  const table = new FragmentTable();
  for (const n of numbers) table.set(n, 100 + n, 60);
  return table;
}

void test('what is held and what is missing add up, below the end and beyond it', () => {
  const table = tableOf(2, 3, 6);
  assert.deepEqual([table.held, table.end], [3, 7]);
  assert.deepEqual(table.missing(7), [
    { from: 0, to: 2 },
    { from: 4, to: 6 },
  ]);
  assert.deepEqual(table.missing(9).slice(-1), [{ from: 7, to: 9 }]);
  assert.deepEqual(table.missing(3), [{ from: 0, to: 2 }]);
  assert.deepEqual(new FragmentTable().missing(4), [{ from: 0, to: 4 }]);
});

void test('a fragment set twice counts once, and moves from memory to its place', () => {
  const table = new FragmentTable();
  table.set(5, IN_MEMORY, 60);
  table.set(5, 812, 60);
  assert.deepEqual([table.held, table.offset(5), table.length(5)], [1, 812, 60]);
});

void test('the end falls with what is dropped or cut, and the table grows far beyond its first size', () => {
  const table = tableOf(0, 1, 40_000);
  assert.equal(table.next(2), 40_000);
  table.drop(40_000);
  assert.deepEqual([table.held, table.end, table.next(2)], [2, 2, undefined]);
  table.cut(1);
  assert.deepEqual([table.held, table.has(1), table.has(0)], [1, false, true]);
  table.clear();
  assert.deepEqual([table.held, table.end], [0, 0]);
});

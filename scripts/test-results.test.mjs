import assert from 'node:assert/strict';
import { test } from 'node:test';
import { closingLines, parseResults, withSecondTry } from './test-results.mjs';

const file = (name, more = {}) => ({ file: name, passed: 1, failed: 0, skipped: 0, durationMs: 10, ...more });
const step = (name, files, more = {}) => ({
  ...{ name, durationMs: 1000, isFailed: false, retried: [] },
  ...{ files, ...more },
});

test('the last line is the sum of all groups, and the check counts as one', () => {
  const steps = [
    step('check', []),
    step('unit', [file('a'), file('b', { passed: 5, skipped: 2 })]),
    step('node', [file('c', { failed: 3 })], { isFailed: true }),
  ];
  const lines = closingLines(steps);
  assert.equal(lines.at(-1), '8 passed, 3 failed, 2 skipped');
  assert.ok(lines.includes('failed: c'));
  steps[0].isFailed = true;
  assert.equal(closingLines(steps).at(-1), '7 passed, 4 failed, 2 skipped');
});

test('a group that failed without a failed file does not pass for well', () => {
  assert.equal(closingLines([step('unit', [], { isFailed: true })]).at(-1), '0 passed, 1 failed, 0 skipped');
  const lines = closingLines([step('unit', [file('a')], { isFailed: true })]);
  assert.equal(lines.at(-1), '1 passed, 1 failed, 0 skipped');
});

test('a second try replaces the first, and is a warning by name', () => {
  const files = withSecondTry([file('a', { failed: 1 }), file('b')], [file('a', { passed: 4 })]);
  const lines = closingLines([step('live', files, { retried: ['a'] })]);
  assert.equal(lines.at(-1), '5 passed, 0 failed, 0 skipped');
  assert.equal(lines.at(-2), 'warning: needed a second try: a');
});

test('the ten slowest files are named, the slowest first', () => {
  const files = Array.from({ length: 12 }, (_, n) => file(`file-${n}`, { durationMs: n * 1000 }));
  const text = JSON.stringify(files.at(0));
  assert.deepEqual(parseResults(`${text}\n${text}\n`), [files[0], files[0]]);
  const lines = closingLines([step('unit', files)]);
  const named = lines.filter((line) => line.includes('file-')).map((line) => line.trim());
  assert.equal(named.length, 10);
  assert.equal(named[0], '11.0 s  file-11');
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MAX_STATEMENTS_IN_FRAME } from '../model/index.ts';
import { sendStatements } from './statement-frames.ts';
import { HandLink } from './test-network.ts';

test('a frame has a limited number of statements and of characters; the last one is marked as last', () => {
  const framesOf = (count: number, length: number) => {
    const link = new HandLink('A'.repeat(22) as never);
    const signed = { payload: 'x'.repeat(length - 86), signature: 'A'.repeat(86) };
    sendStatements(
      link.asLink,
      Array.from({ length: count }, () => signed),
    );
    return link.of('statements').map(({ statements, more }) => [statements.length, more]);
  };
  assert.deepEqual(framesOf(0, 100), [[0, false]]);
  assert.deepEqual(framesOf(2 * MAX_STATEMENTS_IN_FRAME + 2, 100), [
    [64, true],
    [64, true],
    [2, false],
  ]);
  assert.deepEqual(framesOf(65, 4096), [
    [32, true],
    [32, true],
    [1, false],
  ]);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DialRow } from '../../preload/api.ts';
import { Narrator } from './narrator.ts';

const TEXT: DialRow['phrases']['pattern'] = {
  code: 'plan-undisturbed',
  details: { part: 'pattern', code: '*78' },
};
const row = (code: string): DialRow => ({
  ...{ name: 'undisturbed', code, usualCode: '*78', lostCode: null, isFixed: false, pattern: code },
  ...{ explanation: 'Turns do not disturb on.', phrases: { pattern: TEXT, explanation: TEXT } },
});

test('the first change of a code has a line: what was before is known', () => {
  const narrator = new Narrator(null, [], [], [row('*78')]);
  const [line] = narrator.lines({ type: 'dial-plan', at: 0, plan: [row('*11')] });
  assert.match(line ?? '', /the code of undisturbed is \*11 now/);
});

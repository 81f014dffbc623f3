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

test('who is notified of a page reads that it is one, and that it is urgent', () => {
  const line = (page: { readonly isUrgent: boolean } | null): string => {
    const [first] = new Narrator().lines({
      ...{ type: 'notification', at: 0, id: 'm', person: 'p', name: 'Ana', extension: '101' },
      ...{ isOverride: false, durationMs: null, isAlone: false, words: null, transcript: null },
      ...{ group: null, number: '4821', meantFor: null, startedAt: 0 },
      page: page && { isToAll: true, isKept: true, ...page },
    });
    return first?.slice('00:00:00  '.length) ?? '';
  };
  assert.equal(line(null), 'Ana (101) is talking to you — #4821: corridor play 4821');
  assert.equal(line({ isUrgent: false }), 'Ana (101) pages you — #4821: corridor play 4821');
  assert.equal(line({ isUrgent: true }), 'Ana (101) pages you urgently — #4821: corridor play 4821');
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { KnownNode, NodeId } from '../model/index.ts';
import { DIAL_PLAN, suggestDials, type SuggestionFacts } from './index.ts';

const PEOPLE = [
  { number: '101', name: 'Ann Self' },
  { number: '102', name: 'Bo Li' },
  { number: '103', name: 'Kim Castellanos-Wetherby' },
  { number: '204', name: 'Zoë Øst' },
  { number: '2045', name: 'Dana Quist' },
  // From before its mailbox was a code.
  { number: '78', name: 'Sam Short' },
];
const recordOf = ({ number, name }: (typeof PEOPLE)[number]): KnownNode => ({
  ...{ v: 1, node: number as NodeId, person: number as NodeId, revision: 1, name, extension: number },
  ...{ presence: 'available', signingKey: '', hpkeKey: '' },
  endpoints: { address: '127.0.0.1', control: 1, beat: 2, media: 3 },
});
const facts: SuggestionFacts = {
  plan: DIAL_PLAN,
  self: '101' as NodeId,
  holdersOf: (extension) => PEOPLE.filter(({ number }) => number === extension).map(recordOf),
  groupWith: () => undefined,
  everybody: () => [],
  hasMessage: () => false,
  lastTalker: () => [],
  lastHeard: () => undefined,
  hasLastWords: () => false,
  mayOverride: () => true,
  unheard: () => 0,
  numbers: () => PEOPLE,
};

/** In short: `102 Bo Li`, or `*78 undisturbed`. */
const inShort = (typed: string, { becomes, suggests } = suggestDials(typed, facts)) =>
  ([becomes, suggests] as const).map((all) =>
    all.map((one) => `${one.dialled} ${one.kind === 'row' ? one.rule.name : one.name}`),
  );

const BECOMES: readonly (readonly [typed: string, becomes: readonly string[]])[] = [
  ['10', ['102 Bo Li', '103 Kim Castellanos-Wetherby']],
  ['(1-0', ['102 Bo Li', '103 Kim Castellanos-Wetherby']],
  ['1', ['102 Bo Li', '103 Kim Castellanos-Wetherby']],
  // A string that reaches one person can become another person's by further digits.
  ['204', ['2045 Dana Quist']],
  ['2045', []],
  ['*10', ['*102 Bo Li', '*103 Kim Castellanos-Wetherby']],
  ['*7', ['*78 undisturbed', '*79 disturbed', '*73 undivert', '*72 divert']],
  ['*9', ['*97 unheard', '*97 message-by-code']],
  ['*97', ['*97 message-by-code']],
  ['#', ['# message']],
  ['204,1', ['204,102 Bo Li', '204,103 Kim Castellanos-Wetherby']],
  ['204,102+10', ['204,102+103 Kim Castellanos-Wetherby']],
  ['102', []],
  ['*78', []],
  ['9', []],
  ['', []],
  ['  ', []],
];

const SUGGESTS: readonly (readonly [typed: string, suggests: readonly string[]])[] = [
  // One key is another, too many, missing, or two are changed over.
  ['105', ['102 Bo Li', '103 Kim Castellanos-Wetherby']],
  ['1022', ['102 Bo Li']],
  ['240', ['204 Zoë Øst']],
  ['*402', ['*102 Bo Li']],
  ['*68', ['*69 last-talker', '*8 pick-up', '*78 undisturbed']],
  ['*12', ['*1 again', '*102 Bo Li']],
  ['999', []],
  ['Bo', ['102 Bo Li']],
  ['kim wether', ['103 Kim Castellanos-Wetherby']],
  ['zoe', ['204 Zoë Øst']],
  ['dnaa', ['2045 Dana Quist']],
  ['bu', []],
  ['nobody', []],
  ['ann', []],
  ['x'.repeat(100_000), []],
];

for (const [typed, expected] of BECOMES)
  test(`what ${JSON.stringify(typed)} may become`, () => assert.deepEqual(inShort(typed)[0], expected));

for (const [typed, expected] of SUGGESTS)
  test(`what ${JSON.stringify(typed.slice(0, 20))}, which means nothing, may have been meant as`, () =>
    assert.deepEqual(inShort(typed), [[], expected]));

test('a string that means something, or can become something, is not corrected', () => {
  for (const typed of ['102', '*78', '10', '*7', '#']) assert.deepEqual(inShort(typed)[1], []);
});

test('every code of the plan is suggested from its first key on, and every suggestion can be dialled', () => {
  const codes = new Set<string>();
  const seek = (typed: string): void => {
    for (const one of suggestDials(typed, facts).becomes) {
      assert.ok(one.dialled.startsWith(typed), `${one.dialled} after ${typed}`);
      if (one.kind === 'number') assert.ok(DIAL_PLAN.some(({ pattern }) => pattern.test(one.dialled)));
      else codes.add(one.rule.name);
    }
  };
  for (const a of '*#0123456789') {
    seek(a);
    for (const b of '0123456789') seek(a + b);
  }
  const withCode = DIAL_PLAN.filter(({ pattern }) => /^\^(\\\*|#)/.test(pattern.source));
  for (const { name } of withCode) if (name !== 'mailbox') assert.ok(codes.has(name), name);
});

test('it suggests few at once, and each once', () => {
  const many: SuggestionFacts = {
    ...facts,
    holdersOf: (number) => [recordOf({ number, name: 'Somebody' })],
    numbers: () => Array.from({ length: 1000 }, (_, n) => ({ number: `${3000 + n}`, name: 'Somebody' })),
  };
  assert.deepEqual(inShort('3', suggestDials('3', many))[0]?.length, 5);
  assert.deepEqual(inShort('30000', suggestDials('30000', many))[0], []);
});

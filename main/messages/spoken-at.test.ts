import assert from 'node:assert/strict';
import { it } from 'node:test';
import { spokenAt } from './spoken-at.ts';

const NOW = 1_764_460_800_000;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** What the talker's clock said, what is known of it, and when the message was begun; undefined: as the header says. */
const CASES: readonly (readonly [
  string,
  startedAt: number,
  known: { readonly aheadMs?: number; readonly isFresh?: boolean },
  number | undefined,
])[] = [
  ['a clock that is right', NOW - 300, { aheadMs: 20 }, undefined],
  ['31 minutes behind, measured', NOW - 31 * MINUTE_MS - 300, { aheadMs: -31 * MINUTE_MS }, NOW - 300],
  [
    '31 minutes behind, measured, said two hours ago',
    NOW - 151 * MINUTE_MS,
    { aheadMs: -31 * MINUTE_MS },
    NOW - 2 * HOUR_MS,
  ],
  ['a year ahead, measured', NOW + 365 * DAY_MS, { aheadMs: 365 * DAY_MS + 5000 }, NOW - 5000],
  ['measured wrongly: nothing is said in the future', NOW - 5000, { aheadMs: -HOUR_MS }, NOW],
  ['1970, measured', 1000, { aheadMs: 1000 - NOW }, NOW],
  ['31 minutes behind, begun now', NOW - 31 * MINUTE_MS, { isFresh: true }, NOW],
  ['half a minute behind, begun now', NOW - 30_000, { isFresh: true }, undefined],
  ['an hour ahead, begun now', NOW + HOUR_MS, { isFresh: true }, NOW],
  ['nothing measured, said three days ago', NOW - 3 * DAY_MS, {}, undefined],
  ['nothing measured, half a minute ahead', NOW + 30_000, {}, NOW],
  ['nothing measured, a year ahead', NOW + 365 * DAY_MS, {}, NOW],
  ['nothing measured, 1970', 1000, {}, NOW],
];

for (const [what, startedAt, known, expected] of CASES)
  it(`when a message was begun: ${what}`, () => {
    assert.equal(
      spokenAt({ startedAt }, { now: NOW, aheadMs: undefined, isFresh: false, ...known }),
      expected,
    );
  });

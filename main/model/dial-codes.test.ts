import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import {
  codeSetting,
  collisionOf,
  DIAL_CODES,
  DIAL_NAMES,
  dialCodesIn,
  isCode,
  lostCodesIn,
  rowHiding,
  USUAL_CODES,
  type DialCodes,
  type DialName,
} from './dial-codes.ts';

/** An office whose admins chose these codes. */
function officeWith(changes: Partial<Record<DialName, string>>): DialCodes {
  const settings = Object.entries(changes).map(([name, code]) => [codeSetting(name as DialName), code]);
  return dialCodesIn(new Map(settings as [string, string][]));
}
/** What differs from the usual codes. */
const changedIn = (codes: DialCodes): Partial<Record<DialName, string>> =>
  Object.fromEntries([...codes].filter(([name, code]) => code !== USUAL_CODES.get(name)));

test('a code is one digit, or a sign or two with up to four digits behind them', () => {
  for (const code of ['0', '9', '*', '#', '**', '*#', '*1', '*11', '*1234', '##21'])
    assert.ok(isCode(code), code);
  for (const code of ['', '10', '204', '*12345', '***', '1*', '*1*', ' *1', 'a', '*1,2'])
    assert.ok(!isCode(code), code);
});

test('the usual codes collide nowhere', () => {
  for (const name of DIAL_NAMES) assert.equal(collisionOf(name, USUAL_CODES), undefined, name);
  assert.deepEqual(dialCodesIn(new Map()), USUAL_CODES);
});

test('an office goes by what its admins chose, and by the usual code elsewhere', () => {
  const chosen = { undisturbed: '*11', divert: '*21', everybody: '9', mailbox: '**' } as const;
  assert.deepEqual(changedIn(officeWith(chosen)), chosen);
  // Two that change places are never dialled alike.
  const swapped = { undisturbed: '*79', disturbed: '*78' } as const;
  assert.deepEqual(changedIn(officeWith(swapped)), swapped);
});

test('what was chosen and lost to another choice is told, and holds once that is gone', () => {
  const chosen = new Map([
    [codeSetting('again'), '*300'],
    [codeSetting('undisturbed'), '*300'],
    [codeSetting('divert'), '*21'],
  ]);
  assert.deepEqual([...lostCodesIn(chosen)], [['undisturbed', '*300']]);
  assert.equal(dialCodesIn(chosen).get('undisturbed'), '*78');
  chosen.set(codeSetting('again'), '*1');
  assert.deepEqual([...lostCodesIn(chosen)], []);
  assert.equal(dialCodesIn(chosen).get('undisturbed'), '*300');
});

test('what is no code, or no row that has one, counts for nothing', () => {
  const settings: [string, string][] = [
    [codeSetting('again'), '*123456'],
    [codeSetting('unheard'), ''],
    [codeSetting('message'), '*22'],
    [codeSetting('extension'), '5'],
    ['code-of-a-later-version', '*33'],
    ['name', '*44'],
  ];
  assert.deepEqual(dialCodesIn(new Map(settings)), USUAL_CODES);
});

/** A row with another code, and the row that takes some of the same strings. */
const COLLISIONS: readonly (readonly [row: DialName, code: string, other: DialName | undefined])[] = [
  ['again', '*97', 'unheard'],
  ['again', '*4812', 'override'],
  ['again', '*481', undefined],
  ['again', '#12', 'message'],
  ['again', '##12', undefined],
  ['again', '0', 'everybody'],
  ['again', '9', undefined],
  ['divert', '*4', 'override'],
  ['divert', '*97', 'message-by-code'],
  ['divert', '*9', 'message-by-code'],
  ['divert', '9', 'extension'],
  ['divert', '#', 'message'],
  ['call', '*0', undefined],
  ['mailbox', '#', 'message'],
  ['mailbox', '*80', 'call'],
  ['mailbox', '*8', undefined],
  ['mailbox', '*801', 'call'],
  ['mailbox', '**', undefined],
];
test('rows collide where there is a string that both take', () => {
  for (const [row, code, other] of COLLISIONS) {
    const codes = new Map([...USUAL_CODES, [row, code] as const]);
    assert.equal(collisionOf(row, codes), other, `${row} ${code}`);
  }
});

test('of changes made apart that collide, the last row of the plan keeps its usual code', () => {
  assert.deepEqual(changedIn(officeWith({ again: '*11', undisturbed: '*11' })), { again: '*11' });
  // *78 is free only as long as its own row has another code.
  const chain = { again: '*78', undisturbed: '*11', disturbed: '*11' } as const;
  assert.deepEqual(changedIn(officeWith(chain)), { again: '*78', undisturbed: '*11' });
  const undone = { again: '*78', undisturbed: '*123456' } as const;
  assert.deepEqual(changedIn(officeWith(undone)), {});
});

test('no settings whatever make a plan in which a string means two things', () => {
  const code = fc.stringMatching(/^[*#]?[*#0-9][0-9]{0,2}$/);
  const changes = fc.dictionary(fc.constantFrom(...DIAL_NAMES), code);
  fc.assert(
    fc.property(changes, (chosen) => {
      const codes = officeWith(chosen);
      for (const name of DIAL_NAMES) {
        if (codes.get(name) === DIAL_CODES[name].code) continue;
        assert.equal(codes.get(name), chosen[name]);
        assert.equal(collisionOf(name, codes), undefined, name);
      }
    }),
    { numRuns: 500 },
  );
});

test('a mailbox is hidden by the code that takes its string', () => {
  assert.equal(rowHiding('97', USUAL_CODES), 'unheard');
  assert.equal(rowHiding('4812', USUAL_CODES), 'override');
  assert.equal(rowHiding('971234', USUAL_CODES), 'message-by-code');
  for (const extension of ['101', '204', '972', '999', '7801'])
    assert.equal(rowHiding(extension, USUAL_CODES), undefined);
  const codes = officeWith({ undisturbed: '*204' });
  assert.deepEqual([rowHiding('204', codes), rowHiding('78', codes)], ['undisturbed', undefined]);
  assert.equal(rowHiding('97', officeWith({ mailbox: '**' })), undefined);
});

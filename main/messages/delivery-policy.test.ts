import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chosenPresenceSchema } from '../model/index.ts';
import { deliver, type Delivery, type DeliveryFacts } from './delivery-policy.ts';

const PLAYS: DeliveryFacts = {
  ...{
    presence: 'available',
    canPlay: true,
    isLocked: false,
    ended: false,
    forwarded: false,
    isQuiet: false,
  },
  ...{ isListening: false, isOwnChoice: true, kind: 'message', ageMs: 0 },
};
/** A talker's clock that is ahead, key down, the last moment of live, the first that is too late, and long ago. */
const AGES_MS = [-60_000, 0, 14_999, 15_000, 3_600_000];

const KINDS = ['message', 'page', 'passing-page'] as const;

/** Every combination of what may be in the way. */
function* allFacts(): Generator<DeliveryFacts> {
  for (const presence of chosenPresenceSchema.options)
    for (const kind of KINDS)
      for (const ageMs of AGES_MS)
        for (let bits = 0; bits < 2 ** 7; bits += 1) {
          const [canPlay, ended, forwarded, isQuiet, isListening, isOwnChoice, isLocked] = Array.from(
            { length: 7 },
            (_, n) => (bits & (1 << n)) !== 0,
          ) as [boolean, boolean, boolean, boolean, boolean, boolean, boolean];
          yield {
            ...{
              presence,
              kind,
              ageMs,
              canPlay,
              ended,
              forwarded,
              isQuiet,
              isListening,
              isOwnChoice,
              isLocked,
            },
          };
        }
}

test('it sounds by itself where it is spoken now, to a person who is available, with a loudspeaker; behind what is heard it is queued', () => {
  let cases = 0;
  for (const facts of allFacts()) {
    const { ended, forwarded, isQuiet, ageMs, presence, canPlay, isLocked, kind } = facts;
    const isLive = !ended && !forwarded && !isQuiet && ageMs < 15_000;
    const maySound = isLive && presence === 'available' && canPlay && !isLocked;
    const mustWait = facts.isListening && (kind === 'message' || !facts.isOwnChoice);
    const silent = kind === 'passing-page' ? 'pass' : 'notify';
    const expected = !maySound ? silent : mustWait ? 'queue' : 'play';
    assert.equal(deliver(facts), expected, JSON.stringify(facts));
    cases += 1;
  }
  assert.equal(cases, 4 * KINDS.length * AGES_MS.length * 2 ** 7);
});

const CHANGES: readonly (readonly [string, Partial<DeliveryFacts>, Delivery])[] = [
  ['nothing is in the way', {}, 'play'],
  ['the person is busy', { presence: 'busy' }, 'notify'],
  ['the person is away', { presence: 'away' }, 'notify'],
  ['the person does not want to be disturbed', { presence: 'dnd' }, 'notify'],
  ['the screen is locked', { isLocked: true }, 'notify'],
  ['no loudspeaker is there', { canPlay: false }, 'notify'],
  ['the talker has let go of the key', { ended: true }, 'notify'],
  ['it is forwarded', { forwarded: true }, 'notify'],
  ['it is for the mailbox', { isQuiet: true }, 'notify'],
  ['it began 15 s ago', { ageMs: 15_000 }, 'notify'],
  ['the talker’s clock is ahead', { ageMs: -1 }, 'play'],
  ['another voice is heard', { isListening: true }, 'queue'],
  [
    'another voice is heard by who does not want to be disturbed',
    { isListening: true, presence: 'dnd' },
    'notify',
  ],
  // The column of pages, row by row. Whether the person is away by idle time does not matter here: what sounds then stays unheard.
  ['a page, to who is available', { kind: 'passing-page' }, 'play'],
  ['a page, above what the person plays', { kind: 'passing-page', isListening: true }, 'play'],
  [
    'a page, to who listens to somebody',
    { kind: 'passing-page', isListening: true, isOwnChoice: false },
    'queue',
  ],
  ['a page, to who is busy by choice', { kind: 'passing-page', presence: 'busy' }, 'pass'],
  ['a page, to who does not want to be disturbed', { kind: 'passing-page', presence: 'dnd' }, 'pass'],
  ['a page, behind a locked screen', { kind: 'passing-page', isLocked: true }, 'pass'],
  ['a page, to who is away by choice', { kind: 'passing-page', presence: 'away' }, 'pass'],
  ['a page that its talker keeps, to who is busy by choice', { kind: 'page', presence: 'busy' }, 'notify'],
  [
    'a page that its talker keeps, to who does not want to be disturbed',
    { kind: 'page', presence: 'dnd' },
    'notify',
  ],
  ['a page that its talker keeps, behind a locked screen', { kind: 'page', isLocked: true }, 'notify'],
  ['a page that its talker keeps, to who is available', { kind: 'page' }, 'play'],
];
for (const [why, change, expected] of CHANGES) {
  test(`${expected}: ${why}`, () => assert.equal(deliver({ ...PLAYS, ...change }), expected));
}

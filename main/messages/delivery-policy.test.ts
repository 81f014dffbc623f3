import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chosenPresenceSchema } from '../model/index.ts';
import { deliver, type Delivery, type DeliveryFacts } from './delivery-policy.ts';

const PLAYS: DeliveryFacts = {
  ...{
    presence: 'available',
    canPlay: true,
    isLocked: false,
    isMuted: false,
    ended: false,
    forwarded: false,
    isQuiet: false,
  },
  ...{ isListening: false, ageMs: 0 },
};
const BOTH = [true, false];
/** A talker's clock that is ahead, key down, the last moment of live, the first that is too late, and long ago. */
const AGES_MS = [-60_000, 0, 14_999, 15_000, 3_600_000];

test('a message sounds by itself in one case alone: it is spoken now, to a person who is available, with a loudspeaker; behind what is heard it is queued', () => {
  let cases = 0;
  for (const presence of chosenPresenceSchema.options)
    for (const canPlay of BOTH)
      for (const ended of BOTH)
        for (const forwarded of BOTH)
          for (const isQuiet of BOTH)
            for (const isListening of BOTH)
              for (const isLocked of BOTH)
                for (const isMuted of BOTH)
                  for (const ageMs of AGES_MS) {
                    const person = { presence, canPlay, isLocked, isMuted };
                    const facts = { ...person, ended, forwarded, isQuiet, isListening, ageMs };
                    const isLive = !ended && !forwarded && !isQuiet && ageMs < 15_000;
                    const maySound = isLive && presence === 'available' && canPlay && !isLocked && !isMuted;
                    const expected = !maySound ? 'notify' : isListening ? 'queue' : 'play';
                    assert.equal(deliver(facts), expected, JSON.stringify(facts));
                    cases += 1;
                  }
  assert.equal(cases, 4 * 2 ** 7 * AGES_MS.length);
});

const CHANGES: readonly (readonly [string, Partial<DeliveryFacts>, Delivery])[] = [
  ['nothing is in the way', {}, 'play'],
  ['the person is busy', { presence: 'busy' }, 'notify'],
  ['the person is away', { presence: 'away' }, 'notify'],
  ['the person does not want to be disturbed', { presence: 'dnd' }, 'notify'],
  ['the screen is locked', { isLocked: true }, 'notify'],
  ['the person has muted this talker', { isMuted: true }, 'notify'],
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
];
for (const [why, change, expected] of CHANGES) {
  test(`${expected}: ${why}`, () => assert.equal(deliver({ ...PLAYS, ...change }), expected));
}

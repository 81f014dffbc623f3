import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chosenPresenceSchema, type NodeId } from '../model/index.ts';
import { deliver, isOverride, type Delivery, type DeliveryFacts } from './delivery-policy.ts';

const PLAYS: DeliveryFacts = {
  ...{ presence: 'available', canPlay: true, isLocked: false, isMuted: false },
  ...{ isOverride: false, hearsOverrideAway: false },
  ...{ ended: false, forwarded: false, isQuiet: false, hears: 'nobody', ageMs: 0 },
};
const BOTH = [true, false];
const HEARS = ['nobody', 'somebody', 'override'] as const;
/** A talker's clock that is ahead, key down, the last moment of live, the first that is too late, and long ago. */
const AGES_MS = [-60_000, 0, 14_999, 15_000, 3_600_000];

/** Every combination of values. */
function* combined<T extends object>(choices: {
  readonly [K in keyof T]: readonly T[K][];
}): Generator<T> {
  const [name, ...others] = Object.keys(choices) as (keyof T)[];
  if (name === undefined) {
    yield {} as T;
    return;
  }
  const rest = Object.fromEntries(others.map((one) => [one, choices[one]])) as typeof choices;
  for (const value of choices[name]) for (const tail of combined<T>(rest)) yield { [name]: value, ...tail };
}

test('a message sounds by itself in one case alone, and an override in one more: it is spoken now, and a loudspeaker is there', () => {
  let cases = 0;
  const all = combined<DeliveryFacts>({
    ...{ presence: chosenPresenceSchema.options, canPlay: BOTH, isLocked: BOTH, isMuted: BOTH },
    ...{ isOverride: BOTH, hearsOverrideAway: BOTH, hears: HEARS },
    ...{ ended: BOTH, forwarded: BOTH, isQuiet: BOTH, ageMs: AGES_MS },
  });
  for (const facts of all) {
    const { presence, canPlay, isLocked, isMuted, ended, forwarded, isQuiet, ageMs, hears } = facts;
    const isLive = !ended && !forwarded && !isQuiet && ageMs < 15_000 && canPlay;
    const isThere = !isLocked && presence !== 'away';
    const mayBeHeard = facts.isOverride
      ? isThere || facts.hearsOverrideAway
      : presence === 'available' && !isLocked && !isMuted;
    const isTaken = facts.isOverride ? hears === 'override' : hears !== 'nobody';
    const expected = !isLive || !mayBeHeard ? 'notify' : isTaken ? 'queue' : 'play';
    assert.equal(deliver(facts), expected, JSON.stringify(facts));
    cases += 1;
  }
  assert.equal(cases, 4 * 2 ** 8 * HEARS.length * AGES_MS.length);
});

/** What becomes of a message, and of an override. */
const TABLE: readonly (readonly [
  presence: string,
  facts: Partial<DeliveryFacts>,
  message: Delivery,
  override: Delivery,
])[] = [
  ['available', {}, 'play', 'play'],
  ['busy by itself: another voice is heard', { hears: 'somebody' }, 'queue', 'play'],
  ['another override is heard', { hears: 'override' }, 'queue', 'queue'],
  ['busy, chosen', { presence: 'busy' }, 'notify', 'play'],
  ['do not disturb, chosen', { presence: 'dnd' }, 'notify', 'play'],
  ['do not disturb, and another voice is heard', { presence: 'dnd', hears: 'somebody' }, 'notify', 'play'],
  ['this talker is muted', { isMuted: true }, 'notify', 'play'],
  ['locked screen', { isLocked: true }, 'notify', 'notify'],
  ['away, chosen', { presence: 'away' }, 'notify', 'notify'],
  ['locked screen, allowed', { isLocked: true, hearsOverrideAway: true }, 'notify', 'play'],
  ['away, chosen, allowed', { presence: 'away', hearsOverrideAway: true }, 'notify', 'play'],
  ['no loudspeaker is there', { canPlay: false, hearsOverrideAway: true }, 'notify', 'notify'],
  ['the talker has let go of the key', { ended: true }, 'notify', 'notify'],
  ['it is forwarded', { forwarded: true }, 'notify', 'notify'],
  ['it is for the mailbox', { isQuiet: true }, 'notify', 'notify'],
  ['it began 15 s ago', { ageMs: 15_000 }, 'notify', 'notify'],
  ['the talker’s clock is ahead', { ageMs: -1 }, 'play', 'play'],
];
for (const [why, change, message, override] of TABLE) {
  test(`${why}: a message ${message}, an override ${override}`, () => {
    assert.equal(deliver({ ...PLAYS, ...change }), message);
    assert.equal(deliver({ ...PLAYS, ...change, isOverride: true }), override);
  });
}

test('a message is an override where its talker says so and has the right, by the ledger here', () => {
  const [ann, bo] = ['ann', 'bo'] as NodeId[] as [NodeId, NodeId];
  const office = { mayOverride: (node: NodeId) => node === ann };
  assert.equal(isOverride(office, { talker: ann, isOverride: true }), true);
  assert.equal(isOverride(office, { talker: bo, isOverride: true }), false);
  assert.equal(isOverride(office, { talker: ann }), false);
});

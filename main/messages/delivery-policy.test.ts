import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chosenPresenceSchema, type NodeId } from '../model/index.ts';
import { deliver, isOverride, type Delivery, type DeliveryFacts } from './delivery-policy.ts';

const PLAYS: DeliveryFacts = {
  ...{ presence: 'available', canPlay: true, isLocked: false, isMuted: false },
  ...{ isOverride: false, hearsOverrideAway: false },
  ...{ isSpoken: true, forwarded: false, isQuiet: false, hears: 'nobody', kind: 'message' },
  isElsewhere: false,
};
const BOTH = [true, false];
const HEARS = ['nobody', 'own', 'somebody', 'override'] as const;
const KINDS = ['message', 'page', 'passing-page'] as const;

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
    ...{ isSpoken: BOTH, forwarded: BOTH, isQuiet: BOTH, isElsewhere: BOTH, kind: KINDS },
  });
  for (const facts of all) {
    const { presence, canPlay, isLocked, isMuted, isSpoken, forwarded, isQuiet, hears, kind } = facts;
    const isLive = isSpoken && !forwarded && !isQuiet && canPlay;
    const isThere = !isLocked && presence !== 'away';
    const mayBeHeard = facts.isOverride
      ? isThere || facts.hearsOverrideAway
      : presence === 'available' && !isLocked && !isMuted;
    const free = kind === 'message' ? ['nobody'] : ['nobody', 'own'];
    const isTaken = facts.isOverride ? hears === 'override' : !free.includes(hears);
    const silent = kind === 'passing-page' ? 'pass' : 'notify';
    const left = kind === 'passing-page' ? 'pass' : 'leave';
    const sounds = facts.isElsewhere ? left : isTaken ? 'queue' : 'play';
    const expected = !isLive || !mayBeHeard ? silent : sounds;
    assert.equal(deliver(facts), expected, JSON.stringify(facts));
    cases += 1;
  }
  assert.equal(cases, 4 * 2 ** 9 * HEARS.length * KINDS.length);
});

/** What becomes of a message, of a page that passes, of one that is kept, and of an override. */
const TABLE: readonly (readonly [
  presence: string,
  facts: Partial<DeliveryFacts>,
  message: Delivery,
  passing: Delivery,
  page: Delivery,
  override: Delivery,
])[] = [
  ['available', {}, 'play', 'play', 'play', 'play'],
  ['the person plays something', { hears: 'own' }, 'queue', 'play', 'play', 'play'],
  ['busy by itself: another voice is heard', { hears: 'somebody' }, 'queue', 'queue', 'queue', 'play'],
  ['another override is heard', { hears: 'override' }, 'queue', 'queue', 'queue', 'queue'],
  ['busy, chosen', { presence: 'busy' }, 'notify', 'pass', 'notify', 'play'],
  ['do not disturb, chosen', { presence: 'dnd' }, 'notify', 'pass', 'notify', 'play'],
  [
    'do not disturb, and another voice is heard',
    { presence: 'dnd', hears: 'somebody' },
    'notify',
    'pass',
    'notify',
    'play',
  ],
  ['this talker is muted', { isMuted: true }, 'notify', 'pass', 'notify', 'play'],
  ['locked screen', { isLocked: true }, 'notify', 'pass', 'notify', 'notify'],
  ['away, chosen', { presence: 'away' }, 'notify', 'pass', 'notify', 'notify'],
  ['locked screen, allowed', { isLocked: true, hearsOverrideAway: true }, 'notify', 'pass', 'notify', 'play'],
  [
    'away, chosen, allowed',
    { presence: 'away', hearsOverrideAway: true },
    'notify',
    'pass',
    'notify',
    'play',
  ],
  [
    'no loudspeaker is there',
    { canPlay: false, hearsOverrideAway: true },
    'notify',
    'pass',
    'notify',
    'notify',
  ],
  ['nobody speaks it now', { isSpoken: false }, 'notify', 'pass', 'notify', 'notify'],
  ['it is forwarded', { forwarded: true }, 'notify', 'pass', 'notify', 'notify'],
  ['it is for the mailbox', { isQuiet: true }, 'notify', 'pass', 'notify', 'notify'],
  ['the person is at another of their computers', { isElsewhere: true }, 'leave', 'pass', 'leave', 'leave'],
  [
    'they are there, and do not want to be disturbed here',
    { isElsewhere: true, presence: 'dnd' },
    'notify',
    'pass',
    'notify',
    'leave',
  ],
];
for (const [why, change, message, passing, page, override] of TABLE) {
  test(`${why}: a message ${message}, a page ${passing}, one that is kept ${page}, an override ${override}`, () => {
    assert.equal(deliver({ ...PLAYS, ...change }), message);
    assert.equal(deliver({ ...PLAYS, ...change, kind: 'passing-page' }), passing);
    assert.equal(deliver({ ...PLAYS, ...change, kind: 'page' }), page);
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

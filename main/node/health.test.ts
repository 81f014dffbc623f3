import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Check, NodeHealth } from '../../preload/api.ts';
import { localizedText } from '../../i18n/index.ts';
import { healthOf, type HealthFacts } from './health.ts';

const dana: NodeHealth = {
  id: 'D'.repeat(22),
  name: 'Dana',
  extension: '204',
  online: true,
  address: '192.168.1.20',
  latencyMs: 1.2,
  loss: 0,
};
const device = { state: 'running', device: 'Headset', sentence: null, phrase: null } as const;
const well: HealthFacts = {
  state: 'running',
  role: 'member',
  switch: { id: dana.id, name: 'Dana', self: false },
  standby: null,
  switchLinked: true,
  rosterDiffersMs: 0,
  clockTrouble: null,
  isClockCompared: true,
  nodes: [dana],
  microphone: device,
  speaker: device,
  microphoneTrouble: null,
  callTrouble: null,
  address: '192.168.1.21',
  networkTrouble: null,
  multicastTrouble: null,
  storageTrouble: null,
  tooMuch: [],
  forged: [],
  unsafe: 0,
  ending: null,
  freeBytes: 20 * 2 ** 30,
  full: [],
  hasRoomElsewhere: true,
  extension: '102',
  statements: 12,
  isAdmin: false,
  faults: 0,
};
const wrong = (why: string) => localizedText('failed', why, { why });
const self = { id: 'S'.repeat(22), name: 'Sam', self: true };

/** What differs from a healthy node, the one check that fails for it (or none), and what it says. */
const CASES: readonly [Partial<HealthFacts>, Check['code'] | null, RegExp][] = [
  [
    { microphone: { state: 'missing', device: null, sentence: null, phrase: null } },
    'microphone',
    /no microphone/,
  ],
  [{ microphone: { state: 'failed', device: 'X', ...wrong('X is in use.') } }, 'microphone', /X is in use/],
  [
    // Cold: nothing is open now, but the last talk found none.
    {
      microphone: { state: 'idle', device: null, sentence: null, phrase: null },
      microphoneTrouble: wrong('This computer has no microphone. Plug one in.'),
    },
    'microphone',
    /has no microphone/,
  ],
  [{ callTrouble: wrong('Echo is not cancelled.') }, 'microphone', /^Echo is not cancelled\.$/],
  [
    { speaker: { state: 'missing', device: null, sentence: null, phrase: null } },
    'speaker',
    /no loudspeaker/,
  ],
  [{ address: null }, 'network', /no address/],
  [{ networkTrouble: wrong('This computer is on no network now.') }, 'network', /no network/],
  [{ nodes: [{ ...dana, loss: 0.25 }] }, 'network', /Dana’s computer, 25 % is lost/],
  [{ nodes: [{ ...dana, latencyMs: 180 }] }, 'network', /only after 180 ms/],
  [{ multicastTrouble: wrong('Multicast is blocked.') }, 'multicast', /blocked/],
  [{ switch: null, role: 'alone', switchLinked: false }, 'switch', /No computer is the switch/],
  [{ switchLinked: false }, 'switch', /no connection to it/],
  [{ rosterDiffersMs: 12_300 }, 'colleagues', /^For 12 seconds .* than the switch, Dana’s computer\./],
  [{ rosterDiffersMs: 2000 }, null, /shows the same colleagues/],
  [{ clockTrouble: wrong('It is 31 minutes behind.') }, 'clock', /31 minutes behind/],
  [{ isClockCompared: false }, null, /is compared once enough colleagues are there/],
  [
    { forged: [{ name: 'Dana', count: 50, sentBy: null }] },
    'voices',
    /into messages of Dana: 50 pieces .*dropped\.$/,
  ],
  [{ forged: [{ name: 'Dana', count: 9, sentBy: 'Eve' }] }, 'voices', /Eve’s computer sent them/],
  [{ faults: 1 }, 'program', /happened once since .*went on/],
  [{ faults: 12 }, 'program', /happened 12 times/],
  [
    { tooMuch: [{ name: 'Dana', count: 1204 }] },
    'load',
    /^Dana’s computer sends more .*1204 of its requests/,
  ],
  [{ unsafe: 1 }, 'copies', /^One message of yours is .* everybody it was for/],
  [{ unsafe: 3, nodes: [] }, 'copies', /^3 messages of yours are .* everybody they were for/],
  [
    { ending: { messages: 2, endsAt: Date.UTC(2026, 2, 9, 12), names: ['Bo', 'Kim'] } },
    'waiting',
    /^2 messages of yours wait for Bo, Kim, .* From 2026-03-09 on/,
  ],
  [{ storageTrouble: wrong('The disk is full.') }, 'storage', /full/],
  [{ freeBytes: 100 * 2 ** 20 }, 'storage', /Only 100 MB/],
  [
    { full: [{ name: 'Dana', isSwitch: true }] },
    'room',
    /^Dana’s computer, the switch, has no room .* who are away\. Other computers keep these messages meanwhile\.$/,
  ],
  [
    { full: ['Dana', 'Ben', 'Eve'].map((name) => ({ name, isSwitch: false })) },
    'room',
    /^Dana’s computer has no room .* away\. 2 more have none either\. Other computers keep/,
  ],
  [
    { full: [{ name: null, isSwitch: true }], hasRoomElsewhere: false },
    'room',
    /^This computer, the switch, has no room .* No other computer has room: .* kept on your computer alone\.$/,
  ],
  [{ state: 'setup', role: 'none', switch: null, address: null, extension: null }, 'switch', /no office yet/],
  [{}, null, /Dana’s computer is the switch, and this one is connected to it\.$/],
  [{ standby: self }, null, /This one would take over/],
  [
    { switch: self, role: 'switch', standby: { ...self, name: 'Bo', self: false } },
    null,
    /Bo’s computer would/,
  ],
  [{ switch: self, role: 'switch', nodes: [] }, null, /This computer is the switch\. There is no other/],
  [{ microphone: { ...device, state: 'idle' } }, null, /Headset is opened when you talk/],
  [{ freeBytes: null }, null, /without trouble\.$/],
  [{ statements: 6000 }, 'ledger', /6000 statements/],
];

describe('what the health page says', () => {
  for (const [facts, failing, says] of CASES) {
    it(`${failing === null ? 'all is well' : `the check of ${failing} fails`} with ${JSON.stringify(facts)}`, () => {
      const { checks } = healthOf({ ...well, ...facts });
      assert.deepEqual(
        checks.map(({ code }) => code),
        [
          'microphone',
          'speaker',
          'network',
          'multicast',
          'switch',
          'colleagues',
          'clock',
          'load',
          'voices',
          'copies',
          'waiting',
          'storage',
          'room',
          'extension',
          'ledger',
          'program',
        ],
      );
      assert.deepEqual(
        checks.filter(({ ok }) => !ok).map(({ code }) => code),
        failing === null ? [] : [failing],
      );
      for (const { ok, sentence, next } of checks) {
        assert.match(sentence, /^[A-Z0-9].*\.$/);
        assert.equal(next === null, ok, 'what fails has a next step, what is well has none');
        if (next !== null) assert.match(next, /^[A-Z].*\.$/);
      }
      const said = checks
        .filter(({ code }) => failing === null || code === failing)
        .map((one) => one.sentence);
      assert.ok(
        said.some((sentence) => says.test(sentence)),
        said.join('\n'),
      );
    });
  }

  it('tells no computer outside an office that colleagues are found by themselves', () => {
    for (const state of ['setup', 'removed'] as const) {
      const { checks } = healthOf({ ...well, state, role: 'none', switch: null });
      const said = checks.find(({ code }) => code === 'multicast')?.sentence;
      assert.equal(said, 'Colleagues are looked for once you are in an office.');
    }
  });
});

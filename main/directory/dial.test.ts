import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { loadDesktop } from '../../i18n/desktop.ts';
import { translate, type Code } from '../../i18n/index.ts';
import { rowHiding, USUAL_CODES, type KnownNode, type NodeId, type StatementId } from '../model/index.ts';
import {
  DIAL_PLAN,
  phrasesOf,
  resolveDial,
  type DialEffect,
  type DialledGroup,
  type PlanFacts,
} from './index.ts';

const SELF = 'self' as NodeId;

function record(node: string, name: string, extension: string): KnownNode {
  return {
    v: 1,
    ...{ node: node as NodeId, person: node as NodeId, revision: 1, name, extension, presence: 'available' },
    ...{ signingKey: '', hpkeKey: '' },
    endpoints: { address: '127.0.0.1', control: 1, beat: 2, media: 3 },
  };
}

function group(name: string, nodes: readonly KnownNode[], mayTalk = true): DialledGroup {
  const people = [...new Set(nodes.map(({ person }) => person))];
  const rights = { talk: mayTalk ? 'everybody' : 'members', change: 'creator', creator: SELF } as const;
  const facts = { id: name as StatementId, name, extension: undefined, people, ...rights };
  return { group: facts, nodes, mayTalk };
}

/** Dana has 204 and Bo 4821; this person has 101 on two nodes, and 2020 is theirs too. Messages: 204, 2020, 4821, 5000 and a long one. */
const holders: Readonly<Record<string, readonly KnownNode[]>> = {
  '204': [record('dana', 'Dana', '204'), record('dana-2', 'Dana', '204')],
  '4821': [record('bo', 'Bo', '4821')],
  '101': [record(SELF, 'Ann', '101'), record('ann-2', 'Ann', '101')],
  '2020': [record(SELF, 'Ann', '2020')],
};
/** Group 600 is Dana and Bo, and everybody talks to it; only its members talk to 601; nobody but this person is in 602. */
const groups: Readonly<Record<string, DialledGroup>> = {
  '600': group('Sales', [...holders['204']!, ...holders['4821']!]),
  '601': group('Board', holders['204']!, false),
  '602': group('Alone', []),
};
const messages = new Set(['204', '2020', '4821', '5000', '123456789012']);
const facts: PlanFacts = {
  plan: DIAL_PLAN,
  self: SELF,
  holdersOf: (extension) => holders[extension] ?? [],
  groupWith: (extension) => groups[extension],
  everybody: () => [...(holders['204'] ?? []), ...(holders['4821'] ?? [])],
  hasMessage: (number) => messages.has(number),
  lastTalker: () => holders['204'] ?? [],
  lastHeard: () => '5000',
  hasLastWords: () => true,
  mayOverride: () => true,
  unheard: () => 2,
};
/** Of somebody who is new: nobody has talked to them. */
const newcomer: PlanFacts = {
  ...facts,
  everybody: () => [],
  lastTalker: () => [],
  lastHeard: () => undefined,
  hasLastWords: () => false,
  mayOverride: () => false,
  unheard: () => 0,
};

/** An effect in short: `talk dana dana-2`, `quiet bo`, `play 5000`, or the reason's code. */
function inShort(effect: DialEffect): string {
  switch (effect.kind) {
    case 'talk':
      return [
        effect.isTyped ? 'type' : effect.isOverride ? 'override' : effect.isQuiet ? 'quiet' : 'talk',
        ...(effect.groups ?? []).map(({ name }) => `${name}:`),
        ...effect.nodes.map(({ node }) => node),
      ].join(' ');
    case 'page':
      return [
        `page${effect.group ? ` ${effect.group.name}:` : ''}`,
        ...effect.nodes.map(({ node }) => node),
      ].join(' ');
    case 'call':
      return ['call', ...effect.nodes.map(({ node }) => node)].join(' ');
    case 'play':
      return `play ${effect.number}`;
    case 'play-unheard':
      return `play all ${effect.count}`;
    case 'pick-up':
      return 'pick up';
    case 'last-words':
      return 'last words';
    case 'do-not-disturb':
      return `undisturbed ${effect.isOn}`;
    case 'divert':
      return `divert ${effect.to?.person ?? 'off'}`;
    case 'nothing':
      return effect.reason.phrase.code;
  }
}

/** What each string does, row by row of the plan, and then what no row takes. */
const TABLE: readonly (readonly [dialled: string, effect: string])[] = [
  ['*97', 'play all 2'],
  [' *9-7 ', 'play all 2'],
  ['0', 'page dana dana-2 bo'],
  ['*69', 'talk dana dana-2'],
  ['*1', 'play 5000'],
  ['*5', 'last words'],
  ['*8', 'pick up'],
  ['*78', 'undisturbed true'],
  ['*79', 'undisturbed false'],
  ['*73', 'divert off'],
  ['*72204', 'divert dana'],
  ['*72-48 21', 'divert bo'],
  ['*72101', 'yourself' satisfies Code],
  ['*722020', 'yourself' satisfies Code],
  ['*72999', 'dial-nobody' satisfies Code],
  ['*72', 'dial-nobody' satisfies Code],
  ['*722', 'dial-nobody' satisfies Code],
  ['*73204', 'dial-nobody' satisfies Code],
  ['*975000', 'play 5000'],
  ['*97204', 'dial-nobody' satisfies Code],
  ['*979999', 'dial-no-message' satisfies Code],

  ['*55204', 'type dana dana-2'],
  ['*55999', 'dial-nobody' satisfies Code],

  ['*48204', 'override dana dana-2'],
  ['*484821', 'override bo'],
  ['*48999', 'dial-nobody' satisfies Code],
  ['*482020', 'yourself' satisfies Code],
  ['*80204', 'call dana dana-2'],
  ['*80 (204)', 'call dana dana-2'],
  ['*802020', 'yourself' satisfies Code],
  ['*80999', 'dial-nobody' satisfies Code],
  ['*804', 'dial-nobody' satisfies Code],

  ['*204', 'quiet dana dana-2'],
  ['(*204)', 'quiet dana dana-2'],
  ['*4821', 'quiet bo'],
  ['*101', 'quiet ann-2'],
  ['*2020', 'yourself' satisfies Code],
  ['*999', 'dial-nobody' satisfies Code],

  ['#5000', 'play 5000'],
  ['#4821', 'play 4821'],
  ['#204', 'play 204'],
  ['#123456789012', 'play 123456789012'],
  [' # 50-00 ', 'play 5000'],
  ['\u2068#5000\u2069', 'play 5000'],
  ['#9999', 'dial-no-message' satisfies Code],
  ['#1', 'dial-no-message' satisfies Code],

  ['204', 'talk dana dana-2'],
  ['(2-04)', 'talk dana dana-2'],
  ['tel:204', 'talk dana dana-2'],
  ['\uff12\uff10\uff14', 'talk dana dana-2'],
  ['\u0662\u0660\u0664', 'talk dana dana-2'],
  // An extension comes before a message with the same number.
  ['4821', 'talk bo'],
  // Another node of this person can be talked to.
  ['101', 'talk ann-2'],
  ['2020', 'yourself' satisfies Code],
  ['99', 'dial-nobody' satisfies Code],
  ['999', 'dial-nobody' satisfies Code],
  ['999999', 'dial-nobody' satisfies Code],

  ['600', 'talk Sales: dana dana-2 bo'],
  ['*80600', 'page Sales: dana dana-2 bo'],
  ['*80601', 'group-members-only' satisfies Code],
  ['*80602', 'group-empty' satisfies Code],
  ['6-00', 'talk Sales: dana dana-2 bo'],
  ['*600', 'quiet Sales: dana dana-2 bo'],
  ['601', 'group-members-only' satisfies Code],
  ['*48600', 'group-no-person' satisfies Code],
  ['*72600', 'group-no-person' satisfies Code],
  ['602', 'group-empty' satisfies Code],
  // A person who is dialled twice is reached once.
  ['204,600', 'talk Sales: dana dana-2 bo'],
  ['204,601', 'group-members-only' satisfies Code],

  ['204,4821', 'talk dana dana-2 bo'],
  ['204+4821', 'talk dana dana-2 bo'],
  [' 204, 48-21 ', 'talk dana dana-2 bo'],
  ['4821,204,4821', 'talk bo dana dana-2'],
  ['204,999', 'dial-nobody' satisfies Code],
  // A message is nobody to talk to.
  ['204,5000', 'dial-nobody' satisfies Code],
  ['204,2020', 'yourself' satisfies Code],
  [Array.from({ length: 17 }, (_, n) => 200 + n).join(), 'dial-too-many' satisfies Code],
  ['204,', 'dial-unknown' satisfies Code],
  ['204,,4821', 'dial-unknown' satisfies Code],
  ['*204,4821', 'dial-unknown' satisfies Code],

  ['5000', 'play 5000'],
  ['50 00', 'play 5000'],
  ['123456789012', 'play 123456789012'],
  ['9999', 'dial-nobody' satisfies Code],
  ['1234567', 'dial-no-message' satisfies Code],

  ['', 'dial-empty' satisfies Code],
  [' ', 'dial-empty' satisfies Code],
  ['1', 'dial-unknown' satisfies Code],
  ['#', 'dial-unknown' satisfies Code],
  ['##5000', 'dial-unknown' satisfies Code],
  ['5000#', 'dial-unknown' satisfies Code],
  ['*7', 'dial-unknown' satisfies Code],
  ['1234567890123', 'dial-unknown' satisfies Code],
  ['Dana', 'dial-unknown' satisfies Code],
  ['204 Dana', 'dial-unknown' satisfies Code],
  ['+204', 'dial-unknown' satisfies Code],
  ['#'.repeat(1_000_000), 'dial-unknown' satisfies Code],
];

describe('the dial plan', () => {
  it('has one effect for each string', () => {
    for (const [dialled, effect] of TABLE)
      assert.equal(inShort(resolveDial(dialled, facts)), effect, JSON.stringify(dialled.slice(0, 40)));
  });

  it('tries its rows in order, and every row has a string in the table of this test', () => {
    assert.deepEqual(
      DIAL_PLAN.map(({ name }) => name),
      [
        ...['extension', 'several', 'unheard', 'everybody', 'last-talker', 'again', 'last-words', 'pick-up'],
        ...['undisturbed', 'disturbed', 'undivert', 'divert', 'message', 'message-by-code', 'override'],
        ...['call', 'type', 'mailbox', 'bare-message'],
      ],
    );
    for (const { name, pattern } of DIAL_PLAN)
      assert.ok(
        TABLE.some(
          ([dialled, effect]) =>
            pattern.test(dialled) &&
            /^(talk|type|call|quiet|override|page|play|last|pick|undisturbed|divert) /.test(effect),
        ),
        name,
      );
  });

  it('refuses a code whose row finds nothing, and says why', () => {
    const codes = ['*97', '*69', '*1', '*5', '0', '*48204'];
    const dialled = codes.map((code) => inShort(resolveDial(code, newcomer)));
    const nothing: Code[] = ['nothing-unheard', 'nobody-spoke', 'nothing-heard', 'nothing-heard'];
    const reasons: Code[] = [...nothing, 'nobody-to-page', 'may-not-override'];
    assert.deepEqual(dialled, reasons);
  });

  it('grants no extension whose mailbox would have the string of a code', () => {
    const codes = DIAL_PLAN.filter(({ name }) => name !== 'mailbox');
    for (let number = 10; number < 1_000_000; number += number < 10_000 ? 1 : 97) {
      const dialled = `*${number}`;
      if (codes.some(({ pattern }) => pattern.test(dialled)))
        assert.ok(rowHiding(String(number), USUAL_CODES) !== undefined, dialled);
    }
    for (const number of ['101', '204', '999', '7801', '6900'])
      assert.equal(rowHiding(number, USUAL_CODES), undefined, number);
  });

  it('explains every row in English and German', async () => {
    const { phrases } = await loadDesktop('de');
    for (const rule of DIAL_PLAN) {
      assert.match(rule.sentence, /^[A-Z].*\.$/);
      const { pattern, explanation } = phrasesOf(rule);
      const isCodeAlone = /^[*#0-9]+$/.test(rule.dialled);
      const inGerman = translate(phrases, { sentence: rule.dialled, phrase: pattern });
      assert.equal(inGerman === rule.dialled, isCodeAlone, rule.name);
      const explained = translate(phrases, { sentence: rule.sentence, phrase: explanation });
      assert.match(explained, /\.$/);
      assert.notEqual(explained, rule.sentence);
    }
  });

  it('gives every refusal a whole sentence', () => {
    for (const [dialled] of TABLE) {
      const effect = resolveDial(dialled, facts);
      if (effect.kind === 'nothing') assert.match(effect.reason.sentence, /^[A-Z0-9].{10,}\.$/);
    }
  });
});

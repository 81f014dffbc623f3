import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import {
  languageTags,
  localizedText,
  SOURCE_LANGUAGE,
  translate,
  type Code,
  type Phrase,
  type Phrases,
  type Translations,
} from './index.ts';
import { loadPanel } from './panel.ts';

const none = [{}] as const;
const at = [{ place: '192.168.1.20:47021' }] as const;
const file = [{ path: '/home/ann/x.json' }] as const;
const because = [{ why: 'EIO: i/o error' }] as const;
const diskFaults = [
  { fault: 'full', why: null },
  { fault: 'read-only', why: null },
  { fault: 'other', ...because[0] },
] as const;
const devices = [
  { kind: 'microphone', device: null, why: 'busy' },
  { kind: 'speaker', device: 'Desk USB', why: 'busy' },
] as const;
/** Of a row of the dial plan with this code. */
const parts = (code: string) =>
  [
    { part: 'pattern', code },
    { part: 'explanation', code: '' },
  ] as const;
const noKeys = ['wayland', 'no-display', 'accessibility', 'refused'] as const;
const spoken = { number: '4711', name: 'Dana', extension: '204', time: '10:42', seconds: 7 } as const;
const closed = ['maker-out', 'withdrawn', 'over', 'used-up', 'removal-since', 'behind'] as const;
const refusals = [
  ...closed,
  ...(['bad-card', 'bad-proof', 'other-office', 'cannot-admit', 'unknown-invitation', 'removed'] as const),
  ...(['full', 'busy', 'closed', 'muted', 'asked-already', 'declined', 'other'] as const),
];
const ends = [
  ...(['wrong-order', 'too-late', 'other-keys', 'other-commitment'] as const),
  ...(['false-office', 'old-ledger', 'not-admitted', 'lost', 'other-digits', 'in-already'] as const),
];
const lan = { wanted: 'eth7', choices: 'eth0 (10.0.0.2)' } as const;

/** Each code with details of every kind that they may have. The compiler misses no code and no field. */
const samples: { readonly [C in Code]: readonly Phrases[C][] } = {
  failed: because,
  'bad-arguments': because,
  'not-a-join-link': [{ prefix: 'corridor://join/' }],
  'mistyped-join-link': none,
  'join-link-cut-off': none,
  'old-join-link': none,
  'join-refused': refusals.map((reason) => ({ reason })),
  'join-ended': ends.map((reason) => ({ reason })),
  'invitation-closed': closed.map((reason) => ({ reason })),
  'too-many-invitations': [{ most: 64 }],
  'not-compared': none,
  'no-such-request': none,
  'not-your-person': none,
  'recovery-code-cut-off': none,
  'mistyped-recovery-code': none,
  'wrong-recovery-code': none,
  'admins-only': none,
  'last-admin': none,
  'no-such-removal': none,
  'no-recovery-code': none,
  'ledger-large': none,
  'not-your-removal': none,
  'asked-to-move': [
    { name: 'Bo', without: 'Ana', more: 0 },
    { name: 'Bo', without: 'Ana', more: 2 },
    { name: 'Bo', without: null, more: 1 },
    { name: null, without: null, more: 0 },
  ],
  'extension-reserved': [{ extension: '7204', mailbox: '*7204', free: '105' }],
  'code-none': [{ name: 'secretary' }],
  'code-malformed': [{ code: '*12345' }],
  'code-collides': [{ row: 'plan-divert', code: '*4', other: 'plan-override', otherCode: '*48' }],
  'code-hides': [
    { mailbox: '*204', holder: 'Dana', extension: '204', row: 'plan-again', code: '*204' },
    { mailbox: '*204', holder: null, extension: '204', row: 'plan-again', code: '*204' },
  ],
  'no-move': none,
  'extension-taken': [
    { extension: '101', holder: 'Dana', free: '105' },
    { extension: '101', holder: null, free: '105' },
  ],
  'extension-lost': [
    { extension: '101', holder: 'Dana', now: '105' },
    { extension: '101', holder: null, now: '105' },
  ],
  'numbers-spent': none,
  'number-moved': [
    { extension: '104', was: 'Bo', now: 'Kim', again: true },
    { extension: '104', was: 'Bo', now: 'Bo', again: false },
    { extension: '104', was: null, now: null, again: true },
  ],
  'not-admitting': none,
  'let-in-most': none,
  'no-such-invitation': none,
  'ledger-damaged': file,
  'statement-not-saved': because,
  'statement-partly-saved': because,
  'no-office': none,
  'not-set-up': none,
  'no-name': none,
  'time-past': none,
  'no-person': none,
  'key-taken': [
    { key: 'F9', use: 'talkKey', person: null },
    { key: 'F9', use: 'replyKey', person: null },
    { key: 'F9', use: 'pageKey', person: null },
    { key: 'F9', use: 'playNextKey', person: null },
    { key: 'F9', use: 'answerKey', person: null },
    { key: 'F9', use: 'laterKey', person: null },
    { key: 'F9', use: 'personKeys', person: 'Dana (204)' },
    { key: 'F9', use: 'presetKeys', person: '2' },
  ],
  'dial-empty': none,
  'dial-unknown': none,
  'dial-nobody': [{ extension: '999' }],
  'dial-no-message': [{ number: '4711' }],
  'dial-not-talked-to': [{ dialled: '4711', number: '4711' }],
  'dial-person': (['available', 'busy', 'dnd', 'away', 'offline'] as const).map((presence) => ({
    name: 'Dana',
    extension: '204',
    presence,
  })),
  'dial-spoken': [
    { ...spoken, direction: 'in', day: null, live: true },
    { ...spoken, direction: 'out', day: '2026-03-09', live: false },
    { ...spoken, direction: 'in', day: null, seconds: null, live: false },
  ],
  'dial-people': [{ names: 'Dana (204), Kim (205)' }],
  'dial-too-many': [{ most: 16, count: 17 }],
  'dial-group': [
    { name: 'Sales', extension: '600', count: 1 },
    { name: 'Sales', extension: '600', count: 5 },
  ],
  'dial-group-mailbox': [{ name: 'Sales', extension: '600' }],
  'group-members-only': [{ name: 'Sales' }],
  'group-empty': [{ name: 'Sales' }],
  'group-without-number': [{ name: 'Sales' }],
  'group-no-person': [{ name: 'Sales' }],
  'group-none': none,
  'group-not-yours': [
    { name: 'Sales', byMembers: true },
    { name: 'Sales', byMembers: false },
  ],
  'group-full': [{ most: 100, count: 120 }],
  'groups-full': none,
  'groups-spent': none,
  'talk-too-many': [{ most: 500, count: 700 }],
  'call-one-person': none,
  'page-takes-people': none,
  'dial-page': [{ count: 1 }, { count: 11 }],
  'dial-page-group': [
    { name: 'Sales', extension: '600', count: 1 },
    { name: 'Sales', extension: '600', count: 5 },
  ],
  'dial-only-pages': [{ dialled: '0' }],
  'nobody-to-page': none,
  'page-unheard': none,
  'page-not-urgent': none,
  'urgent-unconfirmed': [
    { names: 'Sales', count: null },
    { names: null, count: 1 },
    { names: null, count: 12 },
  ],
  'page-too-many': [{ most: 100, count: 120 }],
  'dial-mailbox': [{ name: 'Dana', extension: '204' }],
  'dial-last-words': none,
  'dial-pick-up': none,
  'dial-override': [{ name: 'Dana', extension: '204' }],
  'may-not-override': none,
  'override-unconfirmed': [{ name: 'Dana', extension: '204' }],
  'dial-type': [{ name: 'Dana', extension: '204' }],
  'dial-call': [{ name: 'Dana', extension: '204' }],
  'dial-unheard': [{ count: 1 }, { count: 3 }],
  'dial-do-not-disturb': [{ isOn: true }, { isOn: false }],
  'dial-diverted': (['available', 'busy', 'dnd', 'away', 'offline'] as const).map((presence) => ({
    ...{ from: 'Bo', fromExtension: '102', name: 'Kim', extension: '103', presence },
  })),
  'dial-divert': [{ to: 'Kim (103)' }, { to: null }],
  'dial-no-person': [{ dialled: '*78' }],
  yourself: [{ extension: '101' }],
  'plan-call': parts('*80'),
  'plan-type': parts('*55'),
  'plan-several': parts(''),
  'plan-unheard': parts('*97'),
  'plan-everybody': parts('0'),
  'plan-last-talker': parts('*69'),
  'plan-again': parts('*1'),
  'plan-last-words': parts('*5'),
  'plan-pick-up': parts('*8'),
  'plan-undisturbed': parts('*78'),
  'plan-disturbed': parts('*79'),
  'plan-undivert': parts('*73'),
  'plan-divert': parts('*72'),
  'plan-message-by-code': parts('*97'),
  'plan-override': parts('*48'),
  'plan-mailbox': parts('*'),
  'plan-message': parts('#'),
  'plan-extension': parts(''),
  'plan-bare-message': parts(''),
  'already-talking': none,
  'already-released': none,
  talking: none,
  'still-talking': none,
  'talk-cut': none,
  'talk-nobody-left': none,
  'page-nothing-recorded': none,
  'talk-clicked': none,
  'talk-silent': none,
  'page-recording-cut': none,
  'voice-cut-short': [
    { name: 'Dana', isForged: true },
    { name: 'Dana', isForged: false },
  ],
  'nobody-chosen': none,
  'nobody-spoke': none,
  'talker-unknown': [{ extension: null }, { extension: '204' }],
  'own-message': [{ extension: '204' }],
  'nothing-unheard': none,
  'nothing-heard': none,
  'key-wanted': [{ talker: null }, { talker: 'Dana' }],
  'key-not-here': none,
  'words-do-not-open': none,
  'words-too-slow': none,
  'no-voice-here': none,
  'no-preset': [
    { place: 3, count: 1 },
    { place: 4, count: 3 },
  ],
  'no-recogniser': none,
  'no-transcript': none,
  'no-words': none,
  'transcript-failed': none,
  'captions-failed': none,
  'no-message': [{ which: null }, { which: '#4711' }],
  'not-complete': [{ wish: 'export' }, { wish: 'forward' }],
  'not-forwarded': none,
  'cannot-render': none,
  'no-message-key': none,
  'call-unreachable': [{ name: 'Dana' }],
  'call-too-old': [{ name: 'Dana' }],
  'call-cannot-transfer': [{ name: 'Dana' }],
  'call-cannot-join': [{ name: 'Dana' }],
  'call-of-several': none,
  'call-is-full': [{ most: 6 }],
  'call-cannot-record': [{ name: 'Dana' }],
  'call-is-recorded': none,
  'no-recording': none,
  'call-not-recorded': none,
  'call-is-held': none,
  'recording-not-begun': diskFaults,
  'recording-cut-short': diskFaults,
  'recording-held': none,
  'recording-untold': [{ name: 'Dana' }],
  'transfer-to-same': none,
  'pick-up-nobody': none,
  'pick-up-nothing': none,
  'no-call': none,
  'no-such-call': none,
  'bad-call-key': none,
  'bad-message-key': none,
  'bad-hpke-key': none,
  'bad-message-id': none,
  'message-deleted': none,
  'deletion-not-saved': [{ wish: 'delete' }, { wish: 'restore' }],
  'unknown-message': none,
  'wrong-manifest': none,
  'no-microphone': none,
  'no-speaker': none,
  'microphone-silent': none,
  'no-encoder': none,
  'device-missing': devices.map(({ kind, device }) => ({ kind, device })),
  'device-not-opened': devices,
  'device-lost': devices.map(({ kind, device }) => ({ kind, device })),
  'sound-unusable': because,
  'sound-file-refused': [{ ...file[0], ...because[0] }],
  'words-empty': none,
  'words-too-long': [{ most: 2000 }],
  'no-voice': [{ language: 'pl' }],
  'engine-missing': [{ engine: 'espeak-ng' }],
  'engine-failed': [
    { engine: 'espeak-ng', why: null },
    { engine: 'espeak-ng', why: 'no such voice' },
  ],
  'engine-ended-early': [{ engine: 'espeak-ng' }],
  'engine-slow': [{ engine: 'espeak-ng', seconds: 30 }],
  'engine-too-much': [{ engine: 'espeak-ng' }],
  'engine-garbage': [{ engine: 'espeak-ng' }],
  'command-empty': none,
  'command-quote': none,
  'model-unknown': [{ folder: '/home/ann/whisper' }],
  'model-not-live': [{ folder: '/home/ann/whisper' }],
  'model-unreadable': [{ folder: '/home/ann/whisper', why: 'ENOENT' }],
  'model-damaged': (['missing', 'empty', 'cut-off', 'pointer', 'no-model'] as const).map((fault) => ({
    file: 'tokens.txt',
    fault,
  })),
  'library-missing': [{ library: 'sherpa-onnx-node', folder: '/home/ann' }],
  'sound-starting': none,
  'sound-stopped': none,
  'sound-down': none,
  'sound-restarting': none,
  'sound-restarted': none,
  'call-echo-failed': because,
  'call-noise-failed': because,
  'media-open-failed': [{ where: '10.0.0.2:47022', why: 'EADDRINUSE' }],
  'media-not-started': none,
  'no-network': none,
  'network-unusable': none,
  'no-multicast': because,
  'no-such-interface': [lan],
  'interface-gone': [lan],
  'bad-address': [
    { fault: 'empty', given: '' },
    { fault: 'too-long', given: '' },
    { fault: 'no-address', given: 'a b' },
    { fault: 'no-host', given: 'a_b' },
    { fault: 'bad-port', given: 'a:0' },
  ],
  'too-many-addresses': [{ most: 64 }],
  'control-address': [
    { address: '10.0.0.2', port: null },
    { address: '10.0.0.2', port: 47021 },
  ],
  'control-timeout': at,
  'control-lost': at,
  'own-address': at,
  'wrong-node': at,
  'wrong-office': at,
  unreachable: at,
  'not-corridor': at,
  'clock-wrong': [
    { amount: 1, unit: 'minutes', isAhead: false },
    { amount: 31, unit: 'minutes', isAhead: true },
    { amount: 3, unit: 'hours', isAhead: false },
    { amount: 300, unit: 'days', isAhead: false },
    { amount: 57, unit: 'years', isAhead: true },
  ],
  'no-common-protocol': [
    { name: 'Dana', kind: 'newer' },
    { name: null, kind: 'older' },
  ],
  'identity-damaged': file,
  'office-damaged': file,
  'damaged-settings': file,
  'settings-reset': [{ ...file[0], names: 'ready, language' }],
  'settings-newer': file,
  'settings-changed': file,
  'settings-not-saved': diskFaults,
  'settings-unsaved': diskFaults,
  'addresses-damaged': file,
  'directory-damaged': file,
  'file-damaged': file,
  'file-newer': file,
  'index-remade': [
    { ...file[0], isNewer: true },
    { ...file[0], isNewer: false },
  ],
  'store-disk-full': none,
  'store-read-only': none,
  'store-io': because,
  'store-memory-full': none,
  'already-running': [{ profile: '/home/ann/.corridor' }],
  'socket-refused': [
    { path: '/tmp/x', why: null },
    { path: '/tmp/x', why: 'EACCES' },
  ],
  'keys-unseen': noKeys.map((why) => ({ why })),
  'keys-toggle': noKeys.map((why) => ({ why, keys: ['F9', 'F10'] })),
  'keys-unknown': [{ keys: ['F9', 'F10'] }],
  'key-conflict': [
    { twice: ['F9'], shared: ['F10'], taken: ['F11'] },
    { twice: [], shared: [], taken: ['F11', 'F12'] },
  ],
  'panel-loaded': none,
  'panel-gave-up': none,
  'login-failed': because,

  'health-device': devices.flatMap(({ kind, device }) =>
    (['running', 'opening', 'idle'] as const).map((state) => ({ kind, device, state })),
  ),
  'health-no-device': devices.map(({ kind }) => ({ kind })),
  'health-no-address': none,
  'health-loss': [{ name: 'Dana', percent: 25 }],
  'health-slow': [{ name: 'Dana', milliseconds: 180 }],
  'health-network': [{ address: null }, { address: '10.0.0.2' }],
  'health-multicast': [{ inOffice: true }, { inOffice: false }],
  'health-no-office': none,
  'health-no-switch': none,
  'health-is-switch': [{ standby: null }, { standby: 'Dana' }],
  'health-switch-lost': [{ name: 'Dana' }],
  'health-switch': [
    { name: 'Dana', standby: true },
    { name: 'Dana', standby: false },
  ],
  'health-colleagues': [{ isCompared: true }, { isCompared: false }],
  'health-colleagues-differ': [{ name: 'Dana', seconds: 12 }],
  'health-clock': [{ isCompared: true }, { isCompared: false }],
  'next-clock': none,
  'health-copied': none,
  'health-waiting': none,
  'health-ending': [1, 3].map((messages) => ({ messages, names: 'Bo', day: '2026-03-09' })),
  'health-not-copied': [{ messages: 1 }, { messages: 3 }],
  'health-room': none,
  'health-full': [
    { name: 'Dana', isSwitch: true, others: 0, hasRoomElsewhere: true },
    { name: 'Dana', isSwitch: false, others: 2, hasRoomElsewhere: true },
    { name: null, isSwitch: true, others: 1, hasRoomElsewhere: false },
  ],
  'health-little-space': [{ bytes: 100 * 2 ** 20 }],
  'health-storage': [{ bytes: null }, { bytes: 20 * 2 ** 30 }],
  'health-extension': [{ extension: null }, { extension: '101' }],
  'health-ledger': [
    { statements: null, most: 6000 },
    { statements: 12, most: 6000 },
  ],
  'health-ledger-large': [{ statements: 6123, most: 6000 }],
  'health-sound-program': none,
  'health-faults': [{ faults: 1 }, { faults: 3 }],
  'next-call-sound': none,
  'next-device': devices.map(({ kind }) => ({ kind })),
  'next-network': none,
  'next-loss': none,
  'next-slow': none,
  'next-multicast': none,
  'next-office': none,
  'next-no-switch': none,
  'next-switch-lost': [{ name: 'Dana' }],
  'next-colleagues': none,
  'next-ending': [{ names: 'Bo' }],
  'next-copies': [{ hasColleagues: true }, { hasColleagues: false }],
  'next-storage': none,
  'next-room': [{ name: 'Dana' }],
  'health-voices': none,
  'health-forged': [
    { name: 'Dana', count: 50, sentBy: null },
    { name: 'Dana', count: 50, sentBy: 'Eve' },
  ],
  'next-forged': [{ sentBy: null }, { sentBy: 'Eve' }],
  'health-load': none,
  'health-too-much': [{ name: 'Dana', count: 1204 }],
  'next-load': [{ name: 'Dana' }],
  'next-ledger': [{ isAdmin: true }, { isAdmin: false }],
  'next-faults': none,
};
const all = Object.entries(samples).flatMap(([code, each]) =>
  each.map((details: object) => ({ code, details }) as Phrase),
);
/** Details that choose between sentences, and stand in none themselves. */
const CHOOSING = [
  'kind',
  'unit',
  'state',
  'presence',
  'use',
  'direction',
  'part',
  'wish',
  'fault',
  'day',
  'reason',
  'row',
  'other',
];

/** Patterns of the dial plan, and sentences that end with an error's own text. */
const NOT_A_SENTENCE = /^(plan-.*|failed|bad-arguments)$/;

const { phrases: german } = await loadPanel('de');

for (const language of languageTags.filter((tag) => tag !== SOURCE_LANGUAGE)) {
  describe(`the node’s sentences in ${language}`, () => {
    let translations: Translations;

    before(async () => {
      const { phrases } = await loadPanel(language);
      assert.ok(phrases);
      translations = phrases;
    });

    test('every phrase has a sentence, and every name, number and file of it is in there', () => {
      assert.deepEqual(Object.keys(samples).sort(), Object.keys(translations).sort());
      for (const phrase of all) {
        const here = JSON.stringify(phrase);
        const text = translate(translations, { sentence: 'ENGLISH', phrase });
        assert.notEqual(text, 'ENGLISH', here);
        assert.ok(
          text === text.trim() && !/undefined|null|NaN|\[object| {2}|\.\.$/.test(text),
          `${here}: ${text}`,
        );
        if (!NOT_A_SENTENCE.test(phrase.code)) assert.match(text, /[.?]$/, here);
        for (const [name, value] of Object.entries(phrase.details) as [string, unknown][]) {
          const isKeyReason = phrase.code.startsWith('keys-') && name === 'why';
          if (typeof value !== 'string' || CHOOSING.includes(name) || isKeyReason) continue;
          assert.ok(text.includes(value), `${name} of ${here}: ${text}`);
        }
      }
    });

    test('no two phrases have the same sentence, but for being in no office', () => {
      const codes = new Map<string, string>();
      for (const phrase of all) {
        const text = translate(translations, { sentence: '', phrase });
        const other = codes.get(text);
        if (other !== undefined && other !== phrase.code) {
          assert.deepEqual([other, phrase.code], ['no-office', 'not-set-up']);
        }
        codes.set(text, phrase.code);
      }
    });
  });
}

test('a phrase is plain data: JSON does not change it', () => {
  for (const phrase of all) assert.deepEqual(JSON.parse(JSON.stringify(phrase)), phrase);
});

test('in English the node’s own sentence is shown', () => {
  const text = localizedText('dial-nobody', 'Nobody has extension 999.', { extension: '999' });
  assert.equal(translate(null, text), text.sentence);
  assert.match(translate(german, text), /Durchwahl 999/);
});

test('a phrase that a language does not know, or cannot make a sentence of, stays in English', () => {
  const sentence = 'Something new happened.';
  const strange = [
    null,
    undefined,
    { code: 'from-tomorrow', details: {} },
    { code: 'toString', details: {} },
    { code: 'keys-unknown', details: {} },
    { code: 'keys-unknown', details: null },
  ];
  for (const phrase of strange) {
    assert.equal(
      translate(german, { sentence, phrase: phrase as Phrase | null }),
      sentence,
      JSON.stringify(phrase),
    );
  }
});

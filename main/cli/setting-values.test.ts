import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  checkArguments,
  SETTING_NAMES,
  SETTINGS,
  type SettingName,
  type SettingValues,
} from '../../preload/api.ts';
import { explainSettings, readSetting, writeSettings } from './setting-values.ts';

/** For each setting: values it takes, and texts and values it does not. The compiler misses no setting. */
const SAMPLES: {
  readonly [N in SettingName]: {
    readonly good: readonly SettingValues[N][];
    readonly badTexts: readonly string[];
    readonly bad: readonly unknown[];
  };
} = {
  microphone: device(),
  speaker: device(),
  ready: { good: ['warm', 'cold'], badTexts: ['', 'hot'], bad: ['hot', null, true] },
  talkKey: key(),
  replyKey: key(),
  pageKey: key(),
  playNextKey: key(),
  answerKey: key(),
  laterKey: key(),
  personKeys: {
    good: [[], [{ extension: '102', key: 'F5' }], keysFor(32)],
    badTexts: ['102', '1:F5', '102:', '102:F5,,'],
    bad: [null, 'none', [{ extension: '1', key: 'F5' }], [{ extension: '102' }], keysFor(33)],
  },
  latch: onOff(),
  voice: {
    good: [null, 'espeak-ng:de'],
    badTexts: [''],
    bad: ['x'.repeat(257), 5],
  },
  voiceFolder: {
    good: [null, '/voices/piper-en', 'C:\\Voices'],
    badTexts: ['', 'piper'],
    bad: ['piper', 5],
  },
  presets: {
    good: [null, ['Coming'], ['Coming', 'Five minutes']],
    badTexts: ['', 'a||b', '1|2|3|4|5|6|7|8|9|10'],
    bad: [['x'.repeat(201)], [''], [5], 'Coming'],
  },
  presetKeys: {
    good: [[], [{ preset: 1, key: 'F5' }], keysForPresets(9)],
    badTexts: ['1', '0:F5', '10:F5', 'Coming:F5', '1:', '1:F5,,'],
    bad: [null, 'none', [{ preset: 0, key: 'F5' }], [{ preset: 1 }], keysForPresets(10)],
  },
  recogniser: {
    good: [null, { command: 'transcribe --fast {wav}' }, { model: '/models/whisper-tiny' }],
    badTexts: ['', 'whisper', 'command:', 'model: whisper'],
    bad: ['off', { command: '' }, { model: 'whisper' }, { command: 'a', model: '/b' }],
  },
  captions: {
    good: [null, { command: 'pocketsphinx live -' }, { model: '/models/zipformer' }],
    badTexts: ['', 'whisper', 'command:', 'model: zipformer'],
    bad: ['off', { command: '' }, { model: 'zipformer' }, { command: 'a', model: '/b' }],
  },
  recordPages: onOff(),
  pageVolume: whole(10, 200),
  tones: onOff(),
  signals: { good: ['sound', 'flash', 'both'], badTexts: ['', 'light'], bad: ['light', null, true] },
  echoCancelling: onOff(),
  noiseSuppression: onOff(),
  gainControl: onOff(),
  recordingsFolder: {
    good: [null, '/home/ann/Calls', 'C:\\Calls', 'D:/Calls', '\\\\server\\share', `/${'d'.repeat(1023)}`],
    badTexts: ['', 'Calls', './Calls', '../Calls', '~/Calls', `/${'d'.repeat(1024)}`],
    bad: ['', 'Calls', 7, '/a\u0000'],
  },
  notifications: onOff(),
  overrideWhenAway: onOff(),
  startAtLogin: onOff(),
  language: { good: [null, 'en', 'de'], badTexts: ['', 'xx', 'EN'], bad: ['xx', '', 1] },
  keepDays: whole(1, 3650),
  keepMegabytes: whole(50, 1_000_000),
};

function device() {
  const good = [null, 'Headset', 'Büro: USB, 2 = vorn', 'd'.repeat(256)];
  return { good, badTexts: ['', 'd'.repeat(257)], bad: [1, 'd'.repeat(257)] };
}
function key() {
  const good = [null, 'F8', 'Ctrl+Alt+Space', 'Ctrl + Shift + KeyZ'];
  const tooLong = `Ctrl+${' '.repeat(58)}F8`;
  return { good, badTexts: ['KeyZ', 'Mouse4', tooLong], bad: ['', 9, 'KeyZ', 'Mouse4', tooLong] };
}
function onOff() {
  return { good: [true, false], badTexts: ['', 'loud', '1', 'toString'], bad: ['on', 1, null] };
}
function whole(min: number, max: number) {
  const badTexts = [String(min - 1), String(max + 1), '1.5', '-7', '1e2', 'many', ''];
  return { good: [min, max], badTexts, bad: [min - 1, max + 1, min + 0.5, String(min), null] };
}
function keysFor(count: number) {
  return Array.from({ length: count }, (_, n) => ({ extension: String(100 + n), key: keyNo(n) }));
}
function keysForPresets(count: number) {
  return Array.from({ length: count }, (_, n) => ({ preset: n + 1, key: keyNo(n) }));
}
function keyNo(n: number): string {
  return `${n < 24 ? 'Ctrl' : 'Alt'}+F${(n % 24) + 1}`;
}

/** All defaults, with one setting as it is given. */
function withOne(name: SettingName, value: unknown): SettingValues {
  const defaults = Object.fromEntries(SETTING_NAMES.map((each) => [each, SETTINGS[each].byDefault]));
  return { ...(defaults as unknown as SettingValues), [name]: value };
}

describe('every setting', () => {
  for (const name of SETTING_NAMES) {
    const { good, bad, badTexts } = SAMPLES[name];
    const { byDefault, explanation, expects } = SETTINGS[name];

    it(`${name}: its default, and all it takes, pass the API and come back from the command line`, () => {
      for (const value of [byDefault, ...good]) {
        assert.deepEqual(checkArguments('setSettings', { [name]: value }), {
          ok: true,
          args: { [name]: value },
        });
        const line = writeSettings(withOne(name, value)).find((each) => each.startsWith(`${name}=`));
        assert.deepEqual(readSetting(line ?? ''), { [name]: value }, line);
      }
    });

    it(`${name}: what it does not take is refused with a sentence that names it`, () => {
      for (const value of bad) {
        const checked = checkArguments('setSettings', { [name]: value });
        assert.ok(!checked.ok && checked.error.startsWith(name), JSON.stringify([value, checked]));
      }
      for (const text of badTexts) {
        const message = `${name} must be ${expects}.`;
        assert.throws(
          () => readSetting(`${name}=${text}`),
          { code: 'commander.invalidArgument', message },
          text,
        );
      }
    });

    it(`${name}: help explains it in one line`, () => {
      assert.match(explanation, /^[^\n]{10,110}\.$/);
      const help = explainSettings();
      assert.ok(help.includes(`  ${name} `) && help.includes(explanation) && help.includes(expects));
    });
  }
});

it('a name that is no setting is refused with those there are', () => {
  for (const text of ['volume=3', 'tones', 'toString=on', '=', '']) {
    assert.throws(() => readSetting(text), { message: /^It must be name=value, with one of microphone, / });
  }
});

it('of two keys for one person the last one counts, and none takes a key away', () => {
  const personKeys = [
    { extension: '102', key: 'F5' },
    { extension: '103', key: null },
    { extension: '102', key: 'F6' },
  ];
  const checked = checkArguments('setSettings', { personKeys });
  assert.deepEqual(checked, { ok: true, args: { personKeys: [{ extension: '102', key: 'F6' }] } });
});

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { chooseVoice } from './choose-voice.ts';
import { espeakArguments, espeakVoices } from './espeak.ts';
import { partBrackets } from './part-brackets.ts';
import { sayArguments, sayVoices } from './say.ts';
import type { Voice } from './speech.ts';
import { without } from './test-engines.ts';
import { LIST_SCRIPT, powershell, SPEAK_SCRIPT, windowsInput, windowsVoices } from './windows-voices.ts';

/** Of eSpeak NG 1.51. */
const ESPEAK = `Pty Language       Age/Gender VoiceName          File                 Other Languages
 5  af              --/M      Afrikaans          gmw/af               
 5  chr-US-Qaaa-x-west --/M      Cherokee_          iro/chr              
 5  cmn             --/M      Chinese_(Mandarin,_latin_as_English) sit/cmn              (zh-cmn 5)(zh 5)
 5  cmn-latn-pinyin --/M      Chinese_(Mandarin,_latin_as_Pinyin) sit/cmn-Latn-pinyin  (zh-cmn 5)(zh 5)
 5  de              --/M      German             gmw/de               
 2  en-gb           --/M      English_(Great_Britain) gmw/en               (en 2)
 5  en-gb-x-rp      --/M      English_(Received_Pronunciation) gmw/en-GB-x-rp       (en-gb 4)(en 5)
 2  en-us           --/M      English_(America)  gmw/en-US            (en 3)
 5  nb              --/M      Norwegian_Bokmål  gmq/nb               (no 5)
 5  pt              --/M      Portuguese_(Portugal) roa/pt               (pt-pt 5)
 5  pt-br           --/M      Portuguese_(Brazil) roa/pt-BR            (pt 6)
 5  yue             --/M      Chinese_(Cantonese) sit/yue              (zh-yue 5)(zh 8)
 5  yue             --/M      Chinese_(Cantonese,_latin_as_Jyutping) sit/yue-Latn-jyutping (zh-yue 5)(zh 8)
`;
/** Lines that macOS prints, of several versions. */
const SAY = `Alex                en_US    # Most people recognize me by my voice.
Amélie              fr_CA    # Bonjour! Je m’appelle Amélie.
Anna                de_DE    # Hallo! Ich heiße Anna.
Bad News            en_US    # The light you see at the end of the tunnel is the headlamp of a fast approaching train.
Eddy (German (Germany)) de_DE    # Hallo! Ich heiße Eddy.
Fiona               en-scotland # Hello, my name is Fiona. I am a Scottish-English voice.
Majed               ar_001   # مرحبًا! اسمي ماجد.
Markus (Enhanced)   de_DE    # Hallo, ich heiße Markus.
not a voice
`;

test('eSpeak’s table of voices is read; of two with the same name the first', () => {
  const voices = espeakVoices(ESPEAK);
  assert.deepEqual(
    voices.map(({ id, language }) => `${id} ${language}`),
    [
      'espeak-ng:af af',
      'espeak-ng:chr-US-Qaaa-x-west chr-US',
      'espeak-ng:cmn zh',
      'espeak-ng:cmn-latn-pinyin zh-Latn-pinyin',
      'espeak-ng:de de',
      'espeak-ng:en-gb en-GB',
      'espeak-ng:en-gb-x-rp en-GB-x-rp',
      'espeak-ng:en-us en-US',
      'espeak-ng:nb nb',
      'espeak-ng:pt pt',
      'espeak-ng:pt-br pt-BR',
      'espeak-ng:yue yue',
    ],
  );
  assert.equal(voices.find(({ id }) => id === 'espeak-ng:nb')?.name, 'Norwegian Bokmål');
  assert.deepEqual(espeakVoices(''), []);
  assert.deepEqual(espeakVoices('espeak-ng: command not found'), []);
});

test('eSpeak gets the text by standard input, and no part of it as a command of its own', () => {
  assert.deepEqual(espeakArguments('de'), ['--stdin', '--stdout', '-b', '1', '-v', 'de']);
  assert.equal(partBrackets('a [[h@loU]] [[[b'), 'a [ [h@loU]] [ [ [b');
});

test('macOS’ list of voices is read, with names of several words and in brackets', () => {
  assert.deepEqual(
    sayVoices(SAY).map(({ id, language }) => `${id} ${language}`),
    [
      'say:Alex en-US',
      'say:Amélie fr-CA',
      'say:Anna de-DE',
      'say:Bad News en-US',
      'say:Eddy (German (Germany)) de-DE',
      'say:Fiona en-scotland',
      'say:Majed ar-001',
      'say:Markus (Enhanced) de-DE',
    ],
  );
});

test('macOS’ say gets the text by standard input, and writes a WAV file', () => {
  const args = sayArguments('Bad News', '/tmp/x.wav');
  assert.deepEqual(args.slice(0, 2), ['--voice=Bad News', '--output-file=/tmp/x.wav']);
  assert.ok(args.includes('--data-format=LEI16@22050'));
  assert.ok(args.includes('--input-file=-'));
  assert.equal(partBrackets('[[rate 90]] hi'), '[ [rate 90]] hi');
});

test('Windows’ voices are read; the script is fixed, and what a person typed comes by standard input', () => {
  const list = [
    { name: 'Microsoft Hedda Desktop', language: 'de-DE' },
    { name: 'Microsoft Zira Desktop', language: 'en-US' },
  ];
  const base64 = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64');
  assert.deepEqual(
    windowsVoices(`${base64(list)}\r\n`).map(({ id, language }) => `${id} ${language}`),
    ['windows:Microsoft Hedda Desktop de-DE', 'windows:Microsoft Zira Desktop en-US'],
  );
  for (const other of ['', 'nothing', base64({}), base64([{ name: 1 }])])
    assert.deepEqual(windowsVoices(other), []);
  for (const script of [LIST_SCRIPT, SPEAK_SCRIPT]) {
    const { args } = powershell(script);
    assert.equal(Buffer.from(args.at(-1) ?? '', 'base64').toString('utf16le'), script);
    // The command line of Windows has 32,767 characters at most.
    assert.ok(args.join(' ').length < 8000);
  }
  const lines = windowsInput('Hedda', 'Größe"; rm\n$x').trimEnd().split('\n');
  assert.deepEqual(
    lines.map((line) => Buffer.from(line, 'base64').toString()),
    ['Hedda', 'Größe"; rm\n$x'],
  );
});

test('a voice is chosen by its id, else by the language that comes nearest', () => {
  const voices: Voice[] = [...espeakVoices(ESPEAK), ...sayVoices(SAY)];
  const chosen = (wish: { voice?: string; language?: string }): string | undefined =>
    chooseVoice(voices, wish)?.id;
  const table: readonly (readonly [wish: { voice?: string; language?: string }, id: string | undefined])[] = [
    [{ voice: 'say:Anna', language: 'en' }, 'say:Anna'],
    [{ voice: 'say:Gone', language: 'en' }, 'espeak-ng:en-us'],
    [{ language: 'en' }, 'espeak-ng:en-us'],
    [{ language: 'en-GB' }, 'espeak-ng:en-gb'],
    [{ language: 'en-AU' }, 'espeak-ng:en-gb'],
    [{ language: 'de' }, 'espeak-ng:de'],
    [{ language: 'de-AT' }, 'espeak-ng:de'],
    [{ language: 'pt-BR' }, 'espeak-ng:pt-br'],
    [{ language: 'pt' }, 'espeak-ng:pt'],
    [{ language: 'zh' }, 'espeak-ng:cmn'],
    [{ language: 'zh-CN' }, 'espeak-ng:cmn'],
    [{ language: 'ar' }, 'say:Majed'],
    [{ language: 'fr' }, 'say:Amélie'],
    [{ language: 'pl' }, undefined],
    [{ language: 'not a tag' }, undefined],
    [{}, 'espeak-ng:af'],
  ];
  for (const [wish, id] of table) assert.equal(chosen(wish), id, JSON.stringify(wish));
  assert.equal(chooseVoice([], { language: 'en' }), undefined);
});

test('every voice of the eSpeak that is here is read', { skip: without('espeak-ng', 'espeak-ng') }, () => {
  const table = spawnSync('espeak-ng', ['--voices'], { encoding: 'utf8' }).stdout;
  const keys = new Set(
    table
      .split('\n')
      .slice(1)
      .map((line) => line.trim().split(/\s+/)[1])
      .filter(Boolean),
  );
  const read = espeakVoices(table);
  // One has no language: Klingon’s is named by its script, piqd.
  keys.delete('piqd');
  assert.equal(read.length, keys.size);
});

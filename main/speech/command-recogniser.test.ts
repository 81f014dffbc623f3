import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import { readWav } from '../../native-audio/index.ts';
import { eventually } from '../../test/support/eventually.ts';
import { correlate } from '../../test/support/correlate.ts';
import { tempFolder } from '../../test/support/temp-folder.ts';
import { CommandRecogniser } from './command-recogniser.ts';
import { guessLanguage } from './guess-language.ts';
import { SherpaVoice } from './sherpa-voice.ts';
import type { VoiceEngine } from './speech.ts';
import { Voices, systemVoices } from './synthesiser.ts';
import {
  engineScript,
  refusal,
  saysOnceThereIs,
  stateOf,
  without,
  workFolder,
  WRITES_PID,
} from './test-engines.ts';
import { startChild } from './test-models.ts';
import { WorkFolder } from './work-folder.ts';

const signal = new AbortController().signal;
const sound = new Int16Array(48_000);
const script = (body: string, loadLimitMs = 20_000): CommandRecogniser =>
  new CommandRecogniser({ command: `"${engineScript('fake', body)}"`, folder: workFolder(), loadLimitMs });

test(
  'eSpeak speaks a text in the language that it is in',
  { skip: without('espeak-ng', 'espeak-ng') },
  async () => {
    const voices = new Voices(systemVoices(workFolder(), 'linux'));
    const text = 'Das Paket ist da, bitte komm herunter.';
    const german = await voices.speak(text, { language: guessLanguage(text, 'en') }, signal);
    const chosen = await voices.speak(text, { voice: 'espeak-ng:de' }, signal);
    const english = await voices.speak(text, { language: 'en' }, signal);
    assert.ok(german.length > 48_000 && german.length < 48_000 * 6, `${german.length} samples`);
    assert.deepEqual(german, chosen);
    assert.notDeepEqual(german, english);
    const { code, sentence } = await refusal(voices.speak(text, { language: 'tlh-x-none' }, signal));
    assert.equal(code, 'no-voice');
    assert.match(sentence, /tlh/);
  },
);

test(
  'what begins like an option, and markup, is spoken as text',
  { skip: without('espeak-ng', 'espeak-ng') },
  async () => {
    const voices = new Voices(systemVoices(workFolder(), 'linux'));
    for (const text of ['--help', '-w /tmp/x.wav', '<speak>one</speak>', '[[h@loU]]', 'one\ntwo', '$(id)']) {
      const spoken = await voices.speak(text, { language: 'en' }, signal);
      assert.ok(spoken.length > 10_000, `${text}: ${spoken.length} samples`);
    }
  },
);

test('a folder that holds no voice does not take the computer’s voices away', async () => {
  const folder = new SherpaVoice('/nowhere/voice', startChild);
  const other: VoiceEngine = {
    name: 'say',
    list: async () => [{ id: 'say:Anna', name: 'Anna', language: 'de-DE', engine: 'say' }],
    speak: async () => new Int16Array(1),
  };
  const voices = new Voices([folder, other]);
  assert.deepEqual(
    (await voices.voices()).map(({ id }) => id),
    ['say:Anna'],
  );
  assert.equal((await refusal(folder.list())).code, 'model-unreadable');
});

test(
  'PocketSphinx understands some of what eSpeak says',
  {
    skip:
      without('espeak-ng', 'espeak-ng') ||
      without('pocketsphinx_continuous', 'pocketsphinx') ||
      (!existsSync('/usr/share/pocketsphinx/model/en-us/en-us') &&
        'its English model is not installed (Debian: pocketsphinx-en-us)'),
  },
  async () => {
    const words = 'please call me back at three the meeting is over and we are going home now';
    const voices = new Voices(systemVoices(workFolder(), 'linux'));
    const pcm = await voices.speak(words, { voice: 'espeak-ng:en-us' }, signal);
    const command = 'pocketsphinx_continuous -logfn /dev/null -infile {wav}';
    const heard = await new CommandRecogniser({ command, folder: workFolder() }).recognise(pcm, {}, signal);
    const said = new Set(words.split(' '));
    const right = heard.text.split(/\s+/).filter((word) => said.has(word)).length;
    assert.ok(right >= 4, `${right} words: ${heard.text}`);
    assert.deepEqual(heard.words, []);
  },
);

test('a command gets 16 kHz mono, which is the same sound, and nothing of it stays', async () => {
  const kept = join(tempFolder('kept'), 'kept.wav');
  const folder = workFolder();
  const program = engineScript(
    'fake',
    'require("node:fs").copyFileSync(process.argv[3], process.argv[2]); console.log(process.argv[3])',
  );
  const recogniser = new CommandRecogniser({ command: `"${program}" "${kept}"`, folder });
  const tone = Int16Array.from(
    { length: 100_000 },
    (_, i) => 8000 * Math.sin(i / 15) + 8000 * Math.sin(i / 40),
  );
  const { text: path } = await recogniser.recognise(tone, {}, signal);
  const wav = readFileSync(kept);
  assert.equal(wav.readUInt32LE(24), 16_000);
  assert.equal(wav.readUInt16LE(22), 1);
  const heard = readWav(wav);
  assert.ok(Math.abs(heard.length - tone.length) <= 3);
  const { peak, lagMs } = correlate(tone, heard);
  assert.ok(peak > 0.99 && Math.abs(lagMs) < 0.2, `${peak} at ${lagMs} ms`);
  assert.equal(existsSync(path), false);
});

test('what a crash has left in the folder is removed at the first use', async () => {
  const path = join(tempFolder('speech'), 'work');
  mkdirSync(path);
  writeFileSync(join(path, 'left.wav'), 'voice');
  const folder = new WorkFolder(path);
  const written = await folder.withFile(Buffer.from('x'), async (file) => {
    assert.deepEqual(readdirSync(path), [basename(file)]);
    assert.equal(statSync(path).mode & 0o777, 0o700);
    assert.equal(statSync(file).mode & 0o777, 0o600);
    return file;
  });
  assert.equal(existsSync(written), false);
});

test('a command that crashes, hangs, prints garbage or a megabyte is refused with a sentence', async () => {
  const table: readonly (readonly [body: string, code: string])[] = [
    ['process.kill(process.pid, "SIGSEGV")', 'engine-failed'],
    ['console.error("model not found"); process.exitCode = 1', 'engine-failed'],
    ['process.stdout.write(require("node:crypto").randomBytes(5000))', 'engine-garbage'],
    ['process.stdout.write("word ".repeat(250_000))', 'engine-too-much'],
  ];
  for (const [body, code] of table) {
    assert.equal((await refusal(script(body).recognise(sound, {}, signal))).code, code, body);
  }
  const hangs = new CommandRecogniser({
    command: `"${engineScript('fake', 'setInterval(() => 0, 1000)')}"`,
    folder: workFolder(),
    loadLimitMs: 500,
  });
  assert.equal((await refusal(hangs.recognise(new Int16Array(4800), {}, signal))).code, 'engine-slow');
  const none = new CommandRecogniser({ command: '/nowhere/whisper {wav}', folder: workFolder() });
  assert.deepEqual(await refusal(none.recognise(sound, {}, signal)), {
    code: 'engine-missing',
    sentence: 'whisper is not found on this computer. Install it, or choose something else in Settings.',
  });
});

test('a paused recogniser is stopped at once, also one that was paused before it began', async (t) => {
  const path = join(tempFolder('pid'), 'pid');
  const gate = `${path}-may-end`;
  const program = engineScript('fake', `${WRITES_PID}; ${saysOnceThereIs(gate)}`);
  const writing = (file: string) =>
    new CommandRecogniser({ command: `"${program}" "${file}"`, folder: workFolder() });
  const recogniser = writing(path);
  recogniser.pause();
  const heard = recogniser.recognise(sound, {}, signal);
  writeFileSync(gate, '');
  await writing(`${path}-of-another`).recognise(sound, {}, signal);
  assert.equal(existsSync(path), false, 'it has not begun when one that began later has ended');
  rmSync(gate);
  recogniser.resume();
  await eventually(() => existsSync(path) && readFileSync(path, 'utf8') !== '', 'it runs');
  const pid = Number(readFileSync(path, 'utf8'));
  t.after(() => recogniser.close());
  recogniser.pause();
  await eventually(() => stateOf(pid) === 'T', 'it is stopped');
  writeFileSync(gate, '');
  recogniser.resume();
  assert.equal((await heard).text, 'said');
});

test('a closed recogniser ends its command, and can be used again', async () => {
  const path = join(tempFolder('pid'), 'pid');
  const body = `require('node:fs').writeFileSync(process.argv[2], String(process.pid)); setInterval(() => 0, 1000)`;
  const command = `"${engineScript('fake', body)}" "${path}"`;
  const recogniser = new CommandRecogniser({ command, folder: workFolder() });
  const heard = recogniser.recognise(sound, {}, signal);
  await eventually(() => existsSync(path) && readFileSync(path, 'utf8') !== '', 'it runs');
  recogniser.close();
  await assert.rejects(heard, { name: 'AbortError' });
  await eventually(() => stateOf(Number(readFileSync(path, 'utf8'))) === undefined, 'it has ended');
});

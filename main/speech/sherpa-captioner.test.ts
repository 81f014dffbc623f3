import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { eventually } from '../../test/support/eventually.ts';
import { seededRandom } from '../../test/support/seeded-random.ts';
import { SherpaCaptioner } from './sherpa-captioner.ts';
import { Captions } from './test-captions.ts';
import { stateOf } from './test-engines.ts';
import {
  besideTheLibrary,
  LOUD_LIVE_MODEL,
  modelFolder,
  onnxFile,
  startChild,
  WITHOUT_LIBRARY,
} from './test-models.ts';

/** A folder with a Zipformer and a library of the test's own, which decodes a stream by `body`: `stream.heard` has all its samples. */
function fakeModel(body: string, metadata: Record<string, string> = { decode_chunk_len: '32' }): string {
  const folder = modelFolder({
    'encoder.onnx': onnxFile({ model_type: 'zipformer2', ...metadata }),
    'decoder.onnx': onnxFile(),
    'joiner.onnx': onnxFile(),
    'tokens.txt': 'a 0\n',
  });
  const library = `
require('node:fs').writeFileSync(${JSON.stringify(join(folder, 'pid'))}, String(process.pid));
exports.OnlineRecognizer = class {
  constructor(config) { this.config = config; }
  createStream() {
    return { heard: 0, isNew: true, acceptWaveform({ samples }) { this.heard += samples.length; this.isNew = true; }, inputFinished() {} };
  }
  isReady(stream) { return stream.isNew; }
  decode(stream) { stream.isNew = false; ((stream, config) => { ${body} })(stream, this.config); }
  getResult(stream) { return stream.result; }
  isEndpoint(stream) { return stream.heard >= 32000; }
  reset(stream) { stream.heard = 0; }
};`;
  modelFolder({ 'index.js': library }, join(folder, 'node_modules', 'sherpa-onnx-node'));
  return folder;
}
const pidOf = (folder: string): number => Number(readFileSync(join(folder, 'pid'), 'utf8'));
const COUNTS = `stream.result = { text: ' heard ' + (stream.heard > 0 ? 'some' : 'nothing') };`;

test('a model says what it has heard so far, and ends a phrase at a pause', async (t) => {
  const captions = new Captions(t, new SherpaCaptioner(fakeModel(COUNTS), startChild));
  captions.speak(1);
  await eventually(() => captions.said.includes('heard some…'), 'a phrase goes on');
  captions.speak(2);
  await eventually(() => captions.said.includes('heard some'), 'a phrase has ended');
  assert.equal(captions.ends, 0);
  captions.speech.end();
  assert.equal(await captions.ended, undefined);
  assert.equal(captions.said.at(-1), 'heard some');
});

test('each speech begins anew, in the same process', async (t) => {
  const folder = fakeModel(`stream.result = { text: 'n' + (stream.decoded = (stream.decoded ?? 0) + 1) };`);
  const captioner = new SherpaCaptioner(folder, startChild);
  for (let n = 0; n < 2; n++) {
    const captions = new Captions(t, captioner);
    captions.speak(0.1);
    await eventually(() => captions.said.length > 0, 'it was heard');
    assert.equal(captions.said[0], 'n1…');
    captions.speech.end();
    assert.equal(await captions.ended, undefined);
  }
  const pid = pidOf(folder);
  captioner.close();
  await eventually(() => stateOf(pid) === undefined, 'it has ended');
});

test('the model is told to find the ends of phrases, at the lowest priority', async (t) => {
  const folder = fakeModel(
    `stream.result = { text: [require('node:os').getPriority(), config.enableEndpoint, config.modelConfig.numThreads].join(' ') };`,
  );
  const captions = new Captions(t, new SherpaCaptioner(folder, startChild));
  captions.speak(0.1);
  captions.speech.end();
  assert.equal(await captions.ended, undefined);
  assert.equal(captions.said.at(-1), '19 1 1');
});

test('one that crashes, throws, answers nonsense, or hears only recordings, is over with one sentence', async (t) => {
  const table: readonly (readonly [folder: string, code: string])[] = [
    [fakeModel('process.kill(process.pid, "SIGSEGV"); for (;;);'), 'engine-failed'],
    [fakeModel('throw new Error("no memory")'), 'engine-failed'],
    [fakeModel('stream.result = { text: 5 }'), 'engine-garbage'],
    [fakeModel(COUNTS, {}), 'model-not-live'],
    ['/nowhere/model', 'model-unreadable'],
  ];
  for (const [folder, code] of table) {
    const captions = new Captions(t, new SherpaCaptioner(folder, startChild));
    captions.speak(1);
    assert.equal(await captions.ended, code, folder);
    captions.speak(1);
    captions.speech.end();
    assert.equal(captions.ends, 1);
  }
});

test(
  'sherpa-onnx itself ends a phrase at a pause, while the speech goes on',
  { skip: WITHOUT_LIBRARY },
  async (t) => {
    const tokens = '<blk> 0\n▁loud 1\nx 2\n';
    const folder = modelFolder({ 'model.onnx': LOUD_LIVE_MODEL, 'tokens.txt': tokens }, besideTheLibrary());
    const captions = new Captions(t, new SherpaCaptioner(folder, startChild));
    const random = seededRandom(1);
    const noise = Int16Array.from({ length: 24_000 }, () => (random() - 0.5) * 30_000);
    for (const times of [1, 2]) {
      for (let n = 0; n < times; n++) {
        captions.speak(0.4);
        captions.speech.put(noise);
      }
      captions.speak(2);
      const phrase = times === 1 ? 'loud' : 'loud loud';
      await eventually(
        () => captions.said.includes(phrase),
        () => captions.said.join(' / '),
        60_000,
      );
    }
    assert.equal(captions.ends, 0);
    captions.speech.end();
    assert.equal(await captions.ended, undefined);
  },
);

test('a model that hangs holds no speech up, and is not told of when nobody wants it any more', async (t) => {
  const captioner = new SherpaCaptioner(fakeModel('for (;;);'), startChild);
  const captions = new Captions(t, captioner);
  captions.speak(60);
  captions.speech.end();
  captioner.close();
  captions.speak(1);
  assert.equal(captions.ends, 0);
});

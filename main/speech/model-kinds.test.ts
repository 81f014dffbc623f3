import assert from 'node:assert/strict';
import { truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { readModelFolder } from './model-folder.ts';
import { hearingModel, speakingModel, type Found, type ModelFile } from './model-kinds.ts';
import { voicesIn } from './sherpa-voice.ts';
import { refusal } from './test-engines.ts';
import { modelFolder, onnxFile } from './test-models.ts';

type Metadata = Readonly<Record<string, string>>;
const filesOf = (names: string, metadata: Metadata = {}): ModelFile[] =>
  names.split(' ').map((name) => ({ name, facts: { metadata: name.endsWith('.onnx') ? metadata : {} } }));
const kindOf = (found: Found): string => {
  if ('model' in found) return `${found.model.kind}${found.model.isStreaming ? ', streaming' : ''}`;
  return 'damaged' in found ? `${found.damaged}: ${found.fault}` : 'unknown';
};

/** What the published archives of sherpa-onnx have in their folders, as its documentation lists them. */
const HEARING: readonly (readonly [names: string, kind: string, metadata?: Metadata])[] = [
  [
    'test_wavs tiny.en-decoder.int8.onnx tiny.en-decoder.onnx tiny.en-encoder.int8.onnx tiny.en-encoder.onnx tiny.en-tokens.txt',
    'whisper',
  ],
  [
    'large-v3-decoder.int8.onnx large-v3-encoder.int8.onnx large-v3-tokens.txt',
    'whisper',
    { model_type: 'whisper-large-v3' },
  ],
  [
    'LICENSE README.md cached_decode.int8.onnx encode.int8.onnx preprocess.onnx test_wavs tokens.txt uncached_decode.int8.onnx',
    'moonshine',
  ],
  ['LICENSE decoder_model_merged.ort encoder_model.ort test_wavs tokens.txt', 'moonshine'],
  ['LICENSE README.md export-onnx.py model.int8.onnx test_wavs tokens.txt', 'sense-voice'],
  ['model.int8.onnx model.onnx tokens.txt', 'sense-voice', { model_type: 'sense_voice_ctc' }],
  [
    'README.md bpe.model decoder-epoch-99-avg-1.int8.onnx decoder-epoch-99-avg-1.onnx encoder-epoch-99-avg-1.int8.onnx encoder-epoch-99-avg-1.onnx joiner-epoch-99-avg-1.int8.onnx joiner-epoch-99-avg-1.onnx test_wavs tokens.txt',
    'transducer',
    { model_type: 'zipformer2' },
  ],
  ['bpe.model decoder.onnx encoder.int8.onnx joiner.int8.onnx test_wavs tokens.txt', 'transducer'],
  [
    'bpe.model decoder.onnx encoder.onnx joiner.onnx tokens.txt',
    'transducer, streaming',
    { model_type: 'zipformer2', decode_chunk_len: '32' },
  ],
  [
    'bpe.model decoder-epoch-99-avg-1-chunk-16-left-128.onnx encoder-epoch-99-avg-1-chunk-16-left-128.int8.onnx joiner-epoch-99-avg-1-chunk-16-left-128.onnx tokens.txt',
    'transducer, streaming',
  ],
  [
    'decoder.int8.onnx encoder.int8.onnx joiner.int8.onnx test_wavs tokens.txt',
    'transducer',
    { model_type: 'EncDecRNNTBPEModel' },
  ],
  ['bbpe.model model.int8.onnx test_wavs tokens.txt', 'zipformer-ctc', { model_type: 'zipformer2_ctc' }],
  [
    'bpe.model model.int8.onnx test_wavs tokens.txt',
    'zipformer-ctc, streaming',
    { model_type: 'zipformer2_ctc', decode_chunk_len: '32' },
  ],
  ['bpe.model ctc-epoch-20-avg-1-chunk-16-left-128.int8.onnx tokens.txt', 'zipformer-ctc, streaming'],
  // Of other kinds, which are not supported, and folders that are none.
  ['model.int8.onnx tokens.txt', 'unknown', { model_type: 'paraformer' }],
  ['model.onnx tokens.txt', 'unknown', { model_type: 'EncDecCTCModelBPE' }],
  ['decoder.onnx encoder.onnx tokens.txt', '*joiner*.onnx: missing', { model_type: 'zipformer2' }],
  ['decoder.int8.onnx encoder.int8.onnx tokens.txt', 'unknown', { model_type: 'EncDecMultiTaskModel' }],
  ['espeak-ng-data model.onnx tokens.txt voices.bin', 'unknown'],
  ['am conf graph ivector README', 'unknown'],
  ['holiday.jpg notes.txt', 'unknown'],
  // Half-copied ones.
  ['tiny.en-decoder.onnx tiny.en-encoder.onnx', 'tokens.txt: missing'],
  ['base-encoder.onnx base-tokens.txt', '*decoder*.onnx: missing'],
  ['decoder.onnx encoder.onnx joiner.onnx', 'tokens.txt: missing'],
  ['encode.int8.onnx preprocess.onnx uncached_decode.int8.onnx tokens.txt', 'cached_decode*.onnx: missing'],
];
const SPEAKING: readonly (readonly [names: string, kind: string])[] = [
  [
    'MODEL_CARD en_US-libritts_r-medium.onnx en_US-libritts_r-medium.onnx.json espeak-ng-data tokens.txt vits-piper-en_US.sh',
    'vits',
  ],
  ['README.md en_US-glados.onnx espeak-ng-data tokens.txt', 'vits'],
  ['LICENSE date.fst dict lexicon.txt model.onnx number.fst phone.fst tokens.txt', 'vits'],
  ['LICENSE README.md espeak-ng-data model.onnx tokens.txt voices.bin', 'kokoro'],
  [
    'date-zh.fst dict espeak-ng-data lexicon-gb-en.txt lexicon-us-en.txt lexicon-zh.txt model.onnx number-zh.fst tokens.txt voices.bin',
    'kokoro',
  ],
  // As Piper itself publishes its voices: without what sherpa-onnx needs beside it.
  ['MODEL_CARD en_US-joe-medium.onnx en_US-joe-medium.onnx.json', 'unknown'],
  ['en_US-joe-medium.onnx espeak-ng-data', 'tokens.txt: missing'],
  ['espeak-ng-data model.onnx tokens.txt', 'vits'],
  ['tiny.en-decoder.onnx tiny.en-encoder.onnx tiny.en-tokens.txt', 'unknown'],
  ['espeak-ng-data model-steps-3.onnx tokens.txt', 'unknown'],
];

test('a folder that hears is known by its files', () => {
  for (const [names, kind, metadata] of HEARING) {
    assert.equal(kindOf(hearingModel(filesOf(names, metadata))), kind, names);
  }
});

test('a folder that speaks is known by its files', () => {
  for (const [names, kind] of SPEAKING) assert.equal(kindOf(speakingModel(filesOf(names))), kind, names);
});

test('of several files in one role the smaller kind is taken, and a whole one before a damaged one', () => {
  const files = filesOf(HEARING[0]![0]);
  const chosen = hearingModel(files);
  assert.ok('model' in chosen);
  assert.deepEqual(chosen.model.files, {
    encoder: 'tiny.en-encoder.int8.onnx',
    decoder: 'tiny.en-decoder.int8.onnx',
    tokens: 'tiny.en-tokens.txt',
  });
  const damaged = files.map((file) =>
    file.name === 'tiny.en-encoder.int8.onnx' ? { ...file, facts: { fault: 'cut-off' as const } } : file,
  );
  const other = hearingModel(damaged);
  assert.ok('model' in other);
  assert.equal(other.model.files['encoder'], 'tiny.en-encoder.onnx');
});

test('a folder that is half copied is refused with a sentence', async () => {
  const whole = (): string =>
    modelFolder({
      'tiny-encoder.onnx': onnxFile({ model_type: 'whisper-tiny' }, 100_000),
      'tiny-decoder.onnx': onnxFile(),
      'tiny-tokens.txt': 'a 0\n',
    });
  assert.equal((await readModelFolder(whole(), hearingModel)).kind, 'whisper');
  const table: readonly (readonly [damage: (folder: string) => void, sentence: RegExp])[] = [
    [
      (folder) => truncateSync(join(folder, 'tiny-encoder.onnx'), 50_000),
      /^tiny-encoder\.onnx is not complete\. Copy/,
    ],
    [(folder) => truncateSync(join(folder, 'tiny-decoder.onnx'), 0), /^tiny-decoder\.onnx is empty/],
    [(folder) => writeFileSync(join(folder, 'tiny-tokens.txt'), ''), /^tiny-tokens\.txt is empty/],
    [
      (folder) =>
        writeFileSync(
          join(folder, 'tiny-decoder.onnx'),
          'version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n',
        ),
      /^Instead of tiny-decoder\.onnx there is a pointer of Git LFS/,
    ],
    [
      (folder) => writeFileSync(join(folder, 'tiny-decoder.onnx'), '<!DOCTYPE html><html>404'),
      /is not a model/,
    ],
    [(folder) => writeFileSync(join(folder, 'tiny-decoder.onnx'), Buffer.alloc(64, 255)), /is not a model/],
  ];
  for (const [damage, sentence] of table) {
    const folder = whole();
    damage(folder);
    const refused = await refusal(readModelFolder(folder, hearingModel));
    assert.equal(refused.code, 'model-damaged');
    assert.match(refused.sentence, sentence);
  }
});

test('a folder that is none, or holds no model, is refused with a sentence', async () => {
  assert.equal((await refusal(readModelFolder('/nowhere/model', hearingModel))).code, 'model-unreadable');
  assert.equal(
    (await refusal(readModelFolder(modelFolder({ 'a.txt': 'x' }), hearingModel))).code,
    'model-unknown',
  );
  const speaks = modelFolder({ 'en_US-x.onnx': onnxFile(), 'tokens.txt': 'a 0', 'espeak-ng-data/': '' });
  assert.equal((await refusal(readModelFolder(speaks, hearingModel))).code, 'model-unknown');
  assert.equal((await readModelFolder(speaks, speakingModel)).kind, 'vits');
});

test('a model has a voice for each speaker, with the language that it states or is named by', () => {
  const voices = (folder: string, kind: 'vits' | 'kokoro', model: string, metadata: Metadata): string[] =>
    voicesIn({ kind, isStreaming: false, files: { model }, metadata }, folder).map(
      ({ id, language }) => `${id} ${language}`,
    );
  assert.deepEqual(voices('joe', 'vits', 'en_US-joe-medium.onnx', { voice: 'en-us', n_speakers: '1' }), [
    'sherpa:joe#0 en-US',
  ]);
  assert.deepEqual(voices('vits-piper-de_DE-thorsten-medium', 'vits', 'model.onnx', {}), [
    'sherpa:vits-piper-de_DE-thorsten-medium#0 de-DE',
  ]);
  const names = { n_speakers: '3', speaker_names: 'af_bella,bm_lewis,zf_xiaoxiao' };
  assert.deepEqual(voices('kokoro', 'kokoro', 'model.onnx', names), [
    'sherpa:kokoro#0 en-US',
    'sherpa:kokoro#1 en-GB',
    'sherpa:kokoro#2 zh',
  ]);
  assert.equal(voices('x', 'vits', 'm.onnx', { n_speakers: '1e9' }).length, 1000);
});

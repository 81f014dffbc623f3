import assert from 'node:assert/strict';
import { test } from 'node:test';
import { engineScript } from '../../test/support/engine-script.ts';
import { checkEngine } from './check-engine.ts';
import { modelFolder, onnxFile } from './test-models.ts';

test('a command is taken where its program is there', async () => {
  await checkEngine({ command: `"${engineScript('engine', '')}" -f {wav}` }, false);
  await checkEngine({ command: 'node -e 0' }, true);
});

test('a command whose program is missing, or that is no command, is refused with a sentence', async () => {
  for (const [command, code] of [
    ['no-such-program-anywhere -f {wav}', 'engine-missing'],
    ['/nowhere/whisper {wav}', 'engine-missing'],
    ['"whisper {wav}', 'command-quote'],
    ['""', 'command-empty'],
  ] as const)
    await assert.rejects(checkEngine({ command }, false), { code }, command);
});

test('a folder that is none, holds no model, or a model that is half copied, is refused with a sentence', async () => {
  const whole = onnxFile();
  for (const [model, code] of [
    ['/nowhere/model', 'model-unreadable'],
    [modelFolder({ 'holiday.jpg': 'x' }), 'model-unknown'],
    [
      modelFolder({
        'tokens.txt': 'a 0\n',
        'encoder.onnx': whole.subarray(0, 500),
        'decoder.onnx': whole,
        'joiner.onnx': whole,
      }),
      'model-damaged',
    ],
  ] as const)
    await assert.rejects(checkEngine({ model }, false), { code }, model);
});

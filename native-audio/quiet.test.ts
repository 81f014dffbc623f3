import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';

const room = pathToFileURL(join(dirname(fileURLToPath(import.meta.url)), 'quiet.ts')).href;

function run(program: string) {
  return spawnSync(process.execPath, ['--no-warnings', '--input-type=module', '-e', program], {
    encoding: 'utf8',
    maxBuffer: 1e8,
  });
}

const native = `
  import { writeSync } from 'node:fs';
  import { createRequire } from 'node:module';
  import { Worker } from 'node:worker_threads';
  import { silenceNativeOutput } from '${room}';
  const libc = createRequire('${room}')('koffi').load('libc.so.6');
  const print = (text) => { libc.func('int puts(str s)')(text); libc.func('int fflush(void *f)')(null); };`;

test(
  'the output of native code is hidden, and that of JavaScript is not',
  { skip: process.platform !== 'linux' },
  () => {
    const before = run(`${native} print('native noise');`);
    assert.equal(before.stdout, 'native noise\n', 'the noise is real');
    const { stdout, stderr } = run(`${native}
    console.log('first');
    if (!silenceNativeOutput() || !silenceNativeOutput()) throw new Error('not silenced');
    print('native noise');
    writeSync(2, 'native error');
    console.log('second');
    console.error('an error');
    process.stdout.write('third\\n', () => process.stdout.write('fourth\\n'));
    new Worker("console.log('from a worker')", { eval: true });`);
    assert.deepEqual(stdout.trim().split('\n').sort(), [
      'first',
      'fourth',
      'from a worker',
      'second',
      'third',
    ]);
    assert.equal(stderr, 'an error\n');
  },
);

test('a long text passes through a pipe without loss', { skip: process.platform !== 'linux' }, () => {
  const { stdout } = run(`${native} silenceNativeOutput(); console.log('x'.repeat(3_000_000));`);
  assert.equal(stdout.length, 3_000_001);
});

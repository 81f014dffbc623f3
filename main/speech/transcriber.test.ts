import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { eventually } from '../../test/support/eventually.ts';
import { tempFolder } from '../../test/support/temp-folder.ts';
import { CorridorError, schedule } from '../model/index.ts';
import { CommandRecogniser } from './command-recogniser.ts';
import { engineScript, saysOnceThereIs, stateOf, workFolder, WRITES_PID } from './test-engines.ts';
import { Transcriber } from './transcriber.ts';
import { QUIET_MS } from './transcription-queue.ts';

/** A transcriber with what it has kept and refused; a message is a second of silence. */
function transcriber(): { transcriber: Transcriber; kept: string[]; failed: string[] } {
  const kept: string[] = [];
  const failed: string[] = [];
  const made = new Transcriber({
    clock: { monotonic: () => performance.now() },
    schedule,
    soundOf: async () => new Int16Array(48_000),
    languageOf: () => undefined,
    keep: async (id, { text }) => void kept.push(`${id}: ${text}`),
    onChange: () => undefined,
    onFailed: (id, error) =>
      void failed.push(`${id}: ${error instanceof CorridorError ? error.code : String(error)}`),
  });
  return { transcriber: made, kept, failed };
}
const engine = (body: string, ...args: readonly string[]): CommandRecogniser =>
  new CommandRecogniser({
    command: [engineScript('fake', body), ...args, '{wav}'].map((part) => `"${part}"`).join(' '),
    folder: workFolder(),
  });

test('messages are transcribed one after the other, the newest unheard first', async () => {
  const { transcriber: made, kept } = transcriber();
  made.add('old', { arrivedAt: 1, isHeard: false });
  made.add('heard', { arrivedAt: 3, isHeard: true });
  made.add('new', { arrivedAt: 2, isHeard: false });
  made.useEngine(engine('console.log("said")'));
  await eventually(() => kept.length === 3, 'all are done');
  assert.deepEqual(kept, ['new: said', 'old: said', 'heard: said']);
  made.close();
});

test('an engine that crashes is not tried again by itself, and the next message is', async () => {
  const folder = tempFolder('tries');
  const body = `require('node:fs').appendFileSync(process.argv[2], 'x'); process.kill(process.pid, 'SIGKILL')`;
  const tries = join(folder, 'tries');
  const { transcriber: made, kept, failed } = transcriber();
  made.add('a', { arrivedAt: 1, isHeard: false });
  made.add('b', { arrivedAt: 2, isHeard: false });
  made.useEngine(engine(body, tries));
  await eventually(() => failed.length === 2, 'both have failed');
  assert.deepEqual(failed, ['b: engine-failed', 'a: engine-failed']);
  assert.equal(readFileSync(tries, 'utf8'), 'xx');
  made.ask('a');
  await eventually(() => failed.length === 3, 'it was tried once more');
  assert.equal(readFileSync(tries, 'utf8'), 'xxx');
  made.useEngine(engine('console.log("said")'));
  await eventually(() => kept.length === 2, 'another engine makes them');
  made.close();
});

test('a key down stops the engine’s process; afterwards it goes on where it was', async () => {
  const path = join(tempFolder('pid'), 'pid');
  const gate = `${path}-may-end`;
  const body = `${WRITES_PID}; ${saysOnceThereIs(gate)}`;
  const { transcriber: made, kept } = transcriber();
  made.add('a', { arrivedAt: 1, isHeard: false });
  made.useEngine(engine(body, path));
  await eventually(() => existsSync(path) && readFileSync(path, 'utf8') !== '', 'it works');
  const pid = Number(readFileSync(path, 'utf8'));
  made.talk(true);
  await eventually(() => stateOf(pid) === 'T', 'it is stopped');
  assert.deepEqual(made.stateOf('a'), { name: 'working', part: 0, isPaused: true });
  writeFileSync(gate, '');
  const quietAt = performance.now();
  made.talk(false);
  await eventually(() => kept.length === 1, 'it is done');
  assert.ok(performance.now() - quietAt >= QUIET_MS - 1);
  assert.deepEqual(kept, ['a: said']);
  assert.equal(made.stateOf('a'), undefined);
  made.close();
});

test('a message that is deleted while it is worked on ends its engine', async () => {
  const path = join(tempFolder('pid'), 'pid');
  const body = `require('node:fs').writeFileSync(process.argv[2], String(process.pid)); setInterval(() => 0, 1000)`;
  const { transcriber: made, kept, failed } = transcriber();
  made.add('a', { arrivedAt: 1, isHeard: false });
  made.useEngine(engine(body, path));
  await eventually(() => existsSync(path) && readFileSync(path, 'utf8') !== '', 'it works');
  made.remove('a');
  await eventually(() => stateOf(Number(readFileSync(path, 'utf8'))) === undefined, 'it has ended');
  writeFileSync(path, '');
  made.add('b', { arrivedAt: 2, isHeard: false });
  await eventually(() => readFileSync(path, 'utf8') !== '', 'the next begins');
  made.close();
  await eventually(() => stateOf(Number(readFileSync(path, 'utf8'))) === undefined, 'it has ended');
  assert.deepEqual([kept, failed], [[], []]);
});

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { eventually } from '../../test/support/eventually.ts';
import { HandTime } from '../../test/support/hand-time.ts';
import { tempFolder } from '../../test/support/temp-folder.ts';
import { RunningProgram, runProgram, type Program } from './run-program.ts';
import { engineScript, refusal, stateOf } from './test-engines.ts';

const usual = {
  engine: 'fake',
  args: [],
  limitMs: 20_000,
  maxBytes: 100_000,
  urgency: 'background',
} as const;
const signal = new AbortController().signal;
const run = (body: string, options: Partial<Program> = {}): Promise<Buffer> =>
  runProgram({ ...usual, program: engineScript('fake', body), ...options }, signal);

test('a program gets its input, and its output is passed on whole', async () => {
  const output = await run('process.stdin.pipe(process.stdout)', { input: 'Größe\n'.repeat(1000) });
  assert.equal(output.toString(), 'Größe\n'.repeat(1000));
});

test('a program that ignores its input is not disturbed by it', async () => {
  assert.equal((await run('console.log("done")', { input: 'x'.repeat(1_000_000) })).toString(), 'done\n');
});

test('a program that is not there, crashes, or ends with an error is refused with a sentence', async () => {
  assert.deepEqual(await refusal(run('', { program: '/nowhere/espeak-ng' })), {
    code: 'engine-missing',
    sentence: 'fake is not found on this computer. Install it, or choose something else in Settings.',
  });
  const failed = await refusal(
    run('console.error("first\\n\\u001b[31mno such voice\\n"); process.exitCode = 3'),
  );
  assert.deepEqual(failed, {
    code: 'engine-failed',
    sentence: 'fake ended with an error ([31mno such voice).',
  });
  const crashed = await refusal(run('process.kill(process.pid, "SIGSEGV")'));
  assert.deepEqual(crashed, { code: 'engine-failed', sentence: 'fake ended with an error.' });
  assert.equal((await refusal(run('', { program: tempFolder('no-program') }))).code, 'engine-failed');
});

test('a program that prints without end is ended', async () => {
  const { code } = await refusal(run('setInterval(() => process.stdout.write("x".repeat(65536)), 1)'));
  assert.equal(code, 'engine-too-much');
});

/** Starts a process of its own, writes both pids to its output, and hangs. */
const FAMILY = `const child = require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => 0, 1000)'], { stdio: 'inherit' });
require('node:fs').writeFileSync(process.argv[2], process.pid + ' ' + child.pid);
setInterval(() => 0, 1000)`;

/** Such a program, whose time limit passes by hand. */
function byHand(path: string): { readonly running: RunningProgram; readonly time: HandTime } {
  const time = new HandTime();
  const options = { ...usual, program: engineScript('fake', FAMILY), args: [path] };
  return { running: new RunningProgram(options, time), time };
}

async function pidsIn(path: string): Promise<number[]> {
  let pids: number[] = [];
  await eventually(() => {
    try {
      pids = readFileSync(path, 'utf8').split(' ').map(Number);
    } catch {
      return false;
    }
    return pids.length === 2;
  }, 'the program has started its own');
  return pids;
}

test('a program that hangs is ended with all that it has started', async () => {
  const path = join(tempFolder('pids'), 'pids');
  const { running, time } = byHand(path);
  const ended = refusal(running.output);
  const pids = await pidsIn(path);
  time.pass(usual.limitMs);
  assert.equal((await ended).code, 'engine-slow');
  await eventually(() => pids.every((pid) => stateOf(pid) === undefined), 'both have ended');
});

test('what a program leaves behind is ended with it', async () => {
  const path = join(tempFolder('pids'), 'pids');
  await run(
    `${FAMILY.replace(/setInterval\(\(\) => 0, 1000\)$/, '')}child.unref(); setTimeout(() => process.exit(0), 50)`,
    {
      args: [path],
    },
  );
  const pids = await pidsIn(path);
  await eventually(() => pids.every((pid) => stateOf(pid) === undefined), 'both have ended');
});

test('an aborted signal ends the program, and is the reason', async () => {
  const path = join(tempFolder('pids'), 'pids');
  const abort = new AbortController();
  const program = { ...usual, program: engineScript('fake', FAMILY), args: [path] };
  const output = runProgram(program, abort.signal);
  const pids = await pidsIn(path);
  abort.abort(new Error('the message was deleted'));
  await assert.rejects(output, /the message was deleted/);
  await eventually(() => pids.every((pid) => stateOf(pid) === undefined), 'both have ended');
  await assert.rejects(runProgram(program, abort.signal), /the message was deleted/);
});

test('a paused program uses no processor, also what it has started, and its time limit waits', async () => {
  const path = join(tempFolder('pids'), 'pids');
  const { running, time } = byHand(path);
  const ended = refusal(running.output);
  const pids = await pidsIn(path);
  running.pause();
  await eventually(() => pids.every((pid) => stateOf(pid) === 'T'), 'both are stopped');
  time.pass(2 * usual.limitMs);
  assert.deepEqual(time.dueIn, [], 'no limit runs');
  running.resume();
  time.pass(usual.limitMs);
  assert.equal((await ended).code, 'engine-slow');
  await eventually(() => pids.every((pid) => stateOf(pid) === undefined), 'both have ended');
});

test(
  'an engine has the lowest priority, also among programs of other sessions',
  { skip: process.platform !== 'linux' && 'autogroups are Linux’s own' },
  async () => {
    const output = await run(
      `console.log(require('node:os').getPriority(), require('node:fs').readFileSync('/proc/self/autogroup', 'utf8'))`,
    );
    assert.match(output.toString(), /^19 .*nice 19\n/);
  },
);

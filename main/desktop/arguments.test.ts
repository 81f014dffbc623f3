import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseArguments } from './arguments.ts';
import { commandOf } from './command.ts';

const PROGRAM = '/opt/Corridor/corridor';

test('the packed program distinguishes a command from a start of the app', () => {
  const command = (...args: readonly string[]) => commandOf([PROGRAM, ...args]);
  assert.deepEqual(command('talk', 'press'), ['talk', 'press']);
  assert.deepEqual(command('--no-sandbox', 'status', '--json'), ['status', '--json']);
  assert.deepEqual(command('--version'), ['--version']);
  const starts = [
    [],
    ['--hidden'],
    ['--name', 'dana'],
    ['--profile', '/tmp/p', 'talk'],
    ['corridor://dial/204'],
    ['--', 'corridor://dial/204', 'talk'],
    ['/home/dana/talk'],
    ['./talk'],
    ['TALK'],
    ['talk;reboot'],
  ];
  for (const args of starts) assert.equal(command(...args), undefined, args.join(' '));
});

test('the error names the wrong argument', () => {
  assert.throws(() => parseArguments(['--profile']), /--profile: A value is missing/);
  assert.throws(() => parseArguments(['--ready', 'hot']), /--ready: It must be warm or cold/);
  assert.throws(() => parseArguments(['--extension', 'x']), /--extension: /);
});

import assert from 'node:assert/strict';
import { spawn, spawnSync, type SpawnSyncReturns } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { NodeApi } from '../../preload/api.ts';
import { eventually } from '../../test/support/eventually.ts';
import { TalkingNode } from '../../test/support/talking-node.ts';
import { tempFolder } from '../../test/support/temp-folder.ts';
import { serveLocalSocket } from '../transports/index.ts';
import { formatOf } from './play-command.ts';
import { runCommandLine } from './command-line.ts';

const program = fileURLToPath(new URL('corridor.ts', import.meta.url));

function corridor(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [program, ...args], { encoding: 'utf8', timeout: 30_000 });
}

describe('the command line', () => {
  it('has help with examples and exit codes', () => {
    const { status, stdout } = corridor('--help');
    assert.equal(status, 0);
    for (const word of ['corridor talk 102 --for 5', 'Exit codes: 0 done', 'presence', 'export']) {
      assert.ok(stdout.includes(word), word);
    }
  });

  it('says where the commands are listed if none is given', () => {
    const { status, stderr } = corridor();
    assert.equal(status, 2);
    assert.equal(stderr, 'corridor: Say what to do. See: corridor --help\n');
  });

  it('says that no node runs, what to do about it, and ends with 3', async () => {
    const profile = tempFolder('cli');
    const { status, stderr } = corridor('people', '--profile', profile);
    assert.equal(status, 3);
    assert.match(stderr, /^corridor: No Corridor runs .* corridor node --profile /);
    const json = corridor('people', '--profile', profile, '--json');
    assert.equal(json.status, 3);
    assert.equal((JSON.parse(json.stdout) as { code: string }).code, 'no-node');
  });

  it('refuses what it does not understand, with 2 and a sentence, before it asks any node', async () => {
    const profile = tempFolder('cli');
    writeFileSync(join(profile, 'text.wav'), 'no sound');
    const calls: string[] = [];
    const api: NodeApi = {
      call: (method) => {
        calls.push(method);
        return Promise.reject(new Error('was asked'));
      },
      onEvent: () => () => undefined,
    };
    const server = await serveLocalSocket({ profile, api });
    const wrong: string[][] = [
      [],
      ['fly'],
      ['people', 'extra'],
      ['people', '--wrong'],
      ['talk'],
      ['talk', ''],
      ['talk', '102', '--for', '0'],
      ['talk', '102', '--for', '-1'],
      ['talk', '102', '--for', 'NaN'],
      ['talk', '102', '--for', '1e9'],
      ['talk', '102', '--for', '1', '--file', join(profile, 'text.wav')],
      ['talk', '102', '--file', join(profile, 'missing.wav')],
      ['talk', '102', '--file', join(profile, 'text.wav')],
      ['talk', '102', '--file', profile],
      ['talk', 'release', '102'],
      ['talk', 'press', '102', '--for', '3'],
      ['talk', '102', '--preset', '0'],
      ['talk', '102', '--preset', '10'],
      ['talk', '102', '--preset', 'Coming'],
      ['talk', '102', '--preset', '1', '--say', 'Coming'],
      ['talk', 'release', '--preset', '1'],
      ['page', '102', '103'],
      ['page', 'release', '102'],
      ['page', 'release', '--keep'],
      ['page', 'release', '--record'],
      ['page', '--record', '--file', join(profile, 'text.wav')],
      ['page', 'press', '--for', '3'],
      ['page', '--for', '1', '--file', join(profile, 'text.wav')],
      ['page', '--file', join(profile, 'text.wav')],
      ['play', 'yesterday'],
      ['play', '12'],
      ['play', '4821', '--to', 'message.mp3'],
      ['play', 'all', '--to', 'message.ogg'],
      ['play', '4821', '--to', 'message.ogg', '--speed', '2'],
      ['play', 'next', '--speed', '3'],
      ['play', 'next', '--speed', 'fast'],
      ['export', 'all', 'message.ogg'],
      ['forward', '4821'],
      ['forward', 'all', '102'],
      ['forward', '4821', ''],
      ['delete', 'all'],
      ['undo'],
      ['undo', '4821'],
      ['export', '4821', 'message'],
      ['export', '4821'],
      ['presence', 'asleep'],
      ['computer'],
      ['computer', 'sleep'],
      ['presence', 'dnd', '--for', '0m'],
      ['presence', 'dnd', '--for', '1'],
      ['presence', 'dnd', '--for', '99999h'],
      ['presence', 'dnd', '--for', 'yesterday'],
      ['presence', 'available', '--for', '1h'],
      ['favourite'],
      ['favourite', ''],
      ['dial'],
      ['dial', ''],
      ['dial', '1'.repeat(129)],
      ['dial-plan', '102'],
      ['settings', 'tones'],
      ['settings', '--set', 'tones'],
      ['settings', '--set', 'tones=loud'],
      ['settings', '--set', 'volume=3'],
      ['settings', '--set', 'toString=on'],
      ['settings', '--set', 'keepDays=0'],
      ['settings', '--set', 'keepDays=1.5'],
      ['settings', '--set', 'language=xx'],
      ['settings', '--set', 'personKeys=102'],
      ['settings', '--set', 'personKeys=1:F5'],
      ['settings', '--set', `talkKey=${'F'.repeat(65)}`],
      ['retention', 'set'],
      ['retention', 'set', '0'],
      ['retention', 'set', 'ten'],
      ['health', '102'],
      ['diagnostics', 'all'],
      ['talk', '102', '--reply'],
      ['talk', 'press', '102', '--reply'],
      ['setup', '--extension', '101'],
      ['setup', '--name', ' ', '--extension', '101'],
      ['setup', '--name', 'Da\u001bna', '--extension', '101'],
      ['setup', '--name', 'Dana', '--extension', '1'],
      ['setup', '--name', 'Dana', '--extension', '1234567'],
      ['node', '--interface', ''],
      ['node', '--ready', 'hot'],
      ['node', '--address', 'a b'],
      ['address', ';rm'],
      ['status', '--profile', ''],
    ];
    const said = silenced();
    try {
      for (const args of wrong) {
        const withProfile =
          args.includes('--profile') || args.length === 0 ? args : [...args, '--profile', profile];
        assert.equal(await runCommandLine(withProfile), 2, `corridor ${args.join(' ')}: ${said.last()}`);
        assert.match(said.last(), /^corridor: .{8,}/);
      }
    } finally {
      said.restore();
      await server.close();
    }
    assert.deepEqual(calls, []);
  });

  it('knows what a file is to be by its name', () => {
    assert.equal(formatOf('a.OGG'), 'ogg');
    assert.equal(formatOf('a.b.wav'), 'wav');
    assert.throws(() => formatOf('wav'), { name: 'UsageError' });
  });
});

/** Keeps what is written to stderr, instead of writing it. */
function silenced(): { last: () => string; restore: () => void } {
  const original = process.stderr.write.bind(process.stderr);
  let last = '';
  process.stderr.write = (text: string | Uint8Array) => {
    last = String(text);
    return true;
  };
  return { last: () => last, restore: () => (process.stderr.write = original) };
}

it('events ends when nobody reads it any more', async (t) => {
  const profile = tempFolder('cli');
  const node = new TalkingNode();
  const server = await serveLocalSocket({ profile, api: node });
  t.after(() => server.close());
  const command = spawn(process.execPath, [program, 'events', '--json', '--profile', profile]);
  t.after(() => command.kill('SIGKILL'));
  let said = '';
  command.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const ended = once(command, 'exit');
  await eventually(
    () => node.listeners.size > 0,
    () => `it follows the events ${said}`,
  );
  command.stdout.destroy();
  // The first line can still find the pipe open.
  await eventually(() => {
    for (const listener of node.listeners) listener({ type: 'message-gone', at: 1, id: 'x' });
    return command.exitCode !== null;
  }, 'it ends');
  assert.deepEqual(await ended, [0, null]);
});

it(
  'a user without a home folder is told to give a profile, and needs no more than that',
  { skip: whyNobody() ?? false },
  () => {
    const without = asNobody('people');
    assert.match(without.stderr, /^corridor: .*--profile <dir>.*\n$/);
    assert.equal(without.status, 2);
    // The socket of a path of this length is elsewhere.
    for (const profile of ['/nonexistent', `/nonexistent/${'x'.repeat(120)}`]) {
      const given = asNobody('people', '--profile', profile);
      assert.match(given.stderr, /^corridor: No Corridor runs .*\n$/);
      assert.equal(given.status, 3);
    }
  },
);

/** Why nothing can be run as a user whom the system does not know; undefined: it can. */
function whyNobody(): string | undefined {
  if (process.getuid?.() !== 0) return 'only root can be a user whom the system does not know';
  return existsSync('/usr/bin/setpriv') ? undefined : 'setpriv is missing';
}

/** Runs the program as a user whom the system does not know. */
function asNobody(...words: readonly string[]): SpawnSyncReturns<string> {
  const user = ['--reuid=54321', '--regid=54321', '--clear-groups'];
  // The project may lie in a folder that other users may not enter.
  const mayRead = ['--inh-caps=+dac_override', '--ambient-caps=+dac_override'];
  return spawnSync('/usr/bin/setpriv', [...user, ...mayRead, process.execPath, program, ...words], {
    env: { PATH: process.env['PATH'] },
    encoding: 'utf8',
  });
}

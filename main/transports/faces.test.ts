import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { NodeApi, NodeEvent } from '../../preload/api.ts';
import { checkArguments } from '../../preload/api.ts';
import { eventually } from '../../test/support/eventually.ts';
import { CorridorError } from '../model/index.ts';
import { LineReader } from './lines.ts';
import { socketPlace } from './profile-path.ts';
import { connectLocalSocket, serveLocalSocket, type LocalSocket } from './index.ts';

/** A node small enough to see through: it knows one extension, and remembers how much it was told to speak. */
class TinyNode implements NodeApi {
  readonly listeners = new Set<(event: NodeEvent) => void>();
  spokenBytes = 0;

  call: NodeApi['call'] = async (method, args) => {
    const checked = checkArguments(method, args);
    if (!checked.ok) throw new CorridorError('bad-arguments', checked.error, { phrase: null });
    if (method === 'freeExtension') return { extension: '101' } as never;
    if (method === 'talkPress')
      throw new CorridorError('unknown-extension', 'Nobody has that extension.', { phrase: null });
    if (method === 'talkRecording') {
      this.spokenBytes = (checked.args as { wavBase64: string }).wavBase64.length;
      return { id: 'x', durationMs: 1 } as never;
    }
    throw new Error('no such thing here');
  };

  onEvent = (listener: (event: NodeEvent) => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  tell(event: NodeEvent): void {
    for (const listener of this.listeners) listener(event);
  }
}

let profile: string;
let node: TinyNode;
let server: LocalSocket;
let logged: string[];

/** A test with a profile of its own, and the tiny node served in it. */
function served(test: () => Promise<void>): () => Promise<void> {
  return async () => {
    profile = await mkdtemp(join(tmpdir(), 'corridor-faces-'));
    node = new TinyNode();
    logged = [];
    server = await serveLocalSocket({ profile, api: node, log: (line) => logged.push(line) });
    try {
      await test();
    } finally {
      await server.close();
      await rm(profile, { recursive: true, force: true });
    }
  };
}

async function raw(): Promise<{ socket: Socket; next: () => Promise<Record<string, unknown>> }> {
  const socket = connect(server.path);
  await once(socket, 'connect');
  const reader = new LineReader(1024 * 1024);
  const lines: string[] = [];
  socket.on('data', (chunk: Buffer) => {
    for (const line of reader.push(chunk)) if (typeof line === 'string') lines.push(line);
  });
  const next = async (): Promise<Record<string, unknown>> => {
    await eventually(() => lines.length > 0, 'an answer');
    return JSON.parse(lines.shift() ?? '') as Record<string, unknown>;
  };
  return { socket, next };
}

describe('the local socket', () => {
  it(
    'is for its owner alone',
    served(async () => {
      assert.equal((await stat(server.path)).mode & 0o777, 0o600);
    }),
  );

  it(
    'carries answers, refusals with their code, and failures',
    served(async () => {
      const remote = await connectLocalSocket(profile);
      assert.deepEqual(await remote.call('freeExtension'), { extension: '101' });
      await assert.rejects(remote.call('talkPress', { dial: '999' }), {
        code: 'unknown-extension',
        message: 'Nobody has that extension.',
      });
      await assert.rejects(remote.call('setPresence', { presence: 'asleep' as 'away' }), {
        code: 'bad-arguments',
      });
      await assert.rejects(remote.call('people'), { code: 'failed', message: 'no such thing here' });
      remote.close();
      await remote.closed;
    }),
  );

  it(
    'answers calls that came while the node was still starting',
    served(async () => {
      await server.close();
      let started: (node: NodeApi) => void = () => undefined;
      const api = new Promise<NodeApi>((resolve) => (started = resolve));
      server = await serveLocalSocket({ profile, api });
      const remote = await connectLocalSocket(profile);
      const answer = remote.call('freeExtension');
      started(node);
      assert.deepEqual(await answer, { extension: '101' });
      remote.close();
    }),
  );

  it(
    'tells events to all who listen, and to nobody after they hung up',
    served(async () => {
      const first = await connectLocalSocket(profile);
      const second = await connectLocalSocket(profile);
      const heard: string[] = [];
      first.onEvent((event) => heard.push(`first ${event.type}`));
      second.onEvent((event) => heard.push(`second ${event.type}`));
      await Promise.all([first.call('freeExtension'), second.call('freeExtension')]);
      node.tell({ at: 1, type: 'message-gone', id: 'x' });
      await eventually(() => heard.length >= 2, 'both hear it');
      assert.deepEqual(heard.sort(), ['first message-gone', 'second message-gone']);
      first.close();
      second.close();
      await Promise.all([first.closed, second.closed]);
      await eventually(() => node.listeners.size === 0, 'nobody is listened for');
    }),
  );

  it(
    'takes a recording of several megabytes, and no other request of that size',
    served(async () => {
      const remote = await connectLocalSocket(profile);
      const wavBase64 = 'A'.repeat(5_000_000);
      await remote.call('talkRecording', { dial: '102', wavBase64 });
      assert.equal(node.spokenBytes, wavBase64.length);
      remote.close();
      const { socket, next } = await raw();
      socket.write(
        `{"id":1,"method":"setup","args":{"name":"${'A'.repeat(2_000_000)}"}}\n{"id":2,"method":"freeExtension"}\n`,
      );
      assert.equal((await next())['code'], 'too-long');
      assert.deepEqual(await next(), { id: 2, ok: true, result: { extension: '101' } });
      socket.destroy();
    }),
  );

  it(
    'answers garbage with what a request is, and goes on',
    served(async () => {
      const { socket, next } = await raw();
      const garbage = [
        'hello',
        '{}',
        '[]',
        '{"id":-1,"method":"status"}',
        '{"id":1e400,"method":"status"}',
        '{"id":1,"method":5}',
        '\u0000\ufffd',
        '{"id":1,"method":"status","more":1}',
      ];
      for (const line of garbage) {
        socket.write(`${line}\n`);
        assert.equal((await next())['code'], 'bad-request', line);
      }
      for (const method of ['__proto__', 'constructor', 'toString', 'nothing']) {
        socket.write(`{"id":3,"method":"${method}"}\n`);
        assert.equal((await next())['code'], 'unknown-method', method);
      }
      socket.write('{"id":4,"method":"freeExtension"}\n');
      assert.deepEqual(await next(), { id: 4, ok: true, result: { extension: '101' } });
      socket.write('no request\n'.repeat(100));
      await once(socket, 'close');
      assert.equal(logged.length, 1);
      const other = await connectLocalSocket(profile);
      assert.deepEqual(await other.call('freeExtension'), { extension: '101' });
      other.close();
    }),
  );

  it(
    'leaves levels out for a slow reader, and disconnects one that does not read at all',
    served(async () => {
      const { socket } = await raw();
      socket.pause();
      socket.write('{"id":1,"method":"events"}\n');
      await eventually(() => node.listeners.size > 0, 'it listens');
      const before = process.memoryUsage().rss;
      for (let i = 0; i < 200_000; i++)
        node.tell({ at: i, type: 'level', microphone: 0.123456, speaker: 0.654321 });
      assert.ok(process.memoryUsage().rss - before < 64 * 1024 * 1024, 'levels were kept for it');
      assert.equal(node.listeners.size, 1, 'levels alone are no reason to disconnect');
      for (let i = 0; i < 200_000 && node.listeners.size > 0; i++) {
        node.tell({ at: i, type: 'message-gone', id: 'x'.repeat(500) });
        if (i % 1000 === 0) await new Promise(setImmediate);
      }
      assert.equal(node.listeners.size, 0);
      socket.destroy();
    }),
  );

  it(
    'refuses a second node in the same profile',
    served(async () => {
      await assert.rejects(serveLocalSocket({ profile, api: node }), { code: 'already-running' });
      const remote = await connectLocalSocket(profile);
      assert.deepEqual(await remote.call('freeExtension'), { extension: '101' });
      remote.close();
    }),
  );

  it(
    'says that no node runs, with a socket left behind or none',
    served(async () => {
      await server.close();
      await assert.rejects(connectLocalSocket(profile), { code: 'no-node' });
      await writeFile(join(profile, 'not-a-folder'), '');
      await assert.rejects(connectLocalSocket(join(profile, 'not-a-folder')), { code: 'no-node' });
    }),
  );

  it(
    'takes the place of a dead node',
    served(async () => {
      await server.close();
      // Node removes a socket when it closes; one whose owner was killed stays, as this one after its rename.
      const dead = createServer();
      dead.listen(`${server.path}.dead`);
      await once(dead, 'listening');
      const { rename } = await import('node:fs/promises');
      await rename(`${server.path}.dead`, server.path);
      dead.close();
      await once(dead, 'close');
      assert.ok((await stat(server.path)).isSocket());
      await assert.rejects(connectLocalSocket(profile), { code: 'no-node' });
      server = await serveLocalSocket({ profile, api: node });
      const remote = await connectLocalSocket(profile);
      assert.deepEqual(await remote.call('freeExtension'), { extension: '101' });
      remote.close();
    }),
  );

  it(
    'ends open calls when the node ends',
    served(async () => {
      await server.close();
      let isAsked = false;
      const api: NodeApi = {
        call: () => {
          isAsked = true;
          return new Promise(() => undefined);
        },
        onEvent: () => () => undefined,
      };
      server = await serveLocalSocket({ profile, api });
      const remote = await connectLocalSocket(profile);
      const open = remote.call('status');
      const failed = assert.rejects(open, { code: 'node-gone' });
      await eventually(() => isAsked, 'the node is asked');
      await server.close();
      await failed;
      await remote.closed;
      await assert.rejects(remote.call('status'), { code: 'node-gone' });
    }),
  );
});

describe('the place of the socket', () => {
  it(
    'is short enough for the system, however long the profile is',
    served(async () => {
      const long = join(profile, 'a'.repeat(120), 'b'.repeat(120));
      const place = socketPlace(long, { XDG_RUNTIME_DIR: profile });
      assert.ok(place.folder !== null && Buffer.byteLength(place.path) <= 100, place.path);
      const far = await serveLocalSocket({ profile: long, api: node });
      try {
        const remote = await connectLocalSocket(long);
        assert.deepEqual(await remote.call('freeExtension'), { extension: '101' });
      } finally {
        await far.close();
      }
    }),
  );
});

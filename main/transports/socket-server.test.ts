import assert from 'node:assert/strict';
import { once } from 'node:events';
import disk, { chmod, rename, stat, writeFile } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import type { NodeApi, NodeEvent } from '../../preload/api.ts';
import { checkArguments } from '../../preload/api.ts';
import { eventually } from '../../test/support/eventually.ts';
import { tempFolder } from '../../test/support/temp-folder.ts';
import { CorridorError } from '../model/index.ts';
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

/** Serves a node, the tiny one if no other is given, in a profile of its own until the test ends. */
async function serve(
  t: TestContext,
  given?: NodeApi | Promise<NodeApi>,
): Promise<{ readonly profile: string; readonly node: TinyNode; readonly server: LocalSocket }> {
  const profile = tempFolder('socket-server');
  const node = new TinyNode();
  const server = await serveLocalSocket({ profile, api: given ?? node });
  t.after(() => server.close());
  return { profile, node, server };
}

/** A file system where rights cannot be set. */
function failingChmod(t: TestContext, first: (path: string) => Promise<void> = async () => undefined): void {
  const { mock } = t.mock.method(disk, 'chmod', async (path: string) => {
    await first(path);
    throw Object.assign(new Error('EPERM: operation not permitted, chmod'), { code: 'EPERM' });
  });
  syncBuiltinESMExports();
  t.after(() => {
    mock.restore();
    syncBuiltinESMExports();
  });
}

describe('the local socket', () => {
  it('lets its owner alone connect', async (t) => {
    const { server } = await serve(t);
    assert.equal((await stat(server.path)).mode & 0o777, 0o600);
  });

  it('serves on a file system that takes no rights, where the socket is its owner’s alone', async (t) => {
    failingChmod(t);
    const { profile, server } = await serve(t);
    assert.equal((await stat(server.path)).mode & 0o777, 0o600);
    const remote = await connectLocalSocket(profile);
    assert.deepEqual(await remote.call('freeExtension'), { extension: '101' });
    remote.close();
  });

  it('is refused, and ends, where others could connect and that cannot be changed', async (t) => {
    const real = chmod;
    failingChmod(t, (path) => real(path, 0o666));
    const profile = tempFolder('socket-server');
    await assert.rejects(serveLocalSocket({ profile, api: new TinyNode() }), { code: 'socket-refused' });
    await assert.rejects(connectLocalSocket(profile), { code: 'no-node' });
  });

  it('carries answers, refusals with their code, and failures of the node', async (t) => {
    const { profile } = await serve(t);
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
  });

  it('answers, once the node has started, calls that came before', async (t) => {
    let started: (node: NodeApi) => void = () => undefined;
    const api = new Promise<NodeApi>((resolve) => (started = resolve));
    const { profile, node } = await serve(t, api);
    const remote = await connectLocalSocket(profile);
    const answer = remote.call('freeExtension');
    started(node);
    assert.deepEqual(await answer, { extension: '101' });
    remote.close();
  });

  it('tells events to every program that asked for them, until it hangs up', async (t) => {
    const { profile, node } = await serve(t);
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
    await eventually(() => node.listeners.size === 0, 'nobody is told any more');
  });

  it('takes a recording of several megabytes', async (t) => {
    const { profile, node } = await serve(t);
    const remote = await connectLocalSocket(profile);
    const wavBase64 = 'A'.repeat(5_000_000);
    await remote.call('talkRecording', { dial: '102', wavBase64 });
    assert.equal(node.spokenBytes, wavBase64.length);
    remote.close();
  });

  it('refuses a second node in the same profile', async (t) => {
    const { profile, node } = await serve(t);
    await assert.rejects(serveLocalSocket({ profile, api: node }), { code: 'already-running' });
    const remote = await connectLocalSocket(profile);
    assert.deepEqual(await remote.call('freeExtension'), { extension: '101' });
    remote.close();
  });

  it('tells the program that no node runs, or that the profile is no folder', async (t) => {
    const { profile, server } = await serve(t);
    await server.close();
    await assert.rejects(connectLocalSocket(profile), { code: 'no-node' });
    await writeFile(join(profile, 'not-a-folder'), '');
    await assert.rejects(connectLocalSocket(join(profile, 'not-a-folder')), { code: 'no-node' });
  });

  it('takes the place of a socket that a dead node left behind', async (t) => {
    const { profile, node, server } = await serve(t);
    await server.close();
    // Node removes a socket when it closes; one whose owner was killed stays, as this one after its rename.
    const dead = createServer();
    dead.listen(`${server.path}.dead`);
    await once(dead, 'listening');
    await rename(`${server.path}.dead`, server.path);
    dead.close();
    await once(dead, 'close');
    assert.ok((await stat(server.path)).isSocket());
    await assert.rejects(connectLocalSocket(profile), { code: 'no-node' });
    const successor = await serveLocalSocket({ profile, api: node });
    t.after(() => successor.close());
    const remote = await connectLocalSocket(profile);
    assert.deepEqual(await remote.call('freeExtension'), { extension: '101' });
    remote.close();
  });

  it('fails open calls when the node ends', async (t) => {
    let isAsked = false;
    const api: NodeApi = {
      call: () => {
        isAsked = true;
        return new Promise(() => undefined);
      },
      onEvent: () => () => undefined,
    };
    const { profile, server } = await serve(t, api);
    const remote = await connectLocalSocket(profile);
    const open = remote.call('status');
    const failed = assert.rejects(open, { code: 'node-gone' });
    await eventually(() => isAsked, 'the node is asked');
    await server.close();
    await failed;
    await remote.closed;
    await assert.rejects(remote.call('status'), { code: 'node-gone' });
  });
});

describe('the place of the socket', () => {
  it('is short enough for the system, however long the profile is', async (t) => {
    const profile = tempFolder('socket-place');
    const node = new TinyNode();
    const long = join(profile, 'a'.repeat(120), 'b'.repeat(120));
    const place = socketPlace(long, { XDG_RUNTIME_DIR: profile });
    assert.ok(place.folder !== null && Buffer.byteLength(place.path) <= 100, place.path);
    const far = await serveLocalSocket({ profile: long, api: node });
    t.after(() => far.close());
    const remote = await connectLocalSocket(long);
    assert.deepEqual(await remote.call('freeExtension'), { extension: '101' });
    remote.close();
  });
});

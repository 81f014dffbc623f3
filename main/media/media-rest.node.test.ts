import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { after, afterEach, describe, it } from 'node:test';
import type { MediaWorkerOptions } from './media-worker.ts';
import { MediaWorker, type SoundConfiguration, type WorkerEvent } from './index.ts';
import { newKey, WorkerProcess } from './test-support.ts';

const WORKER = fileURLToPath(new URL('worker.ts', import.meta.url));
const SILENT = { PULSE_SERVER: 'unix:/nonexistent' };
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const skip = process.platform !== 'linux' && 'threads are counted by /proc';

/** Threads of this process that a worker has. */
function workerThreads(): number {
  return readdirSync('/proc/self/task').filter((task) => {
    try {
      return readFileSync(`/proc/self/task/${task}/comm`, 'utf8').trim() === 'WorkerThread';
    } catch {
      // It ended between the two looks.
      return false;
    }
  }).length;
}

async function until(holds: () => boolean, what: string): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    if (holds()) return;
    await pause(25);
  }
  assert.fail(what);
}

describe('a media worker that rests', { skip, timeout: 60_000 }, () => {
  const dir = mkdtempSync(join(tmpdir(), 'corridor-rest-'));
  const cold: SoundConfiguration = {
    microphone: null,
    speaker: `file:${join(dir, 'ear.wav')}`,
    ready: 'cold',
  };
  const closing: { close(): unknown }[] = [];
  let messages = 0;

  afterEach(async () => {
    for (const each of closing.splice(0)) await each.close();
  });
  after(() => rmSync(dir, { recursive: true, force: true }));

  const open = async (options: MediaWorkerOptions = {}) => {
    const media = new MediaWorker(WORKER, { rests: true, ...options });
    closing.push(media);
    const events: WorkerEvent[] = [];
    for (const name of ['received', 'sound-state', 'sound-tested'] as const)
      media.on(name, (event) => events.push(event));
    media.start(cold);
    const port = await media.bind('127.0.0.1', 0);
    const target = { address: '127.0.0.1', port };
    return { media, events, target };
  };
  const talker = async () => {
    const process = await WorkerProcess.start(SILENT, { ready: 'cold' });
    closing.push(process);
    return process;
  };

  /** A second of speech from another process; the fragments that arrived here, and those that were sent. */
  const listen = async ({ media, events, target }: Awaited<ReturnType<typeof open>>, from: WorkerProcess) => {
    messages += 1;
    const id = `message-${messages}`;
    const ssrc = 500 + messages;
    const key = newKey();
    const over = from.next('talk-ended');
    const base = { id, ssrc, key };
    from.post({ type: 'talk', ...base, targets: [target], keyDownAt: 0, pcm: new Int16Array(48_000) });
    media.post({ type: 'receive', ...base, play: false, talker: from.target });
    const { count } = await over;
    media.post({ type: 'receive-end', id, count });
    const arrived = () =>
      new Set(
        events.flatMap((event) =>
          event.type === 'received' && event.id === id ? event.fragments.map(({ n }) => n) : [],
        ),
      ).size;
    await until(() => arrived() === count, `of ${count} fragments ${arrived()} arrived`);
    media.post({ type: 'forget', id });
  };

  it('has no thread until a message comes, and loses nothing of that one', async () => {
    const receiver = await open();
    assert.equal(workerThreads(), 0);
    await listen(receiver, await talker());
    assert.equal(workerThreads(), 1);
  });

  it('is called by the first packet, before anybody here knows of the message', async () => {
    const { target } = await open();
    const socket = createSocket('udp4');
    closing.push(socket);
    socket.send(Buffer.alloc(60), target.port, target.address);
    await until(() => workerThreads() === 1, 'no thread was started');
  });

  it('rests again when it was unused, on the same port, and is back for the next message', async () => {
    const receiver = await open({ restAfterMs: 300 });
    const from = await talker();
    await listen(receiver, from);
    await until(() => workerThreads() === 0, 'the thread is still there');
    const taker = createSocket('udp4');
    closing.push(taker);
    taker.bind({ port: receiver.target.port, address: '127.0.0.1', exclusive: true });
    const [error] = (await once(taker, 'error')) as [NodeJS.ErrnoException];
    assert.equal(error.code, 'EADDRINUSE');
    await listen(receiver, from);
  });

  it('stays while something goes on', async () => {
    const { media, events } = await open({ restAfterMs: 200 });
    media.post({ type: 'meter', on: true });
    await until(() => events.some(({ type }) => type === 'sound-state'), 'nothing was metered');
    await pause(1000);
    assert.equal(workerThreads(), 1);
    media.post({ type: 'meter', on: false });
    await until(() => workerThreads() === 0, 'the thread is still there');
  });

  it('answers whoever asks while it is lying down', async () => {
    const { media, events } = await open({ restAfterMs: 60 });
    const asked = 40;
    for (let request = 1; request <= asked; request++) {
      media.post({ type: 'sound-test', request, action: 'stop' });
      await pause(58 + (request % 5));
    }
    const answered = () => events.filter(({ type }) => type === 'sound-tested').length;
    await until(() => answered() === asked, `${answered()} of ${asked} were answered`);
  });

  it('does not rest with a warm microphone, and is called by the choice of one', async () => {
    const { media } = await open({ restAfterMs: 100 });
    media.configure({ ...cold, ready: 'warm' });
    await until(() => workerThreads() === 1, 'no thread was started');
    await pause(500);
    assert.equal(workerThreads(), 1);
    media.configure(cold);
    await until(() => workerThreads() === 0, 'the thread is still there');
  });

  it('opens at another address whether it rests or not', async () => {
    const { media } = await open({ restAfterMs: 100 });
    const again = await media.bind('127.0.0.1', 0);
    media.post({ type: 'list-devices', request: 1 });
    const awake = await media.bind('127.0.0.1', 0);
    assert.notEqual(awake, again);
    await until(() => workerThreads() === 0, 'the thread is still there');
    const taken = createSocket('udp4');
    closing.push(taken);
    taken.bind(again, '127.0.0.1');
    await once(taken, 'listening');
  });
});

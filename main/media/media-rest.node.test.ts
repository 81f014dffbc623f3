import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, it } from 'node:test';
import { tempFolder } from '../../test/support/temp-folder.ts';
import type { MediaWorkerOptions } from './media-worker.ts';
import { eventually } from '../../test/support/eventually.ts';
import { BUDGETS } from '../model/index.ts';
import { MediaWorker, type MediaAddress, type SoundConfiguration, type WorkerEvent } from './index.ts';
import { writeRtpHeader } from './rtp.ts';
import { newKey, WorkerProcess } from './test-support.ts';

const WORKER = fileURLToPath(new URL('test-resting-worker.ts', import.meta.url));
const SILENT = { PULSE_SERVER: 'unix:/nonexistent' };
const REST_AFTER_MS = 50;
const skip = process.platform !== 'linux' && 'threads are counted by /proc';

/** Posts an order each time that the thread was asked to rest, and has neither ended nor answered as far as main knows. */
function askWhileLyingDown(media: MediaWorker): () => void {
  let request = 0;
  return media.on('dropped', ({ reason }) => {
    if (reason !== 'asked to rest') return;
    request += 1;
    media.post({ type: 'sound-test', request, action: 'stop' });
  });
}

const timesAskedToRest = (events: readonly WorkerEvent[]) =>
  events.filter((event) => event.type === 'dropped' && event.reason === 'asked to rest').length;
const answered = (events: readonly WorkerEvent[]) =>
  events.filter(({ type }) => type === 'sound-tested').length;

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

/** Whether some socket of this network namespace has the UDP port at 127.0.0.1. */
function isBound(port: number): boolean {
  const hex = port.toString(16).toUpperCase().padStart(4, '0');
  return readFileSync('/proc/net/udp', 'utf8').includes(` 0100007F:${hex} `);
}

describe('a media worker that rests', { skip, timeout: 240_000 }, () => {
  const dir = tempFolder('rest');
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

  const open = async (options: MediaWorkerOptions = {}) => {
    const media = new MediaWorker(WORKER, { rests: true, ...options });
    closing.push(media);
    const events: WorkerEvent[] = [];
    for (const name of ['received', 'sound-state', 'sound-tested', 'dropped'] as const)
      media.on(name, (event) => events.push(event));
    media.start(cold);
    const port = await media.bind('127.0.0.1', 0);
    const address = { address: '127.0.0.1', port };
    return { media, events, address };
  };
  const talker = async () => {
    const process = await WorkerProcess.start(SILENT, { ready: 'cold' });
    closing.push(process);
    return process;
  };

  /** A second of speech from another process; the fragments that arrived here, and those that were sent. */
  const listen = async (
    { media, events, address }: Awaited<ReturnType<typeof open>>,
    from: WorkerProcess,
  ) => {
    messages += 1;
    const id = `message-${messages}`;
    const ssrc = 500 + messages;
    const key = newKey();
    const over = from.next('talk-ended');
    const base = { id, ssrc, key };
    from.post({ type: 'talk', ...base, targets: [address], keyDownAt: 0, pcm: new Int16Array(48_000) });
    media.post({ type: 'receive', ...base, play: false, talker: from.address });
    const { count } = await over;
    media.post({ type: 'receive-end', id, count });
    const arrived = () =>
      new Set(
        events.flatMap((event) =>
          event.type === 'received' && event.id === id ? event.fragments.map(({ n }) => n) : [],
        ),
      ).size;
    await eventually(
      () => arrived() === count,
      () => `${count} fragments arrive, instead of ${arrived()}`,
    );
    media.post({ type: 'forget', id });
  };

  it('has no thread until a message comes, and loses nothing of that one', async () => {
    const receiver = await open();
    assert.equal(workerThreads(), 0);
    await listen(receiver, await talker());
    assert.equal(workerThreads(), 1);
  });

  /** The first fragment of a message that this node knows nothing of. */
  const fragment = (): Buffer => {
    const packet = Buffer.alloc(60);
    writeRtpHeader(packet, 0, 7);
    return packet;
  };
  const stranger = () => {
    const socket = createSocket('udp4');
    closing.push(socket);
    return (packet: Uint8Array, { port, address }: MediaAddress) => socket.send(packet, port, address);
  };
  /** Another worker is woken and rests; by then all has happened that was to happen to those before it, which have this many threads. */
  const anotherWakesAndRests = async (threads: number) => {
    const { events, address } = await open({ restAfterMs: REST_AFTER_MS });
    // One thread of a process may use sound: this one is given nothing to do.
    stranger()(fragment(), address);
    await eventually(() => timesAskedToRest(events) > 0, 'another one was woken, and may rest');
    await eventually(() => workerThreads() === threads, 'it has gone, and nothing else has come or gone');
  };

  it('starts at a colleague’s first fragment, before this node knows of the message', async () => {
    const { address } = await open({ isKnown: (ip) => ip === '127.0.0.1' });
    stranger()(fragment(), address);
    await eventually(() => workerThreads() === 1, 'there is a thread');
  });

  it('is not woken by what is no fragment, nor from an address where no colleague is', async () => {
    const known = await open();
    const other = await open({ isKnown: () => false });
    const send = stranger();
    for (let n = 0; n < 100; n += 1) send(Buffer.alloc(60), known.address);
    for (let n = 0; n < 100; n += 1) send(fragment(), other.address);
    await anotherWakesAndRests(0);
    await listen(other, await talker());
  });

  it('is woken a few times by packets alone, and then by a header only', async () => {
    const { media, events, address } = await open({ restAfterMs: REST_AFTER_MS });
    const send = stranger();
    const { atOnce } = BUDGETS.wakingsByPacket.inAll;
    for (let n = 0; n < atOnce; n += 1) {
      send(fragment(), address);
      await eventually(() => workerThreads() === 1, `waking ${n}`);
      // The thread ends a moment before main has the port again: what comes between the two reaches nobody.
      await eventually(() => workerThreads() === 0 && isBound(address.port), `rest ${n}`);
    }
    send(fragment(), address);
    await anotherWakesAndRests(0);
    assert.equal(timesAskedToRest(events), atOnce, 'it was not woken once more');
    media.post({ type: 'receive-sealed', id: 'message', ssrc: 7, talker: null });
    await eventually(() => workerThreads() === 1, 'the header wakes it');
  });

  it('rests again once it is unused, keeps its port, and is back for the next message', async () => {
    const receiver = await open({ restAfterMs: 300 });
    const from = await talker();
    await listen(receiver, from);
    await eventually(() => workerThreads() === 0, 'there is no thread');
    await eventually(() => isBound(receiver.address.port), 'the port is held without it');
    const taker = createSocket('udp4');
    closing.push(taker);
    taker.bind({ port: receiver.address.port, address: '127.0.0.1', exclusive: true });
    const [error] = (await once(taker, 'error')) as [NodeJS.ErrnoException];
    assert.equal(error.code, 'EADDRINUSE');
    await listen(receiver, from);
  });

  it('stays while something goes on, and does what it is asked meanwhile', async () => {
    const { media, events } = await open({ restAfterMs: REST_AFTER_MS });
    const stopAsking = askWhileLyingDown(media);
    media.post({ type: 'meter', on: true });
    await eventually(() => answered(events) >= 3, 'it stays three times, and answers');
    assert.equal(workerThreads(), 1);
    stopAsking();
    media.post({ type: 'meter', on: false });
    await eventually(() => workerThreads() === 0, 'there is no thread');
  });

  it('starts again for an order that came while it was about to end', async () => {
    const { media, events } = await open({ restAfterMs: REST_AFTER_MS });
    const stopAsking = askWhileLyingDown(media);
    media.post({ type: 'list-devices', request: 1 });
    await eventually(() => answered(events) >= 5, 'it ends five times, and answers each time');
    stopAsking();
    const orders = timesAskedToRest(events);
    await eventually(() => answered(events) === orders, 'each order is answered');
  });

  it('does not rest with a warm microphone, and starts where the microphone is to be warm', async () => {
    const { media, events } = await open({ restAfterMs: REST_AFTER_MS });
    media.configure({ ...cold, ready: 'warm' });
    await eventually(() => workerThreads() === 1, 'there is a thread');
    await anotherWakesAndRests(1);
    assert.equal(timesAskedToRest(events), 0);
    media.configure(cold);
    await eventually(() => workerThreads() === 0, 'there is no thread');
  });

  it('moves to another address whether it rests or not', async () => {
    const { media } = await open({ restAfterMs: 100 });
    const again = await media.bind('127.0.0.1', 0);
    media.post({ type: 'list-devices', request: 1 });
    const awake = await media.bind('127.0.0.1', 0);
    assert.notEqual(awake, again);
    await eventually(() => workerThreads() === 0, 'there is no thread');
    const taken = createSocket('udp4');
    closing.push(taken);
    taken.bind(again, '127.0.0.1');
    await once(taken, 'listening');
  });
});

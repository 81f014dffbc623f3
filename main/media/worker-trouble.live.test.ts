import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { fileURLToPath } from 'node:url';
import { after, afterEach, before, describe, it } from 'node:test';
import { eventually } from '../../test/support/eventually.ts';
import { missingPulse, startPulse } from '../../test/support/pulse.ts';
import { tempFolder } from '../../test/support/temp-folder.ts';
import type { WorkerCommand } from './index.ts';
import { newKey, WorkerProcess } from './test-support.ts';
import { INTELLIGIBLE, TwoWorkers } from './test-two-workers.ts';

const skip = missingPulse() ?? false;
/** Far longer than it takes until a thread that does not answer is ended, ms. */
const HANGS_WITHIN_MS = 60_000;

describe('a media worker in trouble', { skip }, () => {
  let two: TwoWorkers;
  /** Closed also where a test fails: an open socket keeps this process from ending. */
  const open: { close(): unknown }[] = [];

  before(async () => {
    two = await TwoWorkers.start();
  });
  afterEach(async () => {
    for (const each of open.splice(0)) await each.close();
  });
  after(() => two?.close());

  it('counts garbage, reports each reason once, and goes on', async () => {
    const { b } = two;
    const socket = createSocket('udp4');
    open.push(socket);
    const dropped = b.next('dropped', (event) => event.reason === 'no fragment');
    const full = b.next('dropped', (event) => event.reason === 'too many early fragments');
    const send = (packet: Uint8Array) => socket.send(packet, b.address.port, '127.0.0.1');
    for (let size = 0; size < 1500; size += 7) send(Buffer.alloc(size, size));
    const alike = Buffer.alloc(60);
    Buffer.from('80ef000000000000deadbeef', 'hex').copy(alike);
    for (let i = 0; i < 500; i++) send(alike);
    send(Buffer.from('80c9000100000001'.padEnd(80, '0'), 'hex'));
    assert.equal((await dropped).total, 1);
    await full;
    const { share } = await two.speakAndHear(two.newTalk());
    assert.ok(share >= INTELLIGIBLE);
    assert.equal(
      b.events.filter((event) => event.type === 'dropped' && event.reason === 'no fragment').length,
      1,
    );
  });

  it('passes on what it cannot open, but from the talker’s address alone', async () => {
    const { a, b } = two;
    const talk = two.newTalk();
    const { id, ssrc } = talk;
    b.post({ type: 'receive-sealed', id, ssrc, talker: { address: '127.0.0.2', port: 1 } });
    const refused = b.next('dropped', (event) => event.reason === 'wrong source');
    const spoken = two.speak(talk);
    await refused;
    assert.deepEqual(b.stored(id), []);
    b.post({ type: 'receive-sealed', id, ssrc, talker: a.address });
    const count = await spoken;
    const last = a.stored(id).at(-1);
    assert.equal(last?.n, count - 1);
    await eventually(() => b.fragments.get(id)?.has(count - 1) === true, 'the last fragment is passed on');
    assert.deepEqual(b.stored(id).at(-1), last);
  });

  it('reports an order that it cannot carry out, and goes on', async () => {
    const { b } = two;
    const { id, talk } = two.newTalk();
    const reported = b.next('dropped', ({ reason }) => reason.includes('talk'));
    b.post({
      ...talk,
      key: { masterKey: new Uint8Array(3), masterSalt: new Uint8Array(12) },
    });
    await reported;
    assert.equal(b.crashes, 0);
    assert.equal(b.fragments.has(id), false);
  });

  it('is back on its port after a crash, and plays', async () => {
    const { a, pulse } = two;
    const crashing = fileURLToPath(new URL('test-crashing-worker.ts', import.meta.url));
    const c = await WorkerProcess.start(pulse.env, { speaker: 'ear', ready: 'warm' }, crashing);
    open.push(c);
    await c.soundRuns();
    const reopened = c.next('bound');
    c.post({ type: 'crash' } as unknown as WorkerCommand);
    assert.equal((await reopened).port, c.address.port);
    assert.equal(c.crashes, 1);
    const talk = two.newTalk(a.address, c.address);
    const sounding = c.next('sounding');
    c.post(talk.receive);
    const spoken = two.speak(talk);
    assert.equal((await sounding).id, talk.id);
    await spoken;
  });
});

describe('a media worker that hangs while its devices are open', { skip }, () => {
  it('is replaced by one that is on its port and hears', async (t) => {
    const dir = tempFolder('hanging');
    const pulse = await startPulse({ dir });
    t.after(() => pulse.stop());
    const hanging = fileURLToPath(new URL('test-hanging-worker.ts', import.meta.url));
    const c = await WorkerProcess.start(pulse.env, { ready: 'warm' }, hanging);
    t.after(() => c.close());
    await c.soundRuns();
    c.post({ type: 'hang' } as unknown as WorkerCommand);
    await eventually(() => c.crashes === 1, 'it is ended', HANGS_WITHIN_MS);
    const ports = () => c.events.flatMap((event) => (event.type === 'bound' ? [event.port] : []));
    await eventually(() => ports().length === 2, 'the next one has the port');
    assert.deepEqual(ports(), [c.address.port, c.address.port]);
    await c.soundRuns();
    const ended = c.next('talk-ended');
    const fragments = c.next('talk-fragments');
    c.post({ type: 'talk', id: 'one', ssrc: 5, key: newKey(), targets: [], keyDownAt: 0 });
    await fragments;
    c.post({ type: 'talk-stop', id: 'one' });
    assert.equal((await ended).failed, null);
  });
});

describe('a media worker without devices', () => {
  it('says so, receives all the same, and speaks recordings', async (t) => {
    const silent = { PULSE_SERVER: 'unix:/nonexistent' };
    const a = await WorkerProcess.start(silent, { ready: 'warm' });
    t.after(() => a.close());
    const b = await WorkerProcess.start(silent, { ready: 'warm' });
    t.after(() => b.close());
    const key = newKey();
    const base = { ssrc: 5, key, targets: [b.address], keyDownAt: 0 };
    const failed = a.next('talk-ended');
    a.post({ type: 'talk', id: 'one', ...base });
    const { count, failed: why } = await failed;
    assert.equal(count, 0);
    assert.match(why?.sentence ?? '', /microphone/);
    b.post({ type: 'receive', id: 'two', ssrc: 5, key, play: true, talker: a.address });
    const ended = a.next('talk-ended');
    a.post({ type: 'talk', id: 'two', ...base, pcm: new Int16Array(48_000) });
    assert.equal((await ended).count, 100);
    await b.holds('two', 100);
    assert.deepEqual(b.stored('two'), a.stored('two'));
  });
});

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { after, afterEach, before, describe, it } from 'node:test';
import { readWav } from '../../native-audio/index.ts';
import { correlate, heardShare } from '../../test/support/correlate.ts';
import { missingPulse, startPulse, type Pulse } from '../../test/support/pulse.ts';
import type { WorkerCommand } from './index.ts';
import { delaySpread, newKey, startLossyRelay, WorkerProcess } from './test-support.ts';

const SENTENCE = 'The quick brown fox jumps over the lazy dog, all of it.';
/** What a busy machine's virtual devices leave of speech; silence or another voice gives next to nothing. */
const INTELLIGIBLE = 0.7;
/** The last second is four pieces, and one jump of the delay on a busy computer spoils two. */
const END_INTELLIGIBLE = 0.5;
/** Of two voices of one loudness each correlates with their sum by 0.7 at best. */
const IN_A_MIX = 0.3;
const skip = missingPulse() ?? false;
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe('two media workers on loopback', { skip }, () => {
  const dir = mkdtempSync(join(tmpdir(), 'corridor-media-'));
  let pulse: Pulse;
  let speech: Int16Array;
  let a: WorkerProcess;
  let b: WorkerProcess;
  let messages = 0;
  /** Closed also where a test fails: an open socket keeps this process from ending. */
  const open: { close(): unknown }[] = [];

  before(async () => {
    pulse = await startPulse({ dir, names: ['ear'] });
    await pulse.loadSink('ear');
    const file = join(dir, 'speech.wav');
    execFileSync('espeak-ng', ['-w', file, SENTENCE]);
    speech = readWav(readFileSync(file));
    a = await WorkerProcess.start(pulse.env, { microphone: 'mic', speaker: 'speaker', ready: 'warm' });
    b = await WorkerProcess.start(pulse.env, { speaker: 'ear', ready: 'warm' });
    await pause(500);
    // Three processes that have just started compile what they run: what is judged begins with the second message.
    await speakAndHear(newTalk());
  });

  afterEach(async () => {
    for (const each of open.splice(0)) await each.close();
  });

  after(async () => {
    await a?.close();
    await b?.close();
    await pulse?.stop();
    rmSync(dir, { recursive: true, force: true });
  });

  const newTalk = (from = a.target, to = b.target) => {
    messages += 1;
    const id = `message-${messages}`;
    const ssrc = 1000 + messages;
    const key = newKey();
    const talk: WorkerCommand = { type: 'talk', id, ssrc, key, targets: [to], pcm: speech, keyDownAt: 0 };
    const receive: WorkerCommand = { type: 'receive', id, ssrc, key, play: true, talker: from };
    return { id, ssrc, key, talk, receive };
  };

  const speakAndHear = async ({ id, talk, receive }: ReturnType<typeof newTalk>) => {
    const recording = await pulse.record('ear.monitor');
    const talked = a.next('talk-ended', (event) => event.id === id);
    const heard = b.next('playback-ended', (event) => event.id === id);
    a.post(talk);
    b.post(receive);
    const { count } = await talked;
    b.post({ type: 'receive-end', id, count });
    const { reason } = await heard;
    await pause(150);
    const sound = await recording.stop();
    return { count, reason, share: heardShare(speech, sound), spreadMs: delaySpread(speech, sound) };
  };

  it('A speaks, B hears it while A speaks, and holds every fragment', async () => {
    const talk = newTalk();
    const { count, reason, share } = await speakAndHear(talk);
    assert.equal(count, Math.ceil(speech.length / 480));
    assert.equal(reason, 'end');
    assert.ok(share >= INTELLIGIBLE, `${share}`);
    assert.deepEqual(b.stored(talk.id), a.stored(talk.id));
    assert.equal(a.stored(talk.id).length, count);
  });

  it('a fifth of all packets is lost: B hears it, and holds every fragment', async () => {
    const relay = await startLossyRelay(a.target, b.target, 0.2, 7);
    open.push(relay);
    const talk = newTalk(relay.forB, relay.forA);
    const { count, share } = await speakAndHear(talk);
    assert.ok(share >= INTELLIGIBLE, `${share}`);
    for (let i = 0; i < 20 && b.stored(talk.id).length < count; i++) await pause(100);
    assert.deepEqual(b.stored(talk.id), a.stored(talk.id));
  });

  it('both main loops are stalled, and nothing of it is heard', async () => {
    const stalls = setInterval(() => {
      a.stall(100);
      b.stall(100);
    }, 500);
    open.push({ close: () => clearInterval(stalls) });
    const { share, spreadMs } = await speakAndHear(newTalk());
    assert.ok(share >= INTELLIGIBLE, `${share}`);
    // A stall that got through would move what follows by all of its 100 ms.
    assert.ok(spreadMs < 95, `${spreadMs} ms`);
  });

  it('the microphone is heard, from the key down to the tail', async () => {
    const { id, talk, receive } = newTalk();
    const recording = await pulse.record('ear.monitor');
    const playing = pulse.play(join(dir, 'speech.wav'));
    const capturing = a.next('capturing');
    const { pcm: _, ...live } = talk;
    a.post(live);
    b.post(receive);
    await capturing;
    await playing.done;
    const ended = a.next('talk-ended');
    const heard = b.next('playback-ended');
    a.post({ type: 'talk-stop', id });
    const { count, failed } = await ended;
    b.post({ type: 'receive-end', id, count });
    assert.equal(failed, null);
    await heard;
    const share = heardShare(speech, await recording.stop());
    assert.ok(share >= INTELLIGIBLE, `${share}`);
  });

  it('two talkers at once are both heard', async () => {
    const c = await WorkerProcess.start(pulse.env);
    open.push(c);
    const first = newTalk();
    const second = newTalk(c.target);
    const other = Int16Array.from(speech).reverse();
    const recording = await pulse.record('ear.monitor');
    const ended = [first, second].map(({ id }) => b.next('playback-ended', (event) => event.id === id));
    for (const [who, talk, pcm] of [
      [a, first, speech],
      [c, second, other],
    ] as const) {
      const over = who.next('talk-ended');
      who.post({ ...talk.talk, pcm });
      b.post(talk.receive);
      void over.then(({ count }) => b.post({ type: 'receive-end', id: talk.id, count }));
    }
    await Promise.all(ended);
    const heard = await recording.stop();
    for (const spoken of [speech, other]) {
      const share = heardShare(spoken, heard, IN_A_MIX);
      assert.ok(share >= 0.5, `${share} of one of them was heard`);
    }
  });

  it('a stored message plays from where it is asked to, faster, with a pause, and ends behind the last', async () => {
    const { id, ssrc, key, talk } = newTalk();
    const over = a.next('talk-ended');
    a.post(talk);
    const { count } = await over;
    await pause(100);
    b.post({ type: 'play', id, ssrc, key, from: 0, speed: 1.5, count });
    b.post({ type: 'play-fragments', id, fragments: a.stored(id) });
    await b.next('sounding', (event) => event.id === id && !event.live);
    b.post({ type: 'playback', action: 'pause' });
    const paused = await b.next('playback', (event) => event.state === 'paused');
    b.post({ type: 'playback-seek', from: 100 });
    const sought = await b.next('playback', (event) => event.positionFragment === 100);
    assert.equal(sought.state, 'paused');
    assert.ok(paused.positionFragment < 100);
    const began = Date.now();
    const ended = b.next('playback-ended');
    b.post({ type: 'playback', action: 'resume' });
    assert.equal((await ended).reason, 'end');
    const expected = ((count - 100) * 10) / 1.5;
    assert.ok(Math.abs(Date.now() - began - expected) < 400, `${Date.now() - began} for ${expected} ms`);
  });

  it('joins late, from the first fragment, and catches up while A still speaks', async () => {
    const { id, ssrc, key, talk } = newTalk();
    const twice = new Int16Array(speech.length * 2);
    twice.set(speech);
    twice.set(speech, speech.length);
    b.post({ type: 'receive', id, ssrc, key, play: false, talker: a.target });
    const over = a.next('talk-ended');
    a.post({ ...talk, pcm: twice });
    await pause(1000);
    const recording = await pulse.record('ear.monitor');
    const catching = b.next('playback', ({ state, speed }) => state === 'catching-up' && speed > 1);
    const live = b.next('playback', ({ state }) => state === 'live');
    const ended = b.next('playback-ended');
    b.post({ type: 'play', id, ssrc, key, from: 0, speed: 1, count: null });
    b.playFromReceived(id);
    await catching;
    await live;
    const { count } = await over;
    b.post({ type: 'receive-end', id, count });
    assert.equal((await ended).reason, 'end');
    const heard = await recording.stop();
    assert.ok(heardShare(speech.subarray(-48_000), heard.subarray(-3 * 48_000)) >= END_INTELLIGIBLE);
  });

  it('renders a message as WAV and as Ogg Opus', async () => {
    const { id, ssrc, key, talk } = newTalk();
    a.post(talk);
    const { count } = await a.next('talk-ended');
    await pause(100);
    const fragments = a.stored(id, { from: 50, to: 52 });
    for (const [request, format] of [
      [1, 'wav'],
      [2, 'ogg'],
    ] as const) {
      b.post({ type: 'render', request, ssrc, key, fragments, count, format });
      const { bytes, durationMs } = await b.next('rendered', (event) => event.request === request);
      assert.equal(durationMs, count * 10);
      const file = join(dir, `out.${format}`);
      execFileSync('ffmpeg', ['-v', 'error', '-y', '-i', '-', '-ar', '48000', '-ac', '1', `${file}.wav`], {
        input: bytes,
      });
      const { peak } = correlate(speech, readWav(readFileSync(`${file}.wav`)));
      assert.ok(peak > 0.9, `${format} ${peak}`);
    }
  });

  it('garbage is counted, told once, and harms nothing', async () => {
    const socket = createSocket('udp4');
    open.push(socket);
    const dropped = b.next('dropped', (event) => event.reason === 'no fragment');
    const full = b.next('dropped', (event) => event.reason === 'too many early fragments');
    const send = (packet: Uint8Array) => socket.send(packet, b.target.port, '127.0.0.1');
    for (let size = 0; size < 1500; size += 7) send(Buffer.alloc(size, size));
    const alike = Buffer.alloc(60);
    Buffer.from('80ef000000000000deadbeef', 'hex').copy(alike);
    for (let i = 0; i < 500; i++) send(alike);
    send(Buffer.from('80c9000100000001'.padEnd(80, '0'), 'hex'));
    assert.equal((await dropped).total, 1);
    await full;
    const { share } = await speakAndHear(newTalk());
    assert.ok(share >= INTELLIGIBLE);
    assert.equal(
      b.events.filter((event) => event.type === 'dropped' && event.reason === 'no fragment').length,
      1,
    );
  });

  it('what cannot be opened is passed on, from the talker alone', async () => {
    const { id, ssrc, talk } = newTalk();
    b.post({ type: 'receive-sealed', id, ssrc, talker: { address: '127.0.0.2', port: 1 } });
    a.post(talk);
    await b.next('dropped', (event) => event.reason === 'wrong source');
    assert.deepEqual(b.stored(id), []);
    b.post({ type: 'receive-sealed', id, ssrc, talker: a.target });
    const { count } = await a.next('talk-ended');
    await pause(100);
    const last = b.stored(id).at(-1);
    assert.equal(last?.n, count - 1);
    assert.deepEqual(last, a.stored(id).at(-1));
  });

  it('an order that cannot be carried out is told, and harms nothing', async () => {
    const { id, talk } = newTalk();
    const told = b.next('dropped', ({ reason }) => reason.includes('talk'));
    b.post({
      ...talk,
      key: { masterKey: new Uint8Array(3), masterSalt: new Uint8Array(12) },
    });
    await told;
    assert.equal(b.crashes, 0);
    assert.equal(b.fragments.has(id), false);
  });

  it('a crashed worker takes nobody along and is back on its port', async () => {
    const crashing = fileURLToPath(new URL('test-crashing-worker.ts', import.meta.url));
    const c = await WorkerProcess.start(pulse.env, { speaker: 'ear', ready: 'warm' }, crashing);
    open.push(c);
    await pause(300);
    const reopened = c.next('bound');
    c.post({ type: 'crash' } as unknown as WorkerCommand);
    assert.equal((await reopened).port, c.target.port);
    assert.equal(c.crashes, 1);
    const { id, talk, receive } = newTalk(a.target, c.target);
    const sounding = c.next('sounding');
    a.post(talk);
    c.post(receive);
    assert.equal((await sounding).id, id);
    await a.next('talk-ended');
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
    const base = { ssrc: 5, key, targets: [b.target], keyDownAt: 0 };
    const failed = a.next('talk-ended');
    a.post({ type: 'talk', id: 'one', ...base });
    const { count, failed: why } = await failed;
    assert.equal(count, 0);
    assert.match(why?.sentence ?? '', /microphone/);
    b.post({ type: 'receive', id: 'two', ssrc: 5, key, play: true, talker: a.target });
    a.post({ type: 'talk', id: 'two', ...base, pcm: new Int16Array(48_000) });
    assert.equal((await a.next('talk-ended')).count, 100);
    // A busy computer passes on late.
    for (let tries = 0; tries < 50 && b.stored('two').length < 100; tries++) await pause(100);
    assert.deepEqual(b.stored('two'), a.stored('two'));
  });
});

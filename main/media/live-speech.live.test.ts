import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { heardShare } from '../../test/support/correlate.ts';
import { missingPulse } from '../../test/support/pulse.ts';
import { startLossyRelay, WorkerProcess } from './test-support.ts';
import { INTELLIGIBLE, TwoWorkers } from './test-two-workers.ts';

/** Of two voices of one loudness each correlates with their sum by 0.7 at best. */
const IN_A_MIX = 0.3;
/** Both main loops stand still for a fifth of the time. */
const STALL_MS = 100;
const STALL_EVERY_MS = 500;
const skip = missingPulse() ?? false;

describe('speech between two media workers', { skip }, () => {
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

  it('is heard by B while A speaks, and B holds every fragment', async () => {
    const { a, b, speech } = two;
    const talk = two.newTalk();
    const { count, reason, share } = await two.speakAndHear(talk);
    assert.equal(count, Math.ceil(speech.length / 480));
    assert.equal(reason, 'end');
    assert.ok(share >= INTELLIGIBLE, `${share}`);
    // What a busy computer lost of it is repaired, also after the playback.
    await b.holds(talk.id, count);
    assert.deepEqual(b.stored(talk.id), a.stored(talk.id));
    assert.equal(a.stored(talk.id).length, count);
  });

  it('is heard by B where a fifth of all packets is lost, and B gets every fragment in the end', async () => {
    const { a, b } = two;
    const relay = await startLossyRelay(a.address, b.address, 0.2, 7);
    open.push(relay);
    const talk = two.newTalk(relay.forB, relay.forA);
    const { count, share } = await two.speakAndHear(talk);
    assert.ok(share >= INTELLIGIBLE, `${share}`);
    await b.holds(talk.id, count);
    assert.deepEqual(b.stored(talk.id), a.stored(talk.id));
  });

  it('does not stop where the main loops of both stand still', async () => {
    const stalls = setInterval(() => {
      two.a.stall(STALL_MS);
      two.b.stall(STALL_MS);
    }, STALL_EVERY_MS);
    open.push({ close: () => clearInterval(stalls) });
    const { share, spreadMs } = await two.speakAndHear(two.newTalk());
    assert.ok(share >= INTELLIGIBLE, `${share}`);
    // A stall that got through would move what follows by its whole length.
    assert.ok(spreadMs < STALL_MS - 5, `${spreadMs} ms`);
  });

  it('comes from the microphone, from the key down to the tail', async () => {
    const { a, b, pulse, speech } = two;
    const { id, talk, receive } = two.newTalk();
    const recording = await pulse.record('ear.monitor');
    const playing = pulse.play(two.speechFile);
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

  it('is heard of both where two talk at once', async () => {
    const { a, b, pulse, speech } = two;
    const c = await WorkerProcess.start(pulse.env);
    open.push(c);
    const first = two.newTalk();
    const second = two.newTalk(c.address);
    const other = Int16Array.from(speech).reverse();
    const recording = await pulse.record('ear.monitor');
    const ended = [first, second].map(({ id }) => b.next('playback-ended', (event) => event.id === id));
    for (const [talker, talk, pcm] of [
      [a, first, speech],
      [c, second, other],
    ] as const) {
      const over = talker.next('talk-ended');
      talker.post({ ...talk.talk, pcm });
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
});

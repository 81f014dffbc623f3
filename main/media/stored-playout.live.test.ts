import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { readWav } from '../../native-audio/index.ts';
import { correlate, heardShare } from '../../test/support/correlate.ts';
import { missingPulse } from '../../test/support/pulse.ts';
import { TwoWorkers } from './test-two-workers.ts';

/** The last second is four pieces, and one jump of the delay on a busy computer spoils two. */
const END_INTELLIGIBLE = 0.5;
/** A second of what A says: B joins that late. */
const LATE_FRAGMENTS = 100;
const skip = missingPulse() ?? false;

describe('a message that a media worker plays from a store', { skip }, () => {
  let two: TwoWorkers;

  before(async () => {
    two = await TwoWorkers.start();
  });
  after(() => two?.close());

  it('is paused and moved, goes on from there at the listener’s speed, and ends after its last fragment', async () => {
    const { a, b } = two;
    const talk = two.newTalk();
    const { id, ssrc, key } = talk;
    const count = await two.speak(talk);
    b.post({ type: 'play', id, ssrc, key, from: 0, speed: 1.5, count });
    b.post({ type: 'play-fragments', id, fragments: a.stored(id) });
    await b.next('sounding', (event) => event.id === id && !event.live);
    b.post({ type: 'playback', action: 'pause' });
    const paused = await b.next('playback', (event) => event.state === 'paused');
    b.post({ type: 'playback-seek', from: 100 });
    const moved = await b.next('playback', (event) => event.positionFragment === 100);
    assert.equal(moved.state, 'paused');
    assert.ok(paused.positionFragment < 100);
    const ended = b.next('playback-ended');
    const goesOn = b.next('playback', ({ state, speed }) => state === 'playing' && speed === 1.5);
    b.post({ type: 'playback', action: 'resume' });
    assert.ok((await goesOn).positionFragment >= 100);
    assert.equal((await ended).reason, 'end');
  });

  it('is joined late from its first fragment, and catches up while A still speaks', async () => {
    const { a, b, pulse, speech } = two;
    const { id, ssrc, key, talk } = two.newTalk();
    const twice = new Int16Array(speech.length * 2);
    twice.set(speech);
    twice.set(speech, speech.length);
    b.post({ type: 'receive', id, ssrc, key, play: false, talker: a.address });
    const over = a.next('talk-ended');
    a.post({ ...talk, pcm: twice });
    await b.holds(id, LATE_FRAGMENTS);
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

  for (const format of ['wav', 'ogg'] as const)
    it(`becomes a file that others can read: ${format}`, async () => {
      const { a, b, speech } = two;
      const talk = two.newTalk();
      const { id, ssrc, key } = talk;
      const count = await two.speak(talk);
      const fragments = a.stored(id, { from: 50, to: 52 });
      assert.equal(fragments.length, count - 2);
      b.post({ type: 'render', request: 1, ssrc, key, fragments, count, format });
      const { bytes, durationMs } = await b.next('rendered');
      assert.equal(durationMs, count * 10);
      const file = join(two.dir, `${format}.wav`);
      execFileSync('ffmpeg', ['-v', 'error', '-y', '-i', '-', '-ar', '48000', '-ac', '1', file], {
        input: bytes,
      });
      const { peak } = correlate(speech, readWav(readFileSync(file)));
      assert.ok(peak > 0.9, `${format} ${peak}`);
    });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { heardShare } from '../../test/support/correlate.ts';
import { levelDb } from '../../test/support/level.ts';
import { melody } from '../../test/support/melody.ts';
import { FRAME_SAMPLES } from '../model/index.ts';
import { isRtcp } from './rtp.ts';
import { SrtpSender } from './srtp.ts';
import { SILENCE, TalkingEnds } from './test-conversations.ts';

const KEY = { masterKey: Buffer.alloc(16, 7), masterSalt: Buffer.alloc(12, 7) };
const VOICE = melody(3, 8).samples;
const frameOf = (n: number) => VOICE.subarray(n * FRAME_SAMPLES, (n + 1) * FRAME_SAMPLES);

/** What Bo hears while Ann speaks this many frames of the melody, from `from` on. */
function annSpeaks(ends: TalkingEnds, from: number, frames: number): Int16Array {
  const heard = new Int16Array(frames * FRAME_SAMPLES);
  for (let n = 0; n < frames; n++) heard.set(ends.tick(frameOf(from + n), SILENCE).atBo, n * FRAME_SAMPLES);
  return heard;
}

describe('the call of a computer', () => {
  it('is alive while the other side only asks for what it lacks: no voice comes, and RTCP does', async (t) => {
    const ends = await TalkingEnds.start(t);
    annSpeaks(ends, 0, 50);
    // Nothing of Bo's voice comes to Ann any more, and every tenth packet of hers is lost, so that he asks.
    let sent = 0;
    ends.loses = (packet, from) => {
      if (isRtcp(packet)) return false;
      return from === ends.bo || (sent += 1) % 10 === 0;
    };
    const before = ends.ann.heardTimes;
    annSpeaks(ends, 50, 500);
    assert.ok(ends.ann.heardTimes - before >= 4, `${ends.ann.heardTimes - before} times in five seconds`);
    ends.loses = () => true;
    const silent = ends.ann.heardTimes;
    annSpeaks(ends, 0, 200);
    assert.ok(ends.ann.heardTimes - silent <= 1, 'and nothing is told where nothing comes');
  });

  it('sends what is said before it is recorded: the other side waits for it', async (t) => {
    const ends = await TalkingEnds.start(t);
    // The call has taken the spare codecs, a decoder first: the recording needs another encoder.
    for (const _codec of ['decoder', 'encoder']) await ends.ann.codecs.prepare();
    ends.ann.mixdown.record(1, ['A'.repeat(22)]);
    const recorded = () => ends.ann.events.filter(({ type }) => type === 'call-recorded').length;
    const atSending: number[] = [];
    ends.loses = (packet, from) => {
      if (from === ends.ann && !isRtcp(packet)) atSending.push(recorded());
      return false;
    };
    // A recording is handed on in parts of 50 frames.
    annSpeaks(ends, 0, 100);
    assert.deepEqual([atSending[49], atSending[50], recorded()], [0, 1, 2]);
  });

  it('takes nothing from a message that has the same id, since a caller chooses the id of a call', async (t) => {
    const ends = await TalkingEnds.start(t);
    const { bo } = ends;
    const talker = ends.ann.address;
    const id = 'A'.repeat(22);
    bo.demuxer.expect({ id, ssrc: 7, key: KEY, talker });
    const sender = new SrtpSender(KEY, 7);
    const says = (n: number) => bo.receive(sender.seal(n, Uint8Array.of(1, 2, 3)), talker);
    says(0);
    annSpeaks(ends, 0, 20);
    says(1);
    bo.conversations.end(id);
    says(2);
    const ofMessage = bo.frames.flatMap(({ stream, n }) => (stream === id ? n : []));
    assert.deepEqual(ofMessage, [0, 1, 2], 'the message is whole');
    assert.equal(bo.frames.length - ofMessage.length, 20, 'the call has its own');
    assert.deepEqual(bo.refusals, []);
  });

  it('goes on where the microphone gives nothing for a second: so much silence is sent, and no more after a sleep', async (t) => {
    const ends = await TalkingEnds.start(t);
    let sent = 0;
    ends.loses = (_, from) => {
      if (from === ends.ann) sent += 1;
      return false;
    };
    annSpeaks(ends, 0, 100);
    assert.equal(sent, 100);
    ends.pass(1000);
    assert.ok(sent >= 185 && sent <= 201, `${sent} packets after another second`);
    const before = sent;
    ends.sleep(3_600_000);
    ends.pass(50);
    assert.ok(sent - before <= 20, `${sent - before} packets for an hour of sleep`);
    const soon = annSpeaks(ends, 0, 800);
    // Until the ear knows that an hour is missing it takes the voice for late, and hurries.
    const later = soon.subarray(soon.length / 2);
    assert.ok(
      heardShare(VOICE.subarray(VOICE.length / 2), later) > 0.9,
      'a few seconds later all is as before',
    );
  });

  it('sends silence while it is muted, and plays nothing while it is held: neither delays what follows', async (t) => {
    const ends = await TalkingEnds.start(t);
    assert.ok(levelDb(annSpeaks(ends, 0, 200)) > -40);
    let from = 200;
    for (const change of [{ isMuted: true }, { isSilent: true }]) {
      ends.change(change);
      // What is on its way sounds.
      annSpeaks(ends, from, 20);
      assert.ok(levelDb(annSpeaks(ends, from + 20, 100)) < -70, JSON.stringify(change));
      ends.change({});
      const again = annSpeaks(ends, from + 120, 100);
      assert.ok(
        heardShare(VOICE.subarray((from + 120) * FRAME_SAMPLES, (from + 220) * FRAME_SAMPLES), again) > 0.6,
      );
      from += 220;
    }
  });
});

import assert from 'node:assert/strict';
import { it } from 'node:test';
import { heardShare } from '../../test/support/correlate.ts';
import { melody } from '../../test/support/melody.ts';
import { FRAME_SAMPLES } from '../model/index.ts';
import { SEQUENCES } from './packet-index.ts';
import { isRtcp } from './rtp.ts';
import { SILENCE, TalkingEnds, type End } from './test-conversations.ts';

/** What is spoken while the sequence numbers begin again, s. */
const SPOKEN_S = 12;
const SPOKEN_FRAMES = SPOKEN_S * 100;
/** How long both listen before that: they have caught up with each other by then. */
const LISTENED_FRAMES = 3000;
const [ANNS, BOS] = [melody(1, SPOKEN_S).samples, melody(2, SPOKEN_S).samples];
const frameOf = (samples: Int16Array, n: number) =>
  samples.subarray(n * FRAME_SAMPLES, (n + 1) * FRAME_SAMPLES);
const sequenceIn = (packet: Uint8Array): number => Buffer.from(packet).readUInt16BE(2);

it(
  'a call of more than eleven minutes is heard at both ends where the sequence numbers begin again, with a tenth of all packets lost and the others out of order; what is lost there is asked for and sent again',
  { timeout: 120_000 },
  async (t) => {
    const ends = await TalkingEnds.start(t, { isMuted: true });
    ends.idle(SEQUENCES - SPOKEN_FRAMES / 2 - LISTENED_FRAMES);
    for (let n = 0; n < LISTENED_FRAMES; n++) ends.tick(SILENCE, SILENCE);

    // One question asks for packets on both sides of the rollover.
    const first = [SEQUENCES - 2, SEQUENCES - 1, 0, 1];
    const sent = new Map<End, number[]>([
      [ends.ann, []],
      [ends.bo, []],
    ]);
    ends.loses = (packet, from) => {
      if (isRtcp(packet)) return false;
      const sequence = sequenceIn(packet);
      const isAgain = sent.get(from)!.includes(sequence);
      sent.get(from)!.push(sequence);
      return first.includes(sequence) && !isAgain;
    };
    ends.change({});
    ends.wire = { loss: 0.1, jitterMs: 25 };
    const heard = { atAnn: new Int16Array(ANNS.length), atBo: new Int16Array(ANNS.length) };
    for (let n = 0; n < SPOKEN_FRAMES; n++) {
      const { atAnn, atBo } = ends.tick(frameOf(ANNS, n), frameOf(BOS, n));
      heard.atAnn.set(atAnn, n * FRAME_SAMPLES);
      heard.atBo.set(atBo, n * FRAME_SAMPLES);
    }

    const [from, to] = [SEQUENCES - SPOKEN_FRAMES / 2, SEQUENCES + SPOKEN_FRAMES / 2 - 20];
    const shares = { atAnn: heardShare(BOS, heard.atAnn), atBo: heardShare(ANNS, heard.atBo) };
    assert.ok(shares.atAnn > 0.9 && shares.atBo > 0.9, JSON.stringify(shares));
    for (const [end, sequences] of sent) {
      for (const sequence of first)
        assert.ok(sequences.filter((one) => one === sequence).length > 1, `${sequence} was sent again`);
      assert.deepEqual(end.refusals, [], 'each was taken for what it is');
      const opened = end.frames.map(({ n }) => n).filter((n) => n >= from && n < to);
      assert.equal(new Set(opened).size, opened.length, 'none twice');
      // Each is asked for four times, and a tenth of both is lost: a hundredth of a percent.
      assert.ok(opened.length >= to - from - 2, `${opened.length} of ${to - from} came`);
    }
  },
);

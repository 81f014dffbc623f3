import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { OpusDecoder, OpusEncoder } from '../../native-audio/index.ts';
import { correlate } from '../../test/support/correlate.ts';
import { eventually } from '../../test/support/eventually.ts';
import { levelDb } from '../../test/support/level.ts';
import { melody } from '../../test/support/melody.ts';
import { FRAME_SAMPLES } from '../model/index.ts';
import { CallMixdown } from './call-mixdown.ts';
import type { WorkerEvent } from './protocol.ts';
import { SampleQueue } from './sample-queue.ts';

const OWN = melody(1, 3).samples;
const BOS = melody(2, 3).samples;
const CYS = melody(3, 3).samples;
const FRAMES = OWN.length / FRAME_SAMPLES;
const frameOf = (samples: Int16Array, n: number): Int16Array =>
  samples.subarray(n * FRAME_SAMPLES, (n + 1) * FRAME_SAMPLES);
/** How much of a voice a codec leaves that speaks together with another one, and how much of one that does not speak. */
const THERE = 0.4;
const NOT_THERE = 0.2;

async function ground() {
  const events: WorkerEvent[] = [];
  let freed = 0;
  let made = 0;
  const mixdown = new CallMixdown({
    emit: (event) => events.push(event),
    codecs: {
      withEncoder: (use) =>
        void OpusEncoder.create().then((encoder) => {
          const free = encoder.free.bind(encoder);
          encoder.free = () => {
            freed += 1;
            free();
          };
          made += 1;
          use(encoder);
        }),
    },
  });
  const packets = () => events.flatMap((event) => (event.type === 'call-recorded' ? event.packets : []));
  const decoded = async (): Promise<Int16Array> => {
    const decoder = await OpusDecoder.create();
    const samples = new Int16Array(packets().length * FRAME_SAMPLES);
    for (const [n, packet] of packets().entries()) samples.set(decoder.decode(packet), n * FRAME_SAMPLES);
    decoder.free();
    return samples;
  };
  const record = async (...calls: readonly string[]): Promise<void> => {
    mixdown.record(1, calls);
    await eventually(() => Promise.resolve(made > 0), 'there is an encoder');
  };
  return { mixdown, events, packets, decoded, record, codecs: () => ({ made, freed }) };
}

describe('the recording of calls', () => {
  it('holds this side’s voice and that of the other one, at the same time', async () => {
    const { mixdown, events, packets, decoded, record, codecs } = await ground();
    await record('bo');
    for (let n = 0; n < FRAMES; n++) {
      // A loudspeaker takes parts of a frame.
      for (let part = 0; part < 3; part++)
        mixdown.heard('bo', frameOf(BOS, n).subarray(part * 160, (part + 1) * 160));
      mixdown.spoken('bo', frameOf(OWN, n));
    }
    mixdown.end(1);
    assert.equal(events.at(-1)?.type, 'call-recording-ended');
    assert.equal(packets().length, FRAMES);
    const sound = await decoded();
    const [own, bos, cys] = [OWN, BOS, CYS].map((voice) => correlate(voice, sound));
    assert.ok(own!.peak > THERE && bos!.peak > THERE, `${own!.peak}, ${bos!.peak}`);
    assert.ok(cys!.peak < NOT_THERE, `${cys!.peak}`);
    assert.ok(Math.abs(own!.lagMs - bos!.lagMs) < 50, `${own!.lagMs} and ${bos!.lagMs} ms`);
    assert.deepEqual(codecs(), { made: 1, freed: 1 });
  });

  it('holds nothing of a call that is not recorded, nor what is said while none is', async () => {
    const { mixdown, packets, decoded, record } = await ground();
    mixdown.heard('bo', frameOf(BOS, 0));
    mixdown.spoken('bo', frameOf(OWN, 0));
    await record('bo');
    const third = Math.floor(FRAMES / 3);
    for (let n = 0; n < FRAMES; n++) {
      if (n === third) mixdown.record(1, []);
      if (n === 2 * third) mixdown.record(1, ['bo']);
      mixdown.heard('cy', frameOf(CYS, n));
      mixdown.spoken('cy', frameOf(CYS, n));
      mixdown.heard('bo', frameOf(BOS, n));
      mixdown.spoken('bo', frameOf(OWN, n));
    }
    mixdown.end(1);
    assert.equal(packets().length, FRAMES - third);
    assert.ok(correlate(CYS, await decoded()).peak < NOT_THERE);
  });

  it('holds all voices of a call of several, and each once', async () => {
    const { mixdown, packets, decoded, record } = await ground();
    await record('bo', 'cy');
    for (let n = 0; n < FRAMES; n++) {
      mixdown.heard('bo', frameOf(BOS, n));
      mixdown.heard('cy', frameOf(CYS, n));
      for (const call of ['bo', 'cy']) mixdown.spoken(call, frameOf(OWN, n));
    }
    mixdown.end(1);
    assert.equal(packets().length, FRAMES);
    const sound = await decoded();
    for (const voice of [OWN, BOS, CYS]) assert.ok(correlate(voice, sound).peak > 0.3);
  });

  it('is handed on while it goes on, half a second at a time', async () => {
    const { mixdown, packets, record } = await ground();
    await record('bo');
    for (let n = 0; n < 120; n++) mixdown.spoken('bo', frameOf(OWN, n));
    assert.equal(packets().length, 100);
    mixdown.end(1);
    assert.equal(packets().length, 120);
  });

  it('goes on where the end of an earlier one is told late, and ends where another one begins', async () => {
    const { mixdown, events, packets, record } = await ground();
    const ended = () =>
      events.flatMap((event) => (event.type === 'call-recording-ended' ? event.recording : []));
    await record('bo');
    mixdown.spoken('bo', frameOf(OWN, 0));
    mixdown.end(0);
    mixdown.spoken('bo', frameOf(OWN, 1));
    assert.deepEqual([packets().length, ended()], [0, [0]]);
    mixdown.record(2, ['bo']);
    assert.deepEqual([packets().length, ended()], [2, [0, 1]]);
  });
});

describe('samples that come at one clock and go at another', () => {
  const pull = (queue: SampleQueue, length: number): Int16Array => {
    const out = new Int16Array(length);
    queue.pull(out);
    return out;
  };

  it('wait for 20 ms, and then come out as they went in', () => {
    const queue = new SampleQueue();
    queue.push(OWN.subarray(0, 480));
    assert.ok(pull(queue, 480).every((sample) => sample === 0));
    queue.push(OWN.subarray(480, 960));
    queue.push(OWN.subarray(960, 1440));
    assert.deepEqual(pull(queue, 480), OWN.slice(0, 480));
    assert.deepEqual(pull(queue, 100), OWN.slice(480, 580));
  });

  it('are never more than a tenth of a second late, and silent where none come', () => {
    const queue = new SampleQueue();
    for (let n = 0; n < 100; n++) {
      queue.push(frameOf(OWN, n));
      if (n % 2 === 0) pull(queue, 480);
    }
    let left = 0;
    while (pull(queue, 480).some((sample) => sample !== 0)) left += 1;
    assert.ok(left <= 10, `${left} frames`);
    assert.equal(levelDb(pull(queue, 480)), -120);
  });
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OpusEncoder, readWav } from '../../native-audio/index.ts';
import { FRAME_SAMPLES, MAX_FRAGMENTS } from '../model/index.ts';
import { render } from './render.ts';
import { SrtpSender } from './srtp.ts';

const KEY = { masterKey: Buffer.alloc(16, 1), masterSalt: Buffer.alloc(12, 2) };

test('a message becomes a file of its whole length, even if fragments are missing', async () => {
  const encoder = await OpusEncoder.create();
  const sender = new SrtpSender(KEY, 7);
  const fragments = Array.from({ length: 60 }, (_, n) => ({
    n,
    bytes: sender.seal(n, encoder.encode(new Int16Array(FRAME_SAMPLES))),
  })).filter(({ n }) => n !== 10 && n !== 11);
  encoder.free();
  const base = { type: 'render', request: 1, ssrc: 7, key: KEY, fragments, count: 60 } as const;
  const wav = await render({ ...base, format: 'wav' });
  assert.equal(wav.durationMs, 600);
  assert.equal(readWav(Buffer.from(wav.bytes)).length, 60 * FRAME_SAMPLES);
  const pcm = await render({ ...base, format: 'pcm' });
  assert.deepEqual(new Int16Array(pcm.bytes.buffer), readWav(Buffer.from(wav.bytes)));
  const ogg = await render({ ...base, format: 'ogg' });
  assert.equal(Buffer.from(ogg.bytes.subarray(0, 4)).toString(), 'OggS');
  await assert.rejects(render({ ...base, count: MAX_FRAGMENTS + 1, format: 'wav' }), RangeError);
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { OpusEncoder } from '../../native-audio/index.ts';
import { FRAME_SAMPLES, type Fragment } from '../model/index.ts';
import { Loudness } from './loudness.ts';
import type { WorkerEvent } from './protocol.ts';
import { SrtpSender } from './srtp.ts';
import { newKey } from './test-support.ts';

const SSRC = 77;
const LEAD = 3;

/** Sealed fragments: `silent` frames of nothing, then `loud` frames of a tone. */
async function sealed(key: ReturnType<typeof newKey>, silent: number, loud: number): Promise<Fragment[]> {
  const encoder = await OpusEncoder.create();
  const sender = new SrtpSender(key, SSRC);
  const fragments: Fragment[] = [];
  for (let n = 0; n < silent + loud; n++) {
    const frame = Int16Array.from({ length: FRAME_SAMPLES }, (_, i) =>
      n < silent ? 0 : Math.round(8000 * Math.sin((2 * Math.PI * 300 * (n * FRAME_SAMPLES + i)) / 48_000)),
    );
    fragments.push({ n, bytes: sender.seal(n, encoder.encode(frame)) });
  }
  encoder.free();
  return fragments;
}

function measuring(isBusy: () => boolean) {
  const waiting: ((powers: Float32Array | null) => void)[] = [];
  const loudness = new Loudness({
    isBusy,
    emit: (event: WorkerEvent) => {
      if (event.type === 'loudness') waiting[event.job]?.(event.powers);
    },
  });
  const measure = (job: number, key: ReturnType<typeof newKey>, fragments: Fragment[], hurry = false) =>
    new Promise<Float32Array | null>((resolve) => {
      waiting[job] = resolve;
      loudness.measure({ type: 'loudness', job, ssrc: SSRC, key, fragments, lead: LEAD, hurry });
    });
  return { loudness, measure };
}

describe('the loudness of stored fragments', () => {
  it('tells silence from a tone frame by frame, after the lead', async () => {
    const key = newKey();
    const { loudness, measure } = measuring(() => false);
    const powers = await measure(0, key, await sealed(key, 50, 50));
    assert.equal(powers?.length, 100 - LEAD);
    assert.ok(Math.max(...powers.slice(0, 45 - LEAD)) < 1e-6, 'silence');
    // A sine of amplitude 8000 has the power (8000 / 32768)² / 2.
    const tone = powers.slice(60 - LEAD);
    assert.ok(
      tone.every((power) => power > 0.015 && power < 0.045),
      `${Math.min(...tone)} ${Math.max(...tone)}`,
    );
    loudness.close();
  });

  it('waits while anything sounds, unless a person waits for the result', async () => {
    const key = newKey();
    let busy = true;
    const { loudness, measure } = measuring(() => busy);
    const fragments = await sealed(key, 20, 20);
    assert.equal(await measure(0, key, fragments), null);
    assert.equal((await measure(1, key, fragments, true))?.length, 40 - LEAD);
    busy = false;
    assert.equal((await measure(2, key, fragments))?.length, 40 - LEAD);
    loudness.close();
  });

  it('takes what it cannot open for silence', async () => {
    const { loudness, measure } = measuring(() => false);
    const powers = await measure(0, newKey(), await sealed(newKey(), 0, 30));
    assert.deepEqual([...new Set(powers)], [0]);
    loudness.close();
  });
});

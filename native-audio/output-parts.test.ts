import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FRAME_SAMPLES } from './frame.ts';
import { LARGE_PARTS, OutputParts, samplesAtOnce, SMALL_PARTS } from './output-parts.ts';

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;

function runDry(output: OutputParts, times: number, from: number): void {
  for (let n = 0; n < times; n += 1) output.ranDry(from + n * 100);
}

describe('the parts that a loudspeaker gets', () => {
  it('stay small if it runs dry now and then, or while it opens', () => {
    const output = new OutputParts();
    output.opened(0);
    runDry(output, 4, 0);
    assert.equal(output.parts(SECOND_MS, true), SMALL_PARTS, 'opening');
    for (let at = SECOND_MS; at < MINUTE_MS; at += 3 * SECOND_MS) {
      output.ranDry(at);
      assert.equal(output.parts(at, true), SMALL_PARTS);
    }
  });

  it('become large if it runs dry again and again', () => {
    const output = new OutputParts();
    output.opened(0);
    runDry(output, 3, SECOND_MS);
    assert.equal(output.parts(2 * SECOND_MS, true), SMALL_PARTS);
    output.ranDry(2 * SECOND_MS);
    assert.equal(output.parts(2 * SECOND_MS, true), LARGE_PARTS);
  });

  it('are large in silence and small just before sound, unless small parts ran dry', () => {
    const output = new OutputParts();
    output.opened(0);
    assert.equal(output.parts(SECOND_MS, false), LARGE_PARTS);
    output.expectSound(SECOND_MS);
    assert.equal(output.parts(SECOND_MS + 299, false), SMALL_PARTS);
    assert.equal(output.parts(SECOND_MS + 300, false), LARGE_PARTS);
    runDry(output, 4, 2 * SECOND_MS);
    output.expectSound(3 * SECOND_MS);
    assert.equal(output.parts(3 * SECOND_MS, false), LARGE_PARTS);
  });

  /** Runs dry again and again, and waits until the parts are small. Returns how long that takes after the last time, ms, and when it is. */
  const disturbed = (output: OutputParts, from: number) => {
    runDry(output, 4, from);
    let now = from + 300;
    for (; output.parts(now, true) === LARGE_PARTS; now += 5 * SECOND_MS);
    return { waited: now - from - 300, now };
  };

  it('become small again soon after a disturbance; the time doubles with each failure, up to an hour', () => {
    const output = new OutputParts();
    output.opened(0);
    const waits: number[] = [];
    let now = MINUTE_MS;
    for (let round = 0; round < 12; round += 1) {
      const again = disturbed(output, now);
      now = again.now;
      waits.push(again.waited / SECOND_MS);
    }
    assert.deepEqual(waits, [5, 10, 20, 40, 80, 160, 320, 640, 1280, 2560, 3600, 3600]);
  });

  it('become small again as soon as the first time, once they have lasted for ten minutes', () => {
    const output = new OutputParts();
    output.opened(0);
    let now = MINUTE_MS;
    for (let round = 0; round < 6; round += 1) ({ now } = disturbed(output, now));
    assert.equal(disturbed(output, now + 10 * MINUTE_MS).waited, 5 * SECOND_MS);
    assert.equal(disturbed(output, now + 12 * MINUTE_MS).waited, 10 * SECOND_MS, 'these have not lasted');
  });
});

/** The writes of one voice whose frames are decided when their first sample is asked for. */
function writesOf(part: number, frames: number): { readonly sizes: number[]; readonly leads: number[] } {
  const sizes: number[] = [];
  /** How many samples are ahead of a frame's first one when it is decided: the write under way, and the one behind it. */
  const leads: number[] = [];
  for (let left = 0, frame = 0; ;) {
    if (left === 0) {
      if (frame++ === frames) return { sizes, leads };
      if (sizes.length > 1) leads.push(sizes.at(-1)! + sizes.at(-2)!);
      left = FRAME_SAMPLES;
    }
    const count = samplesAtOnce(part, left - part);
    sizes.push(count);
    left -= count;
  }
}

describe('what is written at once', () => {
  const small = FRAME_SAMPLES / SMALL_PARTS;
  const large = FRAME_SAMPLES / LARGE_PARTS;

  it('is all of a frame but its last two parts, so that the next one is decided as late as by small parts', () => {
    const { sizes, leads } = writesOf(small, 3);
    assert.deepEqual(
      sizes,
      [4, 1, 1, 4, 1, 1, 4, 1, 1].map((parts) => parts * small),
    );
    assert.deepEqual(leads, [2 * small, 2 * small]);
  });

  it('is a part where parts are large, where nothing is decided, and a frame at most', () => {
    assert.deepEqual(writesOf(large, 2).sizes, [large, large, large, large]);
    assert.equal(samplesAtOnce(small, 0), small);
    assert.equal(samplesAtOnce(small, 30 * small), FRAME_SAMPLES);
  });
});

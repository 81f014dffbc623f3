import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { OutputBufferChoice, SAFE, SMALL } from './output-buffers.ts';

const MINUTE_MS = 60_000;

function dry(choice: OutputBufferChoice, times: number, from: number): boolean {
  return Array.from({ length: times }, (_, n) => choice.ranDry(from + n * 100)).some(Boolean);
}

describe('the loudspeaker’s buffers', () => {
  it('stay small where the device runs dry now and then, or while it opens', () => {
    const choice = new OutputBufferChoice();
    choice.opened(0);
    assert.equal(dry(choice, 4, 0), false, 'opening');
    for (let at = 1000; at < 60_000; at += 3000) assert.equal(choice.ranDry(at), false);
    assert.equal(choice.current, SMALL);
  });

  it('become safe, once, where it runs dry again and again', () => {
    const choice = new OutputBufferChoice();
    choice.opened(0);
    assert.equal(dry(choice, 4, 1000), true);
    assert.equal(choice.current, SAFE);
    choice.opened(2000);
    assert.equal(dry(choice, 50, 3000), false, 'there are no safer ones');
  });

  it('are tried small again after a calm while, later after each failure, and never beyond two hours', () => {
    const choice = new OutputBufferChoice();
    let now = 0;
    const waits: number[] = [];
    for (let round = 0; round < 8; round += 1) {
      choice.opened(now);
      assert.equal(dry(choice, 4, now + 1000), true);
      choice.opened(now + 2000);
      const since = now + 2000;
      for (now = since; !choice.silent(now); now += MINUTE_MS) assert.equal(choice.current, SAFE);
      assert.equal(choice.current, SMALL);
      waits.push((now - since) / MINUTE_MS);
    }
    assert.deepEqual(waits, [5, 10, 20, 40, 80, 120, 120, 120]);
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FRAME_MS, FRAME_SAMPLES, peakOf } from './frame.ts';
import { SoundEngine } from './engine.ts';
import { ringVoice } from './ring.ts';
import { recordingVoice, samplesVoice, toneVoice, type ToneName } from './tone.ts';

function samplesOf(name: ToneName): Int16Array {
  const voice = toneVoice(name);
  const samples: number[] = [];
  const out = new Int16Array(FRAME_SAMPLES);
  while (voice.pull(out)) samples.push(...out);
  return Int16Array.from(samples);
}

describe('the tones', () => {
  for (const name of ['start', 'stop'] as const) {
    it(`${name} is short, soft, and does not click`, () => {
      const samples = samplesOf(name);
      assert.equal((samples.length / FRAME_SAMPLES) * FRAME_MS, 60);
      assert.ok(peakOf(samples) > 0.05 && peakOf(samples) < 0.1);
      assert.ok(peakOf(samples.subarray(0, 48)) < 0.01, 'it fades in');
      assert.ok(peakOf(samples.subarray(-48)) < 0.01, 'it fades out');
    });
  }

  it('are made once, however often they sound', (t) => {
    const voices = [recordingVoice, () => ringVoice('waiting'), () => toneVoice('stop')];
    for (const make of voices) make();
    const made = t.mock.method(Int16Array, 'from');
    for (const make of voices) make();
    assert.equal(made.mock.callCount(), 0);
  });

  it('say how much of them is final, so that the loudspeaker takes it at once', () => {
    assert.deepEqual([recordingVoice().decided, ringVoice('ring').decided], [Infinity, Infinity]);
    let ended = 0;
    const voice = samplesVoice(new Int16Array(700), () => (ended += 1));
    const out = new Int16Array(FRAME_SAMPLES);
    const decided = [voice.decided];
    while (voice.pull(out)) decided.push(voice.decided);
    assert.deepEqual([decided, ended], [[700, 220, 0], 1]);
  });

  it('do not open the loudspeaker if the settings exclude them', (t) => {
    const engine = new SoundEngine();
    t.after(() => engine.close());
    engine.configure({ ready: 'cold', tones: false });
    engine.tone('start');
    assert.equal(engine.state.speaker.state, 'idle');
    engine.configure({ ready: 'cold' });
    engine.tone('start');
    assert.notEqual(engine.state.speaker.state, 'idle');
  });
});

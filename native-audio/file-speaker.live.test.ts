import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { tempFolder } from '../test/support/temp-folder.ts';
import type { StreamState } from './device-stream.ts';
import { SoundEngine } from './engine.ts';
import { readWav } from './wav.ts';

const HALF_A_SECOND = 24_000;

test('a file speaker writes what it plays, at the pace of a device', async () => {
  const dir = tempFolder('file-speaker');
  const path = join(dir, 'heard.wav');
  const engine = new SoundEngine();
  try {
    engine.configure({ speaker: `file:${path}`, ready: 'cold' });
    let played = 0;
    const from = performance.now();
    await new Promise<void>((resolve) => {
      engine.addVoice({
        pull: (out) => {
          if (played >= HALF_A_SECOND) {
            resolve();
            return false;
          }
          for (let i = 0; i < out.length; i++) out[i] = 1001 + Math.floor((played + i) / 480);
          played += out.length;
          return true;
        },
      });
    });
    assert.ok(performance.now() - from > 400, 'half a second takes half a second');
    assert.equal(engine.state.speaker.state, 'running');
    await engine.close();
    const heard = readWav(readFileSync(path));
    const speech = heard.filter((sample) => sample > 0);
    assert.equal(speech.length, HALF_A_SECOND);
    assert.equal(speech[0], 1001);
    assert.equal(speech[speech.length - 1], 1050);
  } finally {
    await engine.close();
  }
});

test('a file speaker says so if its file cannot be written', async (t) => {
  const engine = new SoundEngine();
  t.after(() => engine.close());
  const failed = new Promise<StreamState>((resolve) => {
    engine.on('state', ({ speaker }) => {
      if (speaker.state === 'failed') resolve(speaker);
    });
  });
  engine.configure({ speaker: 'file:/nowhere/at/all.wav', ready: 'warm' });
  assert.match((await failed).sentence ?? '', /cannot be written/);
});

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { writeWav } from '../../native-audio/index.ts';
import type { NodeEvent } from '../../preload/api.ts';
import { isIn } from '../support/calls.ts';
import { heardShare } from '../support/correlate.ts';
import { eventually } from '../support/eventually.ts';
import { melody, rounds } from '../support/melody.ts';
import { Keyboard } from './keyboard.ts';
import { OneDesktop } from './one-desktop.ts';
import { screenLock } from './screen-lock.ts';
import { skip } from './two-desktops.ts';

const SAMPLES_PER_SECOND = 48_000;
/** Each says the same four seconds again and again: whatever stretch is heard, all of them are found in three rounds. */
const [ROUND_SECONDS, ROUNDS_HEARD, ROUNDS_SAID] = [4, 3, 30];
const VOICES = { dana: melody(1, ROUND_SECONDS).samples, bo: melody(2, ROUND_SECONDS).samples };
/** In the first second after the lock sound may still be on its way from before. */
const WARM_UP_SECONDS = 1;
/** A busy machine loses some quarter seconds of each round; of another voice next to nothing is found. */
const HEARD = 0.5;
const NOT_HEARD = 0.3;
const PATIENCE_MS = 60_000;

const talkEnded = (event: NodeEvent) => event.type === 'talk' && event.talk === null;

/** Dana’s desktop is the real app; Bo and Cy have nodes. */
describe('a locked screen during a call', { skip, timeout: 180_000 }, () => {
  const desk = new OneDesktop();
  const danasVoice = join(desk.dir, 'danas-voice.wav');

  before(async () => {
    writeFileSync(danasVoice, writeWav(rounds(VOICES.dana, ROUNDS_SAID)));
    await desk.start();
  });
  after(() => desk.stop());

  test('the call goes on in both directions; a latched talk ends', async (t) => {
    const { dana, bo } = desk;
    const lock = await screenLock(t, dana);
    await dana.api.call('setSettings', { latch: true, personKeys: [{ extension: '103', key: 'F10' }] });
    await dana.api.call('startCall', { dial: '102' });
    await bo.untilSo(isIn('ringing'));
    const wavBase64 = writeWav(rounds(VOICES.bo, ROUNDS_SAID)).toString('base64');
    await bo.node.call('controlCall', { action: 'answer', wavBase64 });
    await dana.until(isIn('active'));
    const speaking = dana.pulse.play(danasVoice);
    t.after(() => speaking.stop());

    const from = dana.events.length;
    await new Keyboard(dana).tap('F10');
    await dana.until((event) => event.type === 'capturing', from);
    lock(true);
    await dana.until(talkEnded, from);

    const before = (await desk.heardBy(bo)).length + WARM_UP_SECONDS * SAMPLES_PER_SECOND;
    const wanted = ROUNDS_HEARD * ROUND_SECONDS * SAMPLES_PER_SECOND;
    const atDanas = await dana.pulse.record();
    await atDanas.holds((WARM_UP_SECONDS + ROUNDS_HEARD * ROUND_SECONDS) * 1000);
    await eventually(
      async () => (await desk.heardBy(bo)).length >= before + wanted,
      'Bo’s ear goes on',
      PATIENCE_MS,
    );
    assertHears(
      (await atDanas.stop()).subarray(WARM_UP_SECONDS * SAMPLES_PER_SECOND),
      VOICES.bo,
      VOICES.dana,
    );
    assertHears((await desk.heardBy(bo)).subarray(before), VOICES.dana, VOICES.bo);
    const { calls, talking } = await dana.api.call('status');
    assert.equal(talking, null);
    assert.deepEqual(
      calls.map(({ name, state }) => [name, state]),
      [['Bo', 'active']],
    );
    await bo.node.call('controlCall', { action: 'hang-up' });
    await eventually(
      async () => (await bo.node.call('people')).some(({ presence }) => presence === 'away'),
      'the screen was locked to the end of the call, so Bo sees that Dana is away',
    );
  });
});

/** One voice is in there, and the other one is not. */
function assertHears(sound: Int16Array, voice: Int16Array, other: Int16Array): void {
  const heard = heardShare(voice, sound);
  assert.ok(heard > HEARD, `${heard} of the voice was heard in ${sound.length / SAMPLES_PER_SECOND} s`);
  const wrong = heardShare(other, sound);
  assert.ok(wrong < NOT_HEARD, `${wrong} of the other voice was heard`);
}

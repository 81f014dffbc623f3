import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { runCorridor } from '../../test/support/command-line.ts';
import { eventually } from '../../test/support/eventually.ts';
import { Headless } from '../../test/support/headless.ts';
import { missingPulse, startPulse, type Pulse } from '../../test/support/pulse.ts';
import { missingSpeech, speak } from '../../test/support/speech.ts';
import { tempFolder } from '../../test/support/temp-folder.ts';

const skip = missingPulse() ?? missingSpeech() ?? false;

describe('a page that is recorded first, by the command line', { skip, timeout: 120_000 }, () => {
  const dir = tempFolder('page-recorded');
  let pulse: Pulse;
  let ann: Headless;
  let bo: Headless;

  before(async () => {
    pulse = await startPulse({ dir: join(dir, 'pulse') });
    const start = (name: string, extension: string, office: string, sound: object) =>
      Headless.start({ interface: '127.0.0.1', env: pulse.env, name, extension, office, ...sound });
    ann = await start('Ann', '101', 'new', { microphone: 'mic', speaker: 'speaker' });
    const { link } = await ann.api.call('joinLink');
    bo = await start('Bo', '102', link, { ready: 'cold', speaker: `file:${join(dir, 'bo.wav')}` });
    for (const { api } of [ann, bo])
      await eventually(
        async () => (await api.call('people')).some(({ presence }) => presence === 'available'),
        'they see each other',
      );
  });
  after(async () => {
    await Promise.all([ann?.stop(), bo?.stop()]);
    await pulse?.stop();
  });

  it('is heard once it is whole', async (t) => {
    const speech = speak(dir, 'The fire drill begins at ten, please leave by the stairs.');
    const speaking = pulse.play(speech.file);
    t.after(() => speaking.stop());
    const { exit, printed } = await runCorridor(ann.profile, 'page', '--record', '--for', '2');
    assert.equal(exit, 0, printed);
    assert.match(printed, /Bo \(102\) heard it; heard by 1 of 1/);
    const [page] = await ann.api.call('messages');
    assert.ok(page?.page?.isToAll && page.durationMs > 1_000, JSON.stringify(page));
    // It is one message that was whole before anybody heard it: Ann's node sent it as a recording.
    const talks = ann.events.flatMap(({ event }) =>
      event.type === 'talk' && event.talk ? [event.talk] : [],
    );
    const states = talks.map(({ page: said }) => said?.isRecording);
    assert.equal(states[0], true);
    assert.equal(states.at(-1), false);
  });
});

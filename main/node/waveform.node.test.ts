import assert from 'node:assert/strict';
import { it } from 'node:test';
import { isComplete, isMessage, messageOf, say } from '../../test/support/messages.ts';
import { officeFor } from '../../test/support/office.ts';
import { toneWav } from '../../test/support/tone.ts';

it('a waveform follows the loudness, is the same for talker and recipient, and is kept', async (t) => {
  const [ann, bob] = await officeFor(t).people('101', '102');
  await bob.node.call('setPresence', { presence: 'away' });
  const id = await say(ann, bob, toneWav(600, { silentMs: 600 }));
  for (const { node } of [ann, bob]) {
    const { peaks, durationMs } = await node.call('waveform', { id });
    assert.ok(durationMs >= 1200 && durationMs < 1300, String(durationMs));
    assert.ok(peaks.length >= 100 && peaks.length <= 200, String(peaks.length));
    const part = (from: number, to: number) =>
      peaks.slice(Math.ceil(peaks.length * from), Math.floor(peaks.length * to));
    assert.ok(Math.max(...part(0, 0.45)) < 10, `silence: ${Math.max(...part(0, 0.45))}`);
    assert.ok(Math.min(...part(0.6, 0.95)) > 80, `sound: ${Math.min(...part(0.6, 0.95))}`);
    assert.ok(Math.max(...peaks) > 230, String(Math.max(...peaks)));
    assert.deepEqual(await node.call('waveform', { id }), { peaks, durationMs });
  }
  await assert.rejects(bob.node.call('waveform', { id: 'A'.repeat(22) }), /no message/);
});

it('a person who waits for a waveform gets it also while another message has the loudspeaker', async (t) => {
  const [ann, bob] = await officeFor(t).people('101', '102');
  await bob.node.call('setPresence', { presence: 'away' });
  const other = await say(ann, bob, toneWav(500));
  await bob.node.call('play', { which: other });
  // Paused, it keeps the loudspeaker, however long the rest takes.
  await bob.node.call('playback', { action: 'pause' });
  const id = await say(ann, bob, toneWav(300));
  const { peaks } = await bob.node.call('waveform', { id });
  assert.ok(peaks.length > 20 && Math.max(...peaks) > 200, peaks.join());
  assert.equal((await bob.node.call('status')).playing?.id, other);
});

it('the waveform of a message that is being spoken covers what has been said so far', async (t) => {
  const [ann, bob] = await officeFor(t).people('101', '102');
  await bob.node.call('setPresence', { presence: 'away' });
  const { id } = await ann.node.call('talkRecording', { dial: '102', wavBase64: toneWav(30_000) });
  await bob.untilSo(isMessage(id, ({ live, durationMs }) => live && durationMs > 800));
  const { peaks, durationMs } = await bob.node.call('waveform', { id });
  assert.ok(durationMs > 700 && peaks.length > 50, `${durationMs} ms, ${peaks.length} peaks`);
  await ann.node.call('talkRelease');
  await bob.untilSo(isComplete(id));
  assert.ok(durationMs <= ((await messageOf(bob, id))?.durationMs ?? 0), 'no more than there is in the end');
});

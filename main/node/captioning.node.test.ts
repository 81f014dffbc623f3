import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { describe, it, type TestContext } from 'node:test';
import { control, isIn, talking } from '../../test/support/calls.ts';
import { engineScript } from '../../test/support/engine-script.ts';
import { eventually } from '../../test/support/eventually.ts';
import { isComplete, messageOf, say } from '../../test/support/messages.ts';
import { officeFor, type Member } from '../../test/support/office.ts';
import { toneWav } from '../../test/support/tone.ts';
import type { Caption } from '../../preload/api.ts';

/** Says after each half second of sound how much it has heard, and goes on with a phrase meanwhile. */
const COUNTS = `
let bytes = 0, told = 0;
process.stdin.on('data', (chunk) => {
  bytes += chunk.length;
  for (; bytes >= (told + 1) * 16000; told++) {
    console.log('half second ' + (told + 1));
    console.log(JSON.stringify({ partial: 'the next \\u202e one' }));
  }
});`;

/** Bob has captions, by a program with this body. */
async function office(t: TestContext, body: string): Promise<{ ann: Member; bob: Member }> {
  const [ann, bob] = await officeFor(t).people('101', '102');
  await useEngine(bob, body);
  return { ann, bob };
}
const useEngine = (member: Member, body: string) =>
  member.node.call('setSettings', { captions: { command: `"${engineScript('live', body)}"` } });
const captionsOf = ({ events }: Member): (Caption | null)[] =>
  events.flatMap((event) => (event.type === 'caption' ? [event.caption] : []));
const troubleOf = async ({ node }: Member) =>
  (await node.call('status')).troubles.find(({ code }) => code === 'captions')?.sentence;
const isCaptioned = (text: string) => (event: Member['events'][number]) =>
  event.type === 'caption' && event.caption?.phrases.some((phrase) => phrase.text === text) === true;

describe('captions', { timeout: 120_000 }, () => {
  it('come while somebody still speaks, for the listener alone, and go a while after', async (t) => {
    const { ann, bob } = await office(t, COUNTS);
    const { id } = await ann.node.call('talkRecording', { dial: '102', wavBase64: toneWav(60_000) });
    await bob.untilSo(isCaptioned('half second 3'));
    assert.equal((await messageOf(bob, id))?.live, true, 'it is being spoken');
    const { caption } = await bob.node.call('status');
    assert.deepEqual([caption?.id, caption?.name, caption?.extension], [id, 'Person 101', '101']);
    const partials = () => captionsOf(bob).map((one) => one?.partial);
    await eventually(() => partials().includes('the next one'), 'the phrase that goes on is shown');
    const shown = captionsOf(bob).flatMap((one) => one?.phrases ?? []);
    for (const { n, text } of shown) assert.equal(text, `half second ${n + 1}`);
    assert.ok(captionsOf(bob).every((one) => !one || one.phrases.length <= 4));
    await ann.node.call('talkRelease');
    await bob.untilSo(isComplete(id));
    await eventually(async () => (await bob.node.call('status')).caption === null, 'they are gone');
    assert.equal(captionsOf(bob).at(-1), null);
    assert.deepEqual(captionsOf(ann), []);
  });

  it('of a message that is played come, too; there are none where nobody chose an engine', async (t) => {
    const { ann, bob } = await office(t, COUNTS);
    await bob.node.call('setSettings', { captions: null });
    await bob.node.call('setPresence', { presence: 'away' });
    const id = await say(ann, bob, toneWav(1500));
    await bob.node.call('play', { which: id });
    await eventually(async () => (await messageOf(bob, id))?.heard === true, 'it is heard');
    assert.deepEqual(captionsOf(bob), []);
    await useEngine(bob, COUNTS);
    await bob.node.call('play', { which: id });
    await bob.untilSo(isCaptioned('half second 2'));
  });

  it('of a call of two come, with the name of the other one', async (t) => {
    const { ann, bo } = await talking(t, 20);
    await useEngine(
      bo,
      `process.stdin.on('data', (chunk) => {
         for (let at = 0; at + 1 < chunk.length; at += 2)
           if (Math.abs(chunk.readInt16LE(at)) > 3000) { console.log('loud'); return; }
       });`,
    );
    await bo.untilSo(isCaptioned('loud'));
    const { caption } = await bo.node.call('status');
    assert.equal(caption?.name, 'Person 101');
    await ann.node.call('controlCall', { action: 'hang-up' });
  });

  it('of a call come, too, where a message that was played before it is only paused', async (t) => {
    const { ann, bob } = await office(t, COUNTS);
    await bob.node.call('setPresence', { presence: 'away' });
    const id = await say(ann, bob, toneWav(6000));
    await bob.node.call('play', { which: id });
    await bob.untilSo(isCaptioned('half second 1'));
    await bob.node.call('playback', { action: 'pause' });
    await bob.node.call('setPresence', { presence: 'available' });
    await ann.node.call('startCall', { dial: '102', wavBase64: toneWav(60_000) });
    await bob.untilSo(isIn('ringing'));
    await control(bob, 'answer');
    await bob.untilSo(
      (event) => event.type === 'caption' && event.caption !== null && event.caption.id !== id,
    );
    await control(ann, 'hang-up');
  });

  it('that fail say so once, in the status; the message is heard, and the next one has captions again', async (t) => {
    const { ann, bob } = await office(t, '');
    const mark = engineScript('mark', '');
    await useEngine(
      bob,
      `if (require('node:fs').readFileSync(${JSON.stringify(mark)}, 'utf8') === 'well') { ${COUNTS} }
       else { process.stderr.write('no model'); process.exit(3); }`,
    );
    for (let n = 0; n < 2; n++) {
      const id = await say(ann, bob, toneWav(1500));
      await eventually(async () => (await messageOf(bob, id))?.heard === true, 'it is heard');
      await eventually(async () => /no model/.test((await troubleOf(bob)) ?? ''), 'the status says why');
    }
    const sentences = bob.events.flatMap((event) =>
      event.type === 'status' ? event.status.troubles.filter(({ code }) => code === 'captions') : [],
    );
    assert.equal(new Set(sentences.map(({ sentence }) => sentence)).size, 1);
    writeFileSync(mark, 'well');
    await say(ann, bob, toneWav(1500));
    await eventually(async () => (await troubleOf(bob)) === undefined, 'nothing is wrong any more');
    await bob.untilSo(isCaptioned('half second 1'));
  });

  it('of an engine that hangs, floods or prints garbage hold up no message', async (t) => {
    const { ann, bob } = await office(t, 'setInterval(() => 0, 1000)');
    const bodies: readonly (readonly [body: string, sentence: RegExp])[] = [
      ['setInterval(() => 0, 1000)', /was not done after 15 seconds/],
      ['for (;;) require("node:fs").writeSync(1, "word ".repeat(10_000));', /far more than was expected/],
      ['process.stdout.write("{}\\n"); setInterval(() => 0, 1000)', /cannot be read/],
    ];
    for (const [body, sentence] of bodies) {
      await useEngine(bob, body);
      const id = await say(ann, bob, toneWav(1500));
      await eventually(async () => (await messageOf(bob, id))?.heard === true, 'it is heard');
      const says = async () => (await troubleOf(bob)) ?? '';
      await eventually(async () => sentence.test(await says()), 'the status says why', 60_000);
    }
  });
});

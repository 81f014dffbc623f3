import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { dirname } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { writeWav } from '../../native-audio/index.ts';
import { engineScript } from '../../test/support/engine-script.ts';
import { eventually } from '../../test/support/eventually.ts';
import { isComplete, messageOf, samplesOf, say } from '../../test/support/messages.ts';
import { officeFor } from '../../test/support/office.ts';
import {
  missingPocketSphinx,
  PHRASES,
  POCKETSPHINX,
  POCKETSPHINX_COMMAND,
  rightWords,
  spokenPhrase,
} from '../../test/support/pocketsphinx.ts';
import { childrenOf } from '../../test/support/process-state.ts';
import { missingSpeech } from '../../test/support/speech.ts';
import { tempFolder } from '../../test/support/temp-folder.ts';

const skip = missingPocketSphinx() ?? false;
const wavOf = (pcm: Int16Array): string => Buffer.from(writeWav(pcm)).toString('base64');

/** Bob’s computer writes down what is said to him, by PocketSphinx. */
async function office(t: TestContext) {
  const [ann, bob] = await officeFor(t).people('101', '102');
  await bob.node.call('setSettings', { recogniser: { command: POCKETSPHINX_COMMAND } });
  const transcriptOf = async (id: string) => (await messageOf(bob, id))?.transcript;
  return {
    ...{ ann, bob, transcriptOf },
    writtenDown: async (id: string): Promise<string> => {
      await eventually(async () => Boolean((await transcriptOf(id))?.text), 'it is written down', 100_000);
      return (await transcriptOf(id))!.text!;
    },
  };
}

describe('what PocketSphinx writes down', { timeout: 240_000, skip }, () => {
  it('has words of what was said, and is found by them', async (t) => {
    const { ann, bob, writtenDown } = await office(t);
    const [asked, other] = PHRASES.map((phrase) => wavOf(spokenPhrase(tempFolder('phrase'), phrase)));
    const id = await say(ann, bob, asked!);
    const text = await writtenDown(id);
    assert.ok(rightWords(text, PHRASES[0]) >= 4, text);
    await writtenDown(await say(ann, bob, other!));
    const word = PHRASES[0].split(' ').find((one) => one.length > 4 && text.split(/\s+/).includes(one));
    assert.ok(word !== undefined, text);
    const { messages } = await bob.node.call('findMessages', { words: word });
    assert.deepEqual(
      messages.map((one) => one.id),
      [id],
    );
  });

  it('is not there where it is killed at work: that is said, the message is as it was, and the next one is written down', async (t) => {
    const { ann, bob, transcriptOf, writtenDown } = await office(t);
    const phrase = spokenPhrase(tempFolder('phrase'), PHRASES[0]);
    // It works on this for seconds.
    const long = new Int16Array(phrase.length * 3);
    for (let n = 0; n < 3; n++) long.set(phrase, n * phrase.length);
    const id = await say(ann, bob, wavOf(long));
    const before = await samplesOf(bob, id);
    let engines: readonly number[] = [];
    await eventually(() => (engines = childrenOf(process.pid, POCKETSPHINX)).length > 0, 'it works');
    for (const pid of engines) process.kill(pid, 'SIGKILL');
    await eventually(async () => (await transcriptOf(id))?.state === 'failed', 'that is said');
    assert.match(
      (await transcriptOf(id))?.why?.sentence ?? '',
      /pocketsphinx_continuous ended with an error/,
    );
    assert.deepEqual(await samplesOf(bob, id), before);
    const next = await say(ann, bob, wavOf(phrase));
    assert.ok(rightWords(await writtenDown(next), PHRASES[0]) >= 4);
    assert.equal((await transcriptOf(id))?.state, 'failed', 'it is not tried again by itself');
    await bob.node.call('play', { which: id });
  });
});

describe(
  'words whose voice is killed while it is made',
  { timeout: 120_000, skip: missingSpeech() ?? false },
  () => {
    it('are not sent, and that is said; with a sound engine they are', async (t) => {
      const [ann, bob] = await officeFor(t).people('101', '102');
      const { PATH } = process.env;
      const real = execFileSync('which', ['espeak-ng'], { encoding: 'utf8' }).trim();
      const dies = engineScript(
        'espeak-ng',
        `if (!process.argv.includes('--voices')) process.kill(process.pid, 'SIGKILL');
       require('node:child_process').spawnSync(${JSON.stringify(real)}, process.argv.slice(2), { stdio: 'inherit' });`,
      );
      t.after(() => (process.env.PATH = PATH));
      process.env.PATH = `${dirname(dies)}:${PATH}`;
      const words = { dial: '102', text: 'Lunch?', language: 'en' };
      await assert.rejects(ann.node.call('talkText', words), { code: 'engine-failed' });
      assert.deepEqual([await ann.node.call('messages'), await bob.node.call('messages')], [[], []]);
      process.env.PATH = PATH;
      const { id, isSpoken } = await ann.node.call('talkText', words);
      assert.equal(isSpoken, true);
      await bob.untilSo(isComplete(id));
    });
  },
);

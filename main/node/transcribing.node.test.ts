import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { engineScript } from '../../test/support/engine-script.ts';
import { eventually } from '../../test/support/eventually.ts';
import { messageOf, say } from '../../test/support/messages.ts';
import { officeFor, type LoopbackOffice, type Member } from '../../test/support/office.ts';
import { refused } from '../../test/support/refused.ts';
import { tempFolder } from '../../test/support/temp-folder.ts';
import { toneWav } from '../../test/support/tone.ts';

const SAID = 'The parcel is here, on the second floor.';

/** Bob’s computer writes down what is said to him, by a program that prints the result of this body. */
async function office(t: Parameters<typeof officeFor>[0], body: string) {
  const loopback: LoopbackOffice = officeFor(t);
  const [ann, bob] = await loopback.people('101', '102');
  const command = `"${engineScript('engine', body)}"`;
  await bob.node.call('setSettings', { recogniser: { command } });
  return { loopback, ann, bob };
}

const transcriptOf = async (member: Member, id: string) => (await messageOf(member, id))?.transcript;
const textIs = (member: Member, id: string, text: string) =>
  eventually(async () => (await transcriptOf(member, id))?.text === text, `${member.name} reads “${text}”`);

describe('what is said to a person', { timeout: 120_000 }, () => {
  it('is written down for them alone, sealed on the disk, and gone with the message', async (t) => {
    const { loopback, ann, bob } = await office(t, `process.stdout.write(${JSON.stringify(SAID)});`);
    const id = await say(ann, bob, toneWav(600));
    await textIs(bob, id, SAID);
    assert.equal((await bob.node.call('transcript', { which: id })).text, SAID);
    assert.equal(await transcriptOf(ann, id), null, 'Ann has none, and Bob’s is his');
    const folder = join(bob.profile, 'store', 'transcripts');
    const [file, ...others] = await readdir(folder);
    assert.deepEqual([typeof file, others], ['string', []]);
    assert.ok(!(await readFile(join(folder, file!), 'latin1')).includes('parcel'));

    await loopback.close(bob);
    const again = await loopback.add('102', { profile: bob.profile, name: 'Person 102' });
    await textIs(again, id, SAID);
    const { undoMs } = await again.node.call('settings');
    await again.node.call('deleteMessage', { id });
    await eventually(async () => (await readdir(folder)).length === 0, 'it is gone', undoMs + 20_000);
  });

  it('is written down again where the disk damaged the transcript', async (t) => {
    const { loopback, ann, bob } = await office(t, `process.stdout.write(${JSON.stringify(SAID)});`);
    const id = await say(ann, bob, toneWav(600));
    await textIs(bob, id, SAID);
    await loopback.close(bob);
    const folder = join(bob.profile, 'store', 'transcripts');
    const [file] = await readdir(folder);
    for (const damaged of ['', '\0'.repeat(300), 'A'.repeat(300)]) {
      await writeFile(join(folder, file!), damaged);
      const again = await loopback.add('102', { profile: bob.profile, name: 'Person 102' });
      await textIs(again, id, SAID);
      await loopback.close(again);
    }
  });

  it('is not written down where the engine fails; that says why, and is tried again when asked', async (t) => {
    const { ann, bob } = await office(
      t,
      `const { existsSync, writeFileSync } = require('node:fs');
       const mark = process.argv[1] + '.was-here';
       if (existsSync(mark)) process.stdout.write('at last');
       else { writeFileSync(mark, ''); process.stderr.write('no model'); process.exit(3); }`,
    );
    const id = await say(ann, bob, toneWav(600));
    await eventually(async () => (await transcriptOf(bob, id))?.state === 'failed', 'it failed');
    const failed = await transcriptOf(bob, id);
    assert.match(failed?.why?.sentence ?? '', /no model/);
    const message = await messageOf(bob, id);
    assert.deepEqual([message?.complete, message?.isBrokenOff], [true, false], 'the message is as it was');
    await assert.rejects(bob.node.call('transcript', { which: id }), refused('no-transcript'));
    await textIs(bob, id, 'at last');
  });

  it('is not written down where it is deleted meanwhile, and is where that is undone', async (t) => {
    const mark = join(tempFolder('engine'), 'was-here');
    const { ann, bob } = await office(
      t,
      `const { existsSync, writeFileSync } = require('node:fs');
       const mark = ${JSON.stringify(mark)};
       if (existsSync(mark)) process.stdout.write('the second time');
       else { writeFileSync(mark, ''); setInterval(() => 0, 1000); }`,
    );
    const id = await say(ann, bob, toneWav(600));
    await eventually(() => existsSync(mark), 'it is worked on');
    await bob.node.call('deleteMessage', { id });
    await bob.node.call('restoreMessage', { id });
    await textIs(bob, id, 'the second time');
  });

  it('goes on by the engine before where another one is chosen that cannot be used', async (t) => {
    const { ann, bob } = await office(t, `process.stdout.write(${JSON.stringify(SAID)});`);
    const before = (await bob.node.call('settings')).recogniser;
    const model = tempFolder('no-model');
    for (const [wanted, code] of [
      [{ recogniser: { model } }, 'model-unknown'],
      [{ captions: { model } }, 'model-unknown'],
      [{ recogniser: { command: 'no-such-program-anywhere' } }, 'engine-missing'],
    ] as const)
      await assert.rejects(bob.node.call('setSettings', wanted), { code });
    assert.deepEqual((await bob.node.call('settings')).recogniser, before);
    await textIs(bob, await say(ann, bob, toneWav(600)), SAID);
  });

  it('has no times where an engine gives some that are none', async (t) => {
    const word = JSON.stringify({ word: 'x'.repeat(300), start: 0.1, end: 0.2 });
    const { loopback, ann, bob } = await office(t, `process.stdout.write(${JSON.stringify(word)});`);
    const id = await say(ann, bob, toneWav(600));
    await textIs(bob, id, 'x'.repeat(300));
    assert.deepEqual((await bob.node.call('transcript', { which: id })).words, []);
    await loopback.close(bob);
    const again = await loopback.add('102', { profile: bob.profile, name: 'Person 102' });
    await textIs(again, id, 'x'.repeat(300));
  });

  it('says which words, and whether all of it, are a guess', async (t) => {
    const words = [
      { word: 'The', start: 0, end: 0.2, conf: 0.9 },
      { word: 'parcel', start: 0.2, end: 0.6, conf: 0.1 },
    ].map((word) => JSON.stringify(word));
    const { ann, bob } = await office(t, `process.stdout.write(${JSON.stringify(words.join('\n'))});`);
    const id = await say(ann, bob, toneWav(600));
    await textIs(bob, id, 'The parcel');
    assert.equal((await transcriptOf(bob, id))?.isUnsure, true);
    const whole = await bob.node.call('transcript', { which: id });
    assert.deepEqual([whole.isUnsure, ...whole.words.map((word) => word.isUnsure)], [true, false, true]);
  });

  it('is not written down where it was typed, and nothing is where nobody chose an engine', async (t) => {
    const { ann, bob } = await office(t, `process.stdout.write('never');`);
    const { id } = await ann.node.call('talkText', { dial: '102', text: 'Typed' });
    await eventually(async () => (await messageOf(bob, id))?.complete === true, 'it has come');
    assert.equal(await transcriptOf(bob, id), null);
    await bob.node.call('setSettings', { recogniser: null });
    const spoken = await say(ann, bob, toneWav(600));
    assert.equal(await transcriptOf(bob, spoken), null);
    await assert.rejects(bob.node.call('transcript', { which: spoken }), refused('no-recogniser'));
  });
});

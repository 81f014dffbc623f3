import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { commandLine } from '../../test/support/command-line.ts';
import { engineScript } from '../../test/support/engine-script.ts';
import { eventually } from '../../test/support/eventually.ts';
import { messageOf, say } from '../../test/support/messages.ts';
import { officeFor, type Member } from '../../test/support/office.ts';
import { tempFolder } from '../../test/support/temp-folder.ts';
import { toneWav } from '../../test/support/tone.ts';

const SAID = 'The parcel is here, on the second floor.';

/** Bob’s computer has a command line. */
async function office(t: TestContext) {
  const loopback = officeFor(t);
  const [ann, bob] = await loopback.people('101', '102');
  await loopback.serve(bob);
  const writesDown = (body: string) =>
    bob.node.call('setSettings', { recogniser: { command: `"${engineScript('engine', body)}"` } });
  return { ann, bob, writesDown, ...commandLine(() => bob.profile) };
}

/** The message in a file of that kind. */
async function saved({ node }: Member, which: string, format: 'txt' | 'ogg'): Promise<Buffer> {
  return Buffer.from((await node.call('exportMessage', { which, format })).base64, 'base64');
}

describe('what was said, on the command line', { timeout: 240_000 }, () => {
  it('is printed once it is written down, and is found by its words', async (t) => {
    const { ann, bob, writesDown, corridor, says, json, refuses } = await office(t);
    const id = await say(ann, bob, toneWav(600));
    await refuses(1, /Nothing is chosen that writes down what is said/, 'transcript', id);
    const folder = tempFolder('engine');
    const [begun, gate] = [join(folder, 'begun'), join(folder, 'gate')];
    await writesDown(`const { existsSync, writeFileSync } = require('node:fs');
      writeFileSync(${JSON.stringify(begun)}, '');
      setInterval(() => {
        if (!existsSync(${JSON.stringify(gate)})) return;
        process.stdout.write(${JSON.stringify(SAID)});
        process.exit();
      }, 20);`);
    const printed = corridor('transcript', id);
    await eventually(() => existsSync(begun), 'it is worked on');
    writeFileSync(gate, '');
    assert.deepEqual(await printed, { exit: 0, printed: `${SAID}\n` });
    await writesDown(`process.stdout.write('perhaps not')`);
    await says(new RegExp(`^${SAID}$`, 'm'), 'transcript', (await messageOf(bob, id))!.number);
    await says(/^perhaps not$/m, 'transcript', id, '--again');

    await bob.node.call('talkText', { dial: '101', text: 'Lunch in the lift?' });
    const found = async (words: string) =>
      (await json<readonly { readonly id: string }[]>('messages', '--find', words)).map((one) => one.id);
    assert.deepEqual(await found('NOT perhaps'), [id]);
    assert.equal((await found('lift')).length, 1);
    assert.ok(!(await found('lift')).includes(id));
    assert.deepEqual(await found('lift perhaps'), []);
    assert.equal((await found('')).length, 2);
    await says(/perhaps not/, 'messages', '--find', 'perhaps');
  });

  it('says that it is a guess, that nothing was understood, or why there is none', async (t) => {
    const { ann, bob, writesDown, says, refuses } = await office(t);
    const unsure = JSON.stringify({ word: 'Good', start: 0, end: 0.2, conf: 0.1 });
    await writesDown(`process.stdout.write(${JSON.stringify(unsure)})`);
    const id = await say(ann, bob, toneWav(600));
    await says(/^perhaps: Good$/m, 'transcript', id);
    await says(/^ +perhaps: Good$/m, 'messages');
    await says(/^ +perhaps: Good$/m, 'messages', '--find', 'good');
    assert.equal((await saved(bob, id, 'txt')).toString(), 'Perhaps: Good\n', 'whoever reads the file later');
    assert.ok((await saved(bob, id, 'ogg')).includes('LYRICS=Perhaps: Good'));
    await bob.node.call('setSettings', { language: 'de' });
    assert.equal((await saved(bob, id, 'txt')).toString(), 'Vielleicht: Good\n');
    await writesDown('');
    await says(/^nothing was understood$/m, 'transcript', id, '--again');
    await writesDown(`process.stderr.write('no model here'); process.exit(3)`);
    await refuses(1, /no model here/, 'transcript', id, '--again');
    await refuses(2, /There is no message 99999 here/, 'transcript', '99999');
  });

  it('is written down of an own message too, where it is asked for', async (t) => {
    const { ann, bob, writesDown, says } = await office(t);
    await writesDown(`process.stdout.write(${JSON.stringify(SAID)})`);
    const id = await say(bob, ann, toneWav(600));
    await says(new RegExp(`^${SAID}$`, 'm'), 'transcript', id);
  });

  it('is saved as text, and in the file of the sound', async (t) => {
    const { ann, bob, writesDown, corridor } = await office(t);
    await writesDown(`process.stdout.write(${JSON.stringify(SAID)})`);
    const id = await say(ann, bob, toneWav(600));
    await eventually(
      async () => (await bob.node.call('messages'))[0]?.transcript?.text === SAID,
      'it is written down',
    );
    assert.equal((await saved(bob, id, 'txt')).toString(), `${SAID}\n`);
    assert.ok((await saved(bob, id, 'ogg')).includes(`LYRICS=${SAID}`), 'players show it, too');
    const file = join(tempFolder('exported'), 'said.txt');
    assert.equal((await corridor('export', id, file)).exit, 0);
    assert.equal(readFileSync(file, 'utf8'), `${SAID}\n`);
  });
});

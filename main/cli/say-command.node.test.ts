import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { NOT_HEARD } from '../../test/support/calls.ts';
import { commandLine } from '../../test/support/command-line.ts';
import { heardShare } from '../../test/support/correlate.ts';
import { heardBy, messageOf } from '../../test/support/messages.ts';
import { officeFor, type Member } from '../../test/support/office.ts';
import { tempFolder } from '../../test/support/temp-folder.ts';
import { systemVoices, Voices, WorkFolder } from '../speech/index.ts';

const voices = new Voices(systemVoices(new WorkFolder(tempFolder('voices'))));
const skip =
  (await voices.voices()).length === 0 ? 'no voice is installed: apt-get install espeak-ng' : false;
const MESSAGE = 'The parcel is here, on the second floor.';
const PAGE = 'Lunch is ready, everybody come down to the kitchen.';

describe('what is typed on the command line', { timeout: 120_000 }, () => {
  it(
    'is heard at the other ear as the synthesiser makes it, as a message and as a page',
    { skip },
    async (t) => {
      const office = officeFor(t);
      const [ann, bob, cleo] = await office.people('101', '102', '103');
      await office.serve(ann);
      const { says } = commandLine(() => ann.profile);
      const hears = async (member: Member, text: string): Promise<void> => {
        const voice = await voices.speak(text, { language: 'en' }, new AbortController().signal);
        const share = heardShare(voice, await heardBy(member));
        assert.ok(share > NOT_HEARD, `${member.name} hears “${text}”: ${share}`);
      };
      await says(/^typing to Person 102: spoken for \d+\.\d s\n/, 'talk', '102', '--say', MESSAGE);
      await hears(bob, MESSAGE);
      await says(
        /^paging 2 people: spoken for \d+\.\d s\n[^]*Person 103 \(103\) heard it/,
        'page',
        '--say',
        PAGE,
      );
      await hears(cleo, PAGE);
      const [page, message] = await bob.node.call('messages');
      assert.deepEqual([page?.words?.text, page?.page?.isToAll], [PAGE, true]);
      assert.deepEqual([message?.words?.text, message?.page], [MESSAGE, null]);
      assert.equal(await messageOf(cleo, message!.id), undefined);
    },
  );

  it('goes as words where no voice is, which is said before it is sent', async (t) => {
    const office = officeFor(t);
    const none = { synthesiser: new Voices([]) };
    const ann = await office.add('101', none);
    const bob = await office.add('102', none);
    await office.settled();
    await office.serve(ann);
    const { says } = commandLine(() => ann.profile);
    const before =
      /^No voice of this computer speaks that language: they read it, or hear it from a voice of their own\.\n/;
    await says(
      new RegExp(`${before.source}typing to Person 102: sent as words\\n`),
      'talk',
      '102',
      '--say',
      MESSAGE,
    );
    await says(
      new RegExp(`${before.source}paging Person 102: sent as words\\n`),
      'page',
      '102',
      '--say',
      PAGE,
    );
    const kept = await bob.node.call('messages');
    assert.deepEqual(
      kept.map(({ words, page }) => [words?.text, page?.isKept]),
      [
        [PAGE, true],
        [MESSAGE, undefined],
      ],
    );
    await says(/^This computer has no voice, so what you type is sent as words\./, 'voices');
  });

  it('is spoken by the voices that the command line lists', { skip }, async (t) => {
    const office = officeFor(t);
    const ann = await office.add('101');
    await office.serve(ann);
    const { says, json } = commandLine(() => ann.profile);
    const [first] = await voices.voices();
    await says(new RegExp(`^${first!.language} +${first!.id} `, 'm'), 'voices');
    const listed = await json<{ readonly voices: readonly { readonly id: string }[] }>('voices');
    assert.equal(listed.voices.length, (await voices.voices()).length);
    await ann.node.call('setSettings', { voiceFolder: tempFolder('no-voice') });
    await says(/\n.*folder/i, 'voices');
  });
});

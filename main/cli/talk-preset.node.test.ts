import assert from 'node:assert/strict';
import { it } from 'node:test';
import { commandLine } from '../../test/support/command-line.ts';
import { officeFor } from '../../test/support/office.ts';
import { Voices } from '../speech/index.ts';

it('the command line sends a sentence at hand to a number, or to whom the talk key reaches', async (t) => {
  const office = officeFor(t);
  const ann = await office.add('101', { synthesiser: new Voices([]) });
  await office.add('102');
  await office.settled();
  await office.serve(ann);
  const { says, refuses, json } = commandLine(() => ann.profile);
  await says(/^ *presets=On my way \| Not today$/m, 'settings', '--set', 'presets=On my way | Not today');
  await refuses(1, /Choose somebody to talk to first/, 'talk', 'press', '--preset', '1');
  const to102 =
    /^No voice of this computer speaks that language: .*\n“Not today” to Person 102: sent as words\n/;
  await says(to102, 'talk', '102', '--preset', '2');
  await says(/^“On my way” to Person 102: /m, 'talk', 'press', '--preset', '1');
  await refuses(1, /There is no sentence 3: your list has 2\./, 'talk', '102', '--preset', '3');
  const sent = await json<readonly { readonly words: { readonly text: string } | null }[]>('messages');
  assert.deepEqual(
    sent.map(({ words }) => words?.text),
    ['On my way', 'Not today'],
  );
});

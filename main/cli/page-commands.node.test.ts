import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { it } from 'node:test';
import { commandLine } from '../../test/support/command-line.ts';
import { eventually } from '../../test/support/eventually.ts';
import { officeFor } from '../../test/support/office.ts';
import { toneWav } from '../../test/support/tone.ts';
import { Narrator } from './narrator.ts';

it('the command line pages everybody, or some people, and tells who heard it', async (t) => {
  const office = officeFor(t);
  const [ann, bob, cleo] = await office.people('101', '102', '103');
  await office.serve(ann);
  const { corridor } = commandLine(() => ann.profile);
  await cleo.node.call('setPresence', { presence: 'dnd' });
  await ann.untilSo(
    (event) =>
      event.type === 'people' &&
      event.people.some(({ extension, presence }) => extension === '103' && presence === 'dnd'),
  );
  const file = join(ann.profile, 'page.wav');
  await writeFile(file, Buffer.from(toneWav(1000), 'base64'));

  const toAll = await corridor('page', '--file', file);
  assert.equal(toAll.exit, 0, toAll.printed);
  assert.match(toAll.printed, /^paging everybody for 1\.0 s\n/);
  assert.match(
    toAll.printed,
    /everybody: Person 102 \(102\) heard it, Person 103 \(103\) did not hear it; heard by 1 of 2/,
  );
  const told = bob.events.flatMap((event) => new Narrator().lines(event));
  assert.ok(
    told.some((line) => line.endsWith('Person 101 (101) pages everybody')),
    told.join('\n'),
  );

  const { people } = await ann.node.call('members');
  const me = people.find(({ isMe }) => isMe)!;
  await ann.node.call('setRight', { person: me.id, right: 'override', isGiven: true });
  await eventually(
    async () => (await cleo.node.call('members')).people.some(({ rights }) => rights.includes('override')),
    'Cleo knows that Ann may override',
  );
  const asks = await corridor('page', '--urgent', '--file', file);
  assert.equal(asks.exit, 1, asks.printed);
  assert.match(asks.printed, /Confirm that you want that\. .*--yes/);
  const urgent = await corridor('page', '--urgent', '--yes', '--file', file);
  assert.equal(urgent.exit, 0, urgent.printed);
  assert.match(urgent.printed, /Person 103 \(103\) heard it; heard by 2 of 2|heard by 2 of 2/);

  const kept = await corridor('page', '102,103', '--file', file, '--keep');
  assert.match(kept.printed, /^paging 102,103 for/);
  await cleo.untilSo(({ type }) => type === 'notification');

  const pressed = await corridor('page', 'press');
  const { microphone } = await ann.node.call('status');
  if (microphone.state === 'missing' || microphone.state === 'failed') assert.equal(pressed.exit, 1);
  else assert.match(pressed.printed, /^paging 2 people until: corridor page release/);
  const released = await corridor('page', 'release');
  assert.equal(released.exit, 0, released.printed);
});

import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { it } from 'node:test';
import { eventually } from '../support/eventually.ts';
import { startAgain } from '../support/membership.ts';
import { say, soundsAt } from '../support/messages.ts';
import { officeFor } from '../support/office.ts';
import { toneWav } from '../support/tone.ts';

it('a node whose office.json is damaged starts, plays its messages, and joins again as who it was', async (t) => {
  const office = officeFor(t);
  const [ann, bob] = await office.people('101', '102');
  const id = await say(ann, bob, toneWav(600));
  const before = (await bob.node.call('status')).node;
  const { link } = await ann.node.call('joinLink');
  await office.close(bob);
  await writeFile(join(bob.profile, 'office.json'), '\0'.repeat(80));

  const back = await startAgain(office, bob);
  const codes = async () => (await back.node.call('status')).troubles.map(({ code }) => code);
  assert.equal((await back.node.call('status')).state, 'setup');
  assert.deepEqual(await codes(), ['office-damaged']);
  await back.node.call('play', { which: id });
  await soundsAt(back);

  await back.node.call('setup', { office: link, name: bob.name, extension: '102' });
  await eventually(async () => (await back.node.call('people')).length > 0, 'Bob sees Ann again');
  assert.deepEqual((await back.node.call('status')).node, before);
  assert.deepEqual(await codes(), []);
  await say(ann, back, toneWav(300));
});

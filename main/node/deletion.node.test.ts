import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { it, type TestContext } from 'node:test';
import { eventually } from '../../test/support/eventually.ts';
import { isComplete, isMessage, messageOf, samplesOf, say } from '../../test/support/messages.ts';
import { officeFor } from '../../test/support/office.ts';
import { toneWav } from '../../test/support/tone.ts';

/** Bob, who was away when Ann said something to him. */
async function ground(t: TestContext) {
  const office = officeFor(t);
  const [ann, bob] = await office.people('101', '102');
  await bob.node.call('setPresence', { presence: 'away' });
  const id = await say(ann, bob, toneWav(500));
  return { office, bob, node: bob.node, id };
}

it('a deleted message is gone at once, wherever it was shown; what was playing stops', async (t) => {
  const { bob, node, id } = await ground(t);
  const number = (await messageOf(bob, id))?.number;
  await node.call('play', { which: id });
  assert.deepEqual(await node.call('deleteMessage', { id }), { deleted: true });
  const { playing, unheard } = await node.call('status');
  assert.deepEqual([playing, unheard], [null, 0]);
  await bob.untilSo((event) => event.type === 'message-gone' && event.id === id);
  await bob.untilSo((event) => event.type === 'notification-done' && event.id === id);
  await assert.rejects(node.call('play', { which: `#${number}` }), /no message/);
  await assert.rejects(node.call('exportMessage', { which: id, format: 'ogg' }), /no message/);
  assert.deepEqual(await node.call('deleteMessage', { id }), { deleted: false });
});

it('a deleted message that is restored is what it was', async (t) => {
  const { bob, node, id } = await ground(t);
  const before = await messageOf(bob, id);
  await node.call('deleteMessage', { id });
  const from = bob.events.length;
  assert.deepEqual(await node.call('restoreMessage', { id }), { restored: true });
  await bob.untilAfter(
    from,
    isMessage(id, () => true),
  );
  assert.deepEqual(await messageOf(bob, id), before);
  assert.equal((await node.call('status')).unheard, 1);
  assert.deepEqual(await node.call('restoreMessage', { id }), { restored: false });
});

it('a deletion can be undone after a restart, too', async (t) => {
  const { office, bob, node, id } = await ground(t);
  await node.call('deleteMessage', { id });
  await office.close(bob);
  const again = await office.add('102', { profile: bob.profile });
  assert.equal(await messageOf(again, id), undefined);
  assert.deepEqual(await again.node.call('restoreMessage', { id }), { restored: true });
  assert.equal((await messageOf(again, id))?.id, id);
  assert.ok((await samplesOf(again, id)).length > 0);
});

it('a message that is still being spoken cannot be deleted by its talker', async (t) => {
  const [ann, bob] = await officeFor(t).people('101', '102');
  const { id } = await ann.node.call('talkRecording', { dial: '102', wavBase64: toneWav(30_000) });
  await ann.untilSo(isMessage(id, ({ live }) => live));
  await assert.rejects(ann.node.call('deleteMessage', { id }), /still saying/);
  await ann.node.call('talkRelease');
  await bob.untilSo(isComplete(id));
});

it('a deleted message is erased from the disk when it cannot be undone any more', async (t) => {
  const { bob, node, id } = await ground(t);
  const file = `${Buffer.from(id, 'base64url').toString('hex')}.crm`;
  const folder = join(bob.profile, 'store', 'messages');
  await node.call('deleteMessage', { id });
  assert.ok((await readdir(folder)).includes(file));
  // The time for undoing is the real one, 10 s. Where this node is the switch, it keeps the message until its recipient has it: it has.
  await eventually(async () => !(await readdir(folder)).includes(file), 'it is gone from the disk', 60_000);
  assert.deepEqual(await node.call('restoreMessage', { id }), { restored: false });
  const index = await readFile(join(bob.profile, 'store', 'index', '000001.json'), 'utf8');
  assert.ok(!index.includes('"deletedAt"'));
});

import assert from 'node:assert/strict';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { it, type TestContext } from 'node:test';
import { eventually } from '../../test/support/eventually.ts';
import { Liar } from '../../test/support/liar.ts';
import { isMessage, messageOf, untilOffline } from '../../test/support/messages.ts';
import { officeFor, type Member } from '../../test/support/office.ts';
import { toneWav } from '../../test/support/tone.ts';

const fileOf = (id: string) => `${Buffer.from(id, 'base64url').toString('hex')}.crm`;

/** Ann, who has said something to Dave: he is a member, and is away. Bob and Cleo are linked to her, and hold nothing. */
async function ground(t: TestContext) {
  const [ann] = await officeFor(t).people('101');
  const liars = await Promise.all(['102', '103', '104'].map((extension) => Liar.make(t, ann, extension)));
  const [bob, cleo, dave] = liars as [Liar, Liar, Liar];
  for (const liar of liars) await liar.linkTo(ann);
  const knows = (extension: string) =>
    ann.untilSo(
      (event) => event.type === 'people' && event.people.some((one) => one.extension === extension),
    );
  for (const extension of ['102', '103', '104']) await knows(extension);
  dave.leave();
  await untilOffline(ann, '104');
  const { id } = await ann.node.call('talkRecording', { dial: '104', wavBase64: toneWav(300) });
  await ann.untilSo(isMessage(id, ({ complete }) => complete));
  const isOnDisk = async (which: string) =>
    (await readdir(join(ann.profile, 'store', 'messages'))).includes(fileOf(which));
  return { ann, bob, cleo, id, isOnDisk };
}

it('two nodes that falsely claim a copy do not count, and nothing is erased because of them', async (t) => {
  const { ann, bob, cleo, id, isOnDisk } = await ground(t);
  for (const liar of [bob, cleo]) liar.claims(id, 'stored');
  // What is said after it on the same links has arrived: so have the receipts.
  for (const liar of [bob, cleo]) {
    const from = ann.events.length;
    const name = `After ${liar.extension}`;
    const record = liar.identity.sign({ ...liar.record, name, revision: Date.now() + 1000 });
    liar.say({ type: 'record', record });
    await ann.untilAfter(
      from,
      (event) => event.type === 'people' && event.people.some((one) => one.name === name),
    );
  }
  assert.equal((await messageOf(ann, id))?.storedOn, 0);
  // Bob is believed of what is his own: that one is erased when the time for undoing is over, which is the real one.
  const { id: toBob } = await ann.node.call('talkRecording', { dial: '102', wavBase64: toneWav(300) });
  await ann.untilSo(isMessage(toBob, ({ complete }) => complete));
  bob.claims(toBob, 'received');
  await ann.untilSo(isMessage(toBob, ({ recipients }) => recipients[0]?.state === 'received'));
  for (const which of [id, toBob]) await ann.node.call('deleteMessage', { id: which });
  await eventually(async () => !(await isOnDisk(toBob)), 'what came about is erased');
  assert.ok(await isOnDisk(id), 'the only copy stays');
  assert.deepEqual(await ann.node.call('restoreMessage', { id }), { restored: true });
  await eventually(
    async () => (await messageOf(ann, id))?.storedOn === 0,
    'it is shown, on no other computer',
  );
});

/** How long a copy may take: those who are asked besides switch and standby are asked after ten seconds. */
const COPIED_WITHIN_MS = 60_000;

/** An office of three, in which somebody has said something to a fourth, who is away; `other`: neither switch nor talker. */
async function officeWithCopies(t: TestContext) {
  const office = officeFor(t);
  const people = await office.people('101', '102', '103', '104');
  const away = people[3];
  await office.close(away);
  const left = people.slice(0, 3);
  for (const member of left) await untilOffline(member, '104');
  await office.settled();
  const statuses = await Promise.all(left.map(({ node }) => node.call('status')));
  const [talker, other] = left.filter((_, n) => statuses[n]!.role !== 'switch') as [Member, Member];
  return { office, talker, other, id: await leaveMessage(talker) };
}

/** Says something to whoever is away. Resolves with the message's id once it is on both other computers. */
async function leaveMessage(talker: Member): Promise<string> {
  const { id } = await talker.node.call('talkRecording', { dial: '104', wavBase64: toneWav(500) });
  await talker.untilSo(
    isMessage(id, ({ storedOn }) => storedOn === 2),
    COPIED_WITHIN_MS,
  );
  return id;
}

it('a waiting message is on two other computers, and may be erased here when they prove it again', async (t) => {
  const { talker, other, id } = await officeWithCopies(t);
  const others = await leaveMessage(other);
  const kept = [
    { at: talker, id },
    { at: other, id: others },
  ];
  const isHere = async ({ at, id: which }: (typeof kept)[number]) =>
    (await readdir(join(at.profile, 'store', 'messages'))).includes(fileOf(which));
  for (const one of kept) {
    assert.ok(await isHere(one));
    await one.at.node.call('deleteMessage', { id: one.id });
  }
  // One of the two is the standby, which keeps what its person deleted for whoever is away.
  await eventually(
    async () => !(await Promise.all(kept.map(isHere))).every(Boolean),
    'it is erased',
    COPIED_WITHIN_MS,
  );
});

it('a holder that comes back with an empty store does not count any more, and the message is copied again', async (t) => {
  const { office, talker, other, id } = await officeWithCopies(t);
  await office.close(other);
  await untilOffline(talker, other.extension);
  assert.equal((await messageOf(talker, id))?.storedOn, 2, 'who is offline has lost nothing');
  await rm(join(other.profile, 'store'), { recursive: true });
  const from = talker.events.length;
  await office.add(other.extension, { profile: other.profile });
  await talker.untilAfter(
    from,
    isMessage(id, ({ storedOn }) => storedOn === 1),
  );
  await talker.untilSo(
    isMessage(id, ({ storedOn }) => storedOn === 2),
    COPIED_WITHIN_MS,
  );
  await eventually(
    async () => (await messageOf(talker, id))?.storedOn === 2,
    'it is on two again',
    COPIED_WITHIN_MS,
  );
});

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { it } from 'node:test';
import { MAX_BY_UNICAST, nodePorts, type MessageId } from '../../main/model/index.ts';
import { MessageStore } from '../../main/store/index.ts';
import { eventually } from '../support/eventually.ts';
import { isComplete, isMessage, messageOf, untilOffline } from '../support/messages.ts';
import { officeFor, type Member } from '../support/office.ts';
import { toneWav } from '../support/tone.ts';

const WAV = toneWav(1_500);

/** The headers that a member, whose node is closed, keeps of these messages. */
async function headersAt({ profile }: Member, ids: readonly string[]) {
  const store = await MessageStore.open(join(profile, 'store'), { ports: nodePorts, log: () => undefined });
  const headers = ids.map((id) => store.get(id as MessageId)?.header.facts);
  await store.close();
  return headers;
}

it('a page to nine, just after one of them arrived, is opened by all, under the key that was there before', async (t) => {
  const office = officeFor(t);
  const extensions = Array.from({ length: MAX_BY_UNICAST + 2 }, (_, n) => String(101 + n));
  const [ann, ...others] = await office.people(...extensions);
  const last = others.pop();
  assert.ok(ann && last);
  await office.close(last);
  await untilOffline(ann, last.extension);
  const page = async () => (await ann.node.call('talkRecording', { dial: '0', wavBase64: WAV })).id;
  const before = await page();
  for (const member of others) await member.untilSo(isMessage(before, ({ heard }) => heard));
  await ann.untilSo(
    isMessage(before, ({ recipients }) => recipients.every(({ state }) => state === 'heard')),
  );

  const back = await office.add(last.extension, { profile: last.profile, name: last.name });
  await office.settled();
  const after = await page();
  for (const member of [...others, back]) await member.untilSo(isComplete(after));
  for (const member of [...others, back]) await member.untilSo(isMessage(after, ({ heard }) => heard));
  const isHeardByAll = async () =>
    (await messageOf(ann, after))?.recipients.every(({ state }) => state === 'heard');
  await eventually(async () => (await isHeardByAll()) === true, 'the talker sees that all heard it');

  for (const member of [ann, back]) await office.close(member);
  const [first, second] = await headersAt(ann, [before, after]);
  const [atHome] = await headersAt(back, [after]);
  assert.ok(first && second);
  assert.deepEqual([first.recipients.length, second.recipients.length], [MAX_BY_UNICAST, MAX_BY_UNICAST + 1]);
  assert.ok(first.senderKey);
  assert.equal(second.senderKey?.sheet, first.senderKey.sheet, 'no other key was made for who arrived');
  assert.deepEqual(atHome, second, 'who arrived knows for whom else it is');
});

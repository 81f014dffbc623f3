import assert from 'node:assert/strict';
import { it } from 'node:test';
import { MAX_BY_UNICAST, multicastGroupOf, UdpSocket } from '../../main/model/index.ts';
import { eventually } from '../support/eventually.ts';
import { melody, notesHeard } from '../support/melody.ts';
import {
  heardBy,
  isComplete,
  isMessage,
  isSounding,
  messageOf,
  samplesOf,
  untilOffline,
} from '../support/messages.ts';
import { officeFor } from '../support/office.ts';

const SECONDS = 4;
/** Of another melody, or of none, hardly any note is found. */
const HEARD = 0.8;
const FRAGMENTS = SECONDS * 100;
/** Its talker ends it before. */
const LONG_SECONDS = 60;

/** Numbers of the fragments that came to the office's group, by the stream that they are of. */
async function listenTo(
  office: string,
): Promise<{ streams: Map<number, Set<number>>; close: () => Promise<void> }> {
  const streams = new Map<number, Set<number>>();
  const socket = await UdpSocket.join(multicastGroupOf(office), '127.0.0.1', (packet) => {
    const ssrc = packet.readUInt32BE(8);
    streams.set(ssrc, (streams.get(ssrc) ?? new Set()).add(packet.readUInt16BE(2)));
  });
  return { streams, close: () => socket.close() };
}

it('a page to nine goes to the office’s group once, and each hears all of it; to eight each is sent their own', async (t) => {
  const office = officeFor(t);
  const extensions = Array.from({ length: MAX_BY_UNICAST + 2 }, (_, n) => String(101 + n));
  const [ann, ...others] = await office.people(...extensions);
  assert.ok(ann);
  const group = await listenTo((await ann.node.call('members')).office.id);
  t.after(() => group.close());
  const [toFew, toMany] = [melody(6, 1), melody(7, SECONDS)];

  const few = others.slice(0, MAX_BY_UNICAST).map(({ extension }) => extension);
  const first = await ann.node.call('talkRecording', {
    dial: few.join(','),
    page: {},
    wavBase64: toFew.wav.toString('base64'),
  });
  await others[0]!.untilSo(isMessage(first.id, ({ complete }) => complete));
  assert.equal(group.streams.size, 0);
  for (const member of others.slice(0, MAX_BY_UNICAST))
    await member.untilSo(isMessage(first.id, ({ heard }) => heard));

  const { id } = await ann.node.call('talkRecording', {
    dial: '0',
    wavBase64: toMany.wav.toString('base64'),
  });
  for (const member of others) await member.untilSo(isComplete(id));
  assert.deepEqual(
    [...group.streams.values()].map(({ size }) => size),
    [FRAGMENTS],
  );
  for (const member of others) await member.untilSo(isMessage(id, ({ heard }) => heard));
  for (const member of others.slice(-3)) {
    const share = notesHeard(toMany, await heardBy(member));
    assert.ok(share >= HEARD, `${member.name} heard ${share} of it`);
  }
  const isHeardByAll = async () =>
    (await messageOf(ann, id))?.recipients.every(({ state }) => state === 'heard');
  await eventually(async () => (await isHeardByAll()) === true, 'the talker sees that all heard it');
});

it('whoever comes online in the middle of a message to more than eight has all of it at its end', async (t) => {
  const office = officeFor(t);
  const extensions = Array.from({ length: MAX_BY_UNICAST + 2 }, (_, n) => String(101 + n));
  const [ann, bo, ...others] = await office.people(...extensions);
  const late = others.at(-1);
  assert.ok(ann && bo && late);
  await office.close(late);
  await untilOffline(ann, late.extension);
  const group = await listenTo((await ann.node.call('members')).office.id);
  t.after(() => group.close());
  const { wav } = melody(8, LONG_SECONDS);
  const dial = extensions.slice(1).join(',');
  const { id } = await ann.node.call('talkRecording', { dial, wavBase64: wav.toString('base64') });
  await bo.untilSo(isSounding(id));
  const toGroup = () => [...group.streams.values()].reduce((sum, { size }) => sum + size, 0);
  await eventually(async () => toGroup() > 0, 'what the late one misses went to the group');
  const again = await office.add(late.extension, { profile: late.profile });
  await again.untilSo(isSounding(id));
  assert.equal((await messageOf(ann, id))?.complete, false, 'Ann is still speaking');
  await ann.node.call('talkRelease');

  await again.untilSo(isComplete(id));
  const [said, got] = [await samplesOf(ann, id), await samplesOf(again, id)];
  assert.ok(said.length > 0);
  assert.deepEqual(got, said);
  assert.equal((await messageOf(again, id))?.durationMs, (await messageOf(ann, id))?.durationMs);
});

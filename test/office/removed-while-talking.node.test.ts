import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { it, type TestContext } from 'node:test';
import { headerSchema, readStatement } from '../../main/model/index.ts';
import { eventually } from '../support/eventually.ts';
import { Liar } from '../support/liar.ts';
import { messageOf } from '../support/messages.ts';
import { officeFor, untilBothOnline } from '../support/office.ts';
import { toneWav } from '../support/tone.ts';

/** How much more the talker says after the removal, ms. */
const LATER_MS = 1000;

/** A media port that receives whatever comes, by its SSRC. */
async function earOf(t: TestContext) {
  const socket = createSocket('udp4');
  const heard: { readonly ssrc: number; readonly at: number }[] = [];
  socket.on('message', (packet) => {
    if (packet.length >= 12) heard.push({ ssrc: packet.readUInt32BE(8), at: performance.now() });
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  t.after(() => socket.close());
  return { port: socket.address().port, heard };
}

it('a computer that is removed while somebody talks to its person hears no fragment more; the person’s other one does', async (t) => {
  const office = officeFor(t);
  const ann = await office.add('101');
  const [stays, goes] = [await earOf(t), await earOf(t)];
  const desk = await Liar.make(t, ann, '104', stays.port);
  await desk.linkTo(ann);
  const laptop = await desk.addComputer(goes.port);
  await laptop.linkTo(ann);
  const talk = async () => (await ann.node.call('status')).talking;
  // Both records are here: what is said goes to both.
  await untilBothOnline(ann, '104');
  const { id } = await ann.node.call('talkRecording', { dial: '104', wavBase64: toneWav(20_000) });
  await eventually(() => stays.heard.length > 0 && goes.heard.length > 0, 'both receive');

  await ann.node.call('removeMembers', { nodes: [laptop.identity.nodeId] });
  await eventually(async () => (await talk())?.id !== id, 'the talk goes on as another message');
  const next = (await talk())?.id;
  assert.equal((await talk())?.pressed, id);
  const headers = () =>
    desk.heard.flatMap((message) =>
      message.type === 'announce' ? (readStatement(message.header, headerSchema) ?? []) : [],
    );
  await eventually(() => headers().some((one) => one.id === next), 'the other computer is told of it');
  const header = headers().find((one) => one.id === next)!;
  assert.deepEqual(header.recipients, [desk.identity.nodeId]);
  assert.deepEqual(
    header.keys.map(({ node }) => node).includes(laptop.identity.nodeId),
    false,
    'the key is not wrapped for who is out',
  );
  await eventually(() => stays.heard.some(({ ssrc }) => ssrc === header.ssrc), 'it receives the rest');

  const removedAt = performance.now();
  const saidMs = async () => (await messageOf(ann, next!))?.durationMs ?? 0;
  const before = await saidMs();
  await eventually(async () => (await saidMs()) >= before + LATER_MS, 'the talker goes on');
  assert.equal((await talk())?.id, next, 'the talker still speaks');
  const late = goes.heard.filter(({ at }) => at > removedAt);
  assert.equal(late.length, 0, `${late.length} packets came after the removal`);
  assert.ok(!goes.heard.some(({ ssrc }) => ssrc === header.ssrc));
  await ann.node.call('talkRelease');
  const messages = await ann.node.call('messages');
  assert.deepEqual(
    messages.map(({ recipients }) => recipients.length),
    [1, 1],
    'what was said before and what was said after, each to one person',
  );
});

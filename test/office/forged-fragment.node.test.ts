import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { it, type TestContext } from 'node:test';
import { loadOrCreateIdentity, unwrapMessageKey, type Identity } from '../../main/identity/index.ts';
import { SrtpReceiver, SrtpSender } from '../../main/media/srtp.ts';
import { fragmentNumberOf, ssrcOf } from '../../main/media/rtp.ts';
import { headerSchema, readStatement, type Header } from '../../main/model/index.ts';
import { eventually } from '../support/eventually.ts';
import { Liar } from '../support/liar.ts';
import { isComplete, isNotified, messageOf, samplesOf } from '../support/messages.ts';
import { officeFor, untilBothOnline, type Member } from '../support/office.ts';
import { toneWav } from '../support/tone.ts';

const FRAME_MS = 10;
/** So many fragments before the talker's own the forger's arrive. */
const AHEAD = 30;
const FORGED_AT_ONCE = 5;
const FORGED_EVERY_MS = 100;

/**
 * A recipient who sends fragments to somebody else who receives the message, too: words that the talker said before, sealed at
 * places to which the talker has yet to come.
 */
async function forger(t: TestContext, victim: Member) {
  const socket = createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  let timer: NodeJS.Timeout | undefined;
  t.after(() => {
    clearInterval(timer);
    socket.close();
  });
  const { endpoints } = await victim.node.call('status');
  assert.ok(endpoints);
  const heard: { readonly packet: Buffer; readonly at: number }[] = [];
  socket.on('message', (packet) => heard.push({ packet, at: performance.now() }));
  return {
    port: socket.address().port,
    /** From now on it lies about this message. */
    lie: async (identity: Identity, header: Header) => {
      const { ssrc } = header;
      const key = await unwrapMessageKey(identity, header);
      const receiver = new SrtpReceiver(key, ssrc);
      const ofMessage = () => heard.filter(({ packet }) => packet.length > 12 && ssrcOf(packet) === ssrc);
      await eventually(() => ofMessage().length > 0, 'it heard the beginning');
      const words = ofMessage()
        .map(({ packet, at }) => ({ frame: receiver.open(packet), n: fragmentNumberOf(packet), at }))
        .flatMap(({ frame, ...one }) => (typeof frame === 'string' ? [] : [{ frame, ...one }]));
      const [first] = words;
      assert.ok(first, 'it can open that');
      const seal = (n: number, frame: Uint8Array): Buffer => {
        // A talker seals each number once, in order.
        const sender = new SrtpSender(key, ssrc);
        for (let before = 0; before < n; before += 1) sender.seal(before, frame);
        return sender.seal(n, frame);
      };
      timer = setInterval(() => {
        const spoken = first.n + Math.floor((performance.now() - first.at) / FRAME_MS);
        words.slice(0, FORGED_AT_ONCE).forEach(({ frame }, index) => {
          socket.send(seal(spoken + AHEAD + index, frame), endpoints.media, endpoints.address);
        });
      }, FORGED_EVERY_MS);
    },
    stop: () => clearInterval(timer),
  };
}

it('a recipient who seals words in the talker’s voice is found out: live play ends with a sentence, and the others have what the talker said', async (t) => {
  const office = officeFor(t);
  const [ann, bob] = await office.people('101', '102');
  const eve = await forger(t, bob);
  // Somebody who comes in has the ledger; with Bob's own key a second computer of Bob's is let in. Eve sits at that.
  const newcomer = await Liar.make(t, ann, '104');
  await newcomer.linkTo(ann);
  const laptop = await newcomer.addComputer(eve.port, await loadOrCreateIdentity(bob.profile));
  const { switch: leader } = await ann.node.call('status');
  const { node: annsNode } = await ann.node.call('status');
  await laptop.linkTo(leader?.id === annsNode?.id ? ann : bob);
  await untilBothOnline(ann, '102');

  const { id } = await ann.node.call('talkRecording', { dial: '102', wavBase64: toneWav(30_000) });
  const headers = () =>
    laptop.heard.flatMap((message) =>
      message.type === 'announce' ? (readStatement(message.header, headerSchema) ?? []) : [],
    );
  await eventually(() => headers().some((one) => one.id === id), 'Eve has the key');
  const header = headers().find((one) => one.id === id)!;
  assert.equal(header.recipients.length, 2);
  assert.equal(header.hashed, true);
  await bob.untilSo((event) => event.type === 'sounding' && event.id === id && event.live);
  await eve.lie(laptop.identity, header);

  await bob.untilSo(isNotified(id));
  const { troubles } = await bob.node.call('status');
  assert.match(
    troubles.map(({ sentence }) => sentence).join('\n'),
    /no longer plays Person 101 live: somebody else put words into what Person 101 is saying/,
  );
  eve.stop();
  const talking = (await ann.node.call('status')).talking;
  assert.equal(talking?.id, id, 'while Ann is still speaking');
  await ann.node.call('talkRelease');

  await bob.untilSo(isComplete(id));
  assert.deepEqual(await samplesOf(bob, id), await samplesOf(ann, id));
  assert.equal((await messageOf(bob, id))?.heard, false, 'it waits for Bob');
  const { checks } = await bob.node.call('health');
  const voices = checks.find(({ code }) => code === 'voices');
  assert.equal(voices?.ok, false);
  assert.match(voices.sentence, /words into messages of Person 101/);
  assert.match(bob.log.join('\n'), /fragments are not those that .* signed/);

  await bob.node.call('play', { which: id });
  await bob.untilSo((event) => event.type === 'notification-done' && event.id === id);
  await eventually(
    async () => (await bob.node.call('status')).troubles.length === 0,
    'nothing is wrong any more',
  );
});

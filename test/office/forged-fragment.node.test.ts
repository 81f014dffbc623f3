import assert from 'node:assert/strict';
import { it } from 'node:test';
import { loadOrCreateIdentity } from '../../main/identity/index.ts';
import { headerSchema, readStatement } from '../../main/model/index.ts';
import { eventually } from '../support/eventually.ts';
import { Forger } from '../support/forger.ts';
import { Liar } from '../support/liar.ts';
import { isComplete, isNotified, messageOf, samplesOf } from '../support/messages.ts';
import { officeFor, untilBothOnline } from '../support/office.ts';
import { toneWav } from '../support/tone.ts';

it('a recipient who seals words in the talker’s voice is found out: live play ends with a sentence, and the others have what the talker said', async (t) => {
  const office = officeFor(t);
  const [ann, bob] = await office.people('101', '102');
  const eve = await Forger.open();
  t.after(() => eve.close());
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
  const { endpoints } = await bob.node.call('status');
  assert.ok(endpoints);
  await eve.lie(laptop.identity, header, { victims: [endpoints] });

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

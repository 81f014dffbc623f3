import assert from 'node:assert/strict';
import { it } from 'node:test';
import { eventually } from '../../test/support/eventually.ts';
import { isMessage, isSounding, messageOf } from '../../test/support/messages.ts';
import { officeFor, type Member } from '../../test/support/office.ts';
import { memberOf } from '../../test/support/people.ts';
import { refused } from '../../test/support/refused.ts';
import { toneWav } from '../../test/support/tone.ts';

const mayOverride = async (member: Member, extension: string): Promise<boolean> => {
  const { rights } = await memberOf(member, extension);
  return rights.includes('override');
};
const speak = ({ node }: Member, dial: string, isConfirmed?: boolean) =>
  node.call('talkRecording', {
    ...{ dial, wavBase64: toneWav(400) },
    ...(isConfirmed === undefined ? {} : { isConfirmed }),
  });

it('an admin gives the right; then do not disturb is overridden, after a question, and seen as that', async (t) => {
  // Ann founded the office, and is its admin.
  const [ann, bob, cleo] = await officeFor(t).people('101', '102', '103');
  await bob.node.call('setPresence', { presence: 'dnd' });
  await assert.rejects(speak(cleo, '*48102', true), { phrase: { code: 'may-not-override', details: {} } });
  await assert.rejects(
    cleo.node.call('setRight', {
      person: (await memberOf(cleo, '103')).id,
      right: 'override',
      isGiven: true,
    }),
    refused('admins-only'),
  );
  await ann.node.call('setRight', {
    person: (await memberOf(ann, '103')).id,
    right: 'override',
    isGiven: true,
  });
  for (const one of [bob, cleo]) await eventually(() => mayOverride(one, '103'), 'everybody knows of it');

  await assert.rejects(speak(cleo, '*48102'), refused('override-unconfirmed'));
  const { id } = await speak(cleo, '*48102', true);
  await bob.untilSo(isSounding(id));
  await cleo.untilSo(isMessage(id, ({ recipients }) => recipients[0]?.state === 'heard'));
  assert.equal((await messageOf(bob, id))?.isOverride, true);
  assert.equal((await cleo.node.call('status')).talkTo, null, 'the talk key does not override from then on');

  // The question named Bob, whatever he diverts.
  await bob.node.call('setDivert', { person: (await memberOf(bob, '101')).id });
  await eventually(async () => {
    const people = await cleo.node.call('people');
    return people.some(({ extension, divertedTo }) => extension === '102' && divertedTo !== null);
  }, 'Cleo knows that Bob is diverted');
  const direct = await speak(cleo, '*48102', true);
  await cleo.untilSo(isMessage(direct.id, ({ recipients }) => recipients[0]?.state === 'heard'));
  await bob.node.call('setDivert', { person: null });
  await eventually(
    async () => (await cleo.node.call('people')).every(({ divertedTo }) => divertedTo === null),
    'Cleo knows that he is not any more',
  );

  const plain = await speak(cleo, '102');
  await cleo.untilSo(isMessage(plain.id, ({ recipients }) => recipients[0]?.isNotified === true));
  assert.equal((await messageOf(bob, plain.id))?.isOverride, false);

  await ann.node.call('setRight', {
    person: (await memberOf(ann, '103')).id,
    right: 'override',
    isGiven: false,
  });
  await eventually(async () => !(await mayOverride(cleo, '103')), 'it is taken');
  await assert.rejects(speak(cleo, '*48102', true), refused('nobody'));
});

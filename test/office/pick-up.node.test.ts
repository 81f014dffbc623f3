import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { control, isIn, missed, noCall, now } from '../support/calls.ts';
import { eventually } from '../support/eventually.ts';
import { melody } from '../support/melody.ts';
import { officeFor, type Member } from '../support/office.ts';
import { personOf } from '../support/people.ts';

const groupsOf = async ({ node }: Member) => (await node.call('groups')).length;

describe('a call that rings at a colleague', { timeout: 120_000 }, () => {
  it('is picked up by who is in a group with them, by *8, and by nobody else', async (t) => {
    const [ann, bo, kim, lou] = await officeFor(t).people('101', '102', '103', '104');
    const group = {
      name: 'Sales',
      extension: '600',
      people: [(await personOf(ann, '102')).id, (await personOf(ann, '103')).id],
    };
    await ann.node.call('makeGroup', group);
    for (const member of [bo, kim, lou])
      await eventually(async () => (await groupsOf(member)) === 1, `${member.name} knows the group`);
    assert.equal(
      (await kim.node.call('dialPreview', { dial: '*8' })).sentence,
      'Takes the call that rings at a colleague of your groups.',
    );
    await assert.rejects(kim.node.call('pickUp'), { code: 'pick-up-nothing' });
    await assert.rejects(lou.node.call('pickUp'), { code: 'pick-up-nobody' });
    await ann.node.call('startCall', { dial: '102', wavBase64: melody(1, 20).wav.toString('base64') });
    await bo.untilSo(isIn('ringing'));
    await assert.rejects(lou.node.call('pickUp'), { code: 'pick-up-nobody' });
    await kim.node.call('dial', { dial: '*8' });
    await eventually(
      async () => (await now(kim)).some(({ name, state }) => name === ann.name && state === 'active'),
      'Kim talks with Ann',
    );
    await eventually(
      async () => (await now(ann)).some(({ name, state }) => name === kim.name && state === 'active'),
      'and Ann with her',
    );
    await eventually(
      async () => (await now(bo)).some(({ pickedUpBy }) => pickedUpBy?.name === kim.name),
      'Bo sees who picked it up',
    );
    assert.deepEqual(await missed(bo), []);
    await control(kim, 'hang-up');
    await noCall(ann, kim);
  });
});

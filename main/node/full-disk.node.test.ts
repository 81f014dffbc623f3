import assert from 'node:assert/strict';
import { it, type TestContext } from 'node:test';
import type { Arguments, MethodName } from '../../preload/api.ts';
import { say } from '../../test/support/messages.ts';
import { officeFor } from '../../test/support/office.ts';
import { SimulatedDisk } from '../../test/support/simulated-disk.ts';
import { toneWav } from '../../test/support/tone.ts';
import { nodePorts } from '../model/index.ts';
import type { CorridorNode } from './corridor-node.ts';

type Asked = { readonly [M in MethodName]: readonly [method: M, args: Arguments<M>] }[MethodName];

/** Ann, an admin, whose profile is on a disk in the test's hand. Bob has said something to her; she has a group and an invitation. */
async function ground(t: TestContext) {
  const disk = new SimulatedDisk();
  const office = officeFor(t);
  const ann = await office.add('101', {}, { ...nodePorts, disk });
  const bob = await office.add('102');
  await office.settled();
  const { node } = ann;
  await bob.node.call('setPresence', { presence: 'away' });
  await node.call('setPresence', { presence: 'away' });
  const id = await say(bob, ann, toneWav(300));
  const gone = await say(bob, ann, toneWav(300));
  const [person] = await node.call('people');
  const group = (await node.call('makeGroup', { name: 'Sales', people: [person!.id] })).id;
  const invitation = (await node.call('invite', { days: 1, uses: 3 })).id;
  await node.call('deleteMessage', { id: gone });
  return { disk, office, ann, node, person: person!.id, group, invitation, id, gone };
}

type Ground = Awaited<ReturnType<typeof ground>>;

/** What is answered only once it is on the disk. */
const kept = ({ person, group, invitation, id, gone }: Ground): readonly Asked[] => [
  ['setSettings', { tones: false }],
  ['setup', { name: 'Anna', extension: '111' }],
  ['setFavourite', { node: person, favourite: true }],
  ['setVolume', { person, percent: 50 }],
  ['setAutoAnswer', { person, isOn: true }],
  ['makeGroup', { name: 'Stock', people: [person] }],
  ['changeGroup', { group, name: 'Shop', remove: [person] }],
  ['setFavouriteGroup', { group, favourite: true }],
  ['setCode', { row: 'pick-up', code: '*77' }],
  ['invite', { days: 2, uses: 2 }],
  ['withdrawInvitation', { id: invitation }],
  ['joinLink', {}],
  ['setOffice', { name: 'Upstairs', admit: 'admins' }],
  ['setRight', { person, right: 'override', isGiven: true }],
  ['makeAdmin', { person }],
  ['addAddress', { address: '127.0.0.1:4711' }],
  ['recoveryCode', { isKept: true }],
  ['makeRecoveryCode', {}],
  ['deleteMessage', { id }],
  ['restoreMessage', { id: gone }],
];

/** What is refused like these, and would end the test if it was carried out. */
const final = ({ person, group }: Ground): readonly Asked[] => [
  ['endGroup', { group }],
  ['removeMembers', { nodes: [person] }],
  ['foundAnew', { along: [person] }],
];

/** What holds at once, also on a full disk; a trouble says that it is not saved. */
const noted = ({ person }: Ground): readonly Asked[] => [
  ['setPresence', { presence: 'busy' }],
  ['setDivert', { person }],
  ['mute', { person, until: 'tomorrow' }],
  ['choose', { person, isTicked: true }],
];

function ask(node: CorridorNode, [method, args]: Asked): Promise<unknown> {
  return (node.call as (method: MethodName, args: unknown) => Promise<unknown>)(method, args);
}

/** All that a person is shown and that lasts. */
async function shownBy(node: CorridorNode) {
  const { node: own, presence, divert, talkTo } = await node.call('status');
  const people = (await node.call('people')).map(({ presence: _, ...person }) => person);
  const { office, people: members } = await node.call('members');
  return {
    ...{ name: own?.name, extension: own?.extension, presence, divert, talkTo, people, office },
    admins: members.filter(({ isAdmin }) => isAdmin).map(({ id }) => id),
    rights: members.map(({ rights }) => rights),
    settings: await node.call('settings'),
    groups: await node.call('groups'),
    codes: (await node.call('dialPlan')).map(({ name, code }) => [name, code]),
    invitations: (await node.call('invitations')).map(({ id, isOpen, link }) => [id, isOpen, link]),
    messages: (await node.call('messages')).map(({ id, heard }) => [id, heard]),
    code: (await node.call('recoveryCode')).code,
  };
}

it(
  'whatever is accepted is on the disk; what the disk refuses has changed nothing',
  { timeout: 240_000 },
  async (t) => {
    const given = await ground(t);
    const { disk, node, office, ann, person } = given;
    await node.call('withdrawInvitation', { id: (await node.call('invite', { days: 1, uses: 1 })).id });
    const before = await shownBy(node);
    disk.capacityBytes = 0;
    for (const asked of [...kept(given), ...final(given)]) {
      // An open invitation's link is shown, and nothing is made.
      if (asked[0] === 'joinLink') continue;
      await assert.rejects(ask(node, asked), (error: Error & { code: string }) => {
        assert.match(
          error.code,
          /^(settings|statement|deletion)-not-saved$/,
          `${asked[0]}: ${error.message}`,
        );
        return true;
      });
      assert.deepEqual(await shownBy(node), before, asked[0]);
    }
    for (const asked of noted(given)) await ask(node, asked);
    const { troubles, presence, divert } = await node.call('status');
    assert.ok(troubles.some(({ code }) => code === 'settings-unsaved'));
    assert.equal(presence, 'busy');
    assert.equal(divert?.person, person);

    disk.capacityBytes = Infinity;
    await node.call('setDivert', { person: null });
    for (const asked of [...kept(given), ...noted(given)]) await ask(node, asked);
    const after = await shownBy(node);
    // The power fails now: nothing that was not synced is there any more.
    const left = disk.afterPowerFailure('lost');
    await office.close(ann);
    const options = { profile: ann.profile, name: 'Anna', speaker: after.settings.speaker };
    const again = await office.add('111', options, { ...nodePorts, disk: left });
    await office.settled();
    assert.deepEqual(await shownBy(again.node), after);
  },
);

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { it, type TestContext } from 'node:test';
import type { Check, NodeApi } from '../../preload/api.ts';
import { eventually } from '../support/eventually.ts';
import { Headless } from '../support/headless.ts';
import { messageOf, untilOffline } from '../support/messages.ts';
import { officeFor, type Member } from '../support/office.ts';
import { SmallDisk } from '../support/small-disk.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { toneWav } from '../support/tone.ts';

/** A full switch hands over when it has been the switch for 35 s, and counts as roomy again after 30 s. */
const PATIENCE_MS = 120_000;

type Caller = Pick<NodeApi, 'call'>;

/** What this node's health says of the room to keep messages. */
async function roomBy(node: Caller): Promise<Check> {
  const { checks } = await node.call('health');
  return checks.find(({ code }) => code === 'room')!;
}

/** Ann, the switch, whose profile is on this disk, and four colleagues. */
async function officeOn(t: TestContext, disk: SmallDisk) {
  const ann = await Headless.start({
    ...{ interface: '127.0.0.1', ready: 'cold', name: 'Ann', extension: '101', office: 'new' },
    // Elsewhere: what it hears would take and free room on the disk.
    ...{ profile: join(disk.path, 'profile'), speaker: `file:${join(tempFolder('heard'), 'heard.wav')}` },
  });
  t.after(() => ann.stop());
  const { link } = await ann.api.call('joinLink');
  const { endpoints } = await ann.api.call('status');
  const addresses = [`127.0.0.1:${endpoints!.beat}`, `127.0.0.1:${endpoints!.control}`];
  const office = officeFor(t);
  const bob = await office.add('102', { name: 'Bob', office: link, addresses });
  const others: Member[] = [];
  for (const extension of ['103', '104', '105']) others.push(await office.add(extension));
  const [cleo, dave, eve] = others as [Member, Member, Member];
  await office.settled();
  assert.equal((await ann.api.call('status')).role, 'switch');
  return { ann, bob, cleo, dave, eve, office };
}

it(
  'the disk of the switch is full: others keep what is said to people who are away, all are told, and it passes',
  { timeout: 600_000 },
  async (t) => {
    const disk = SmallDisk.mount('4m');
    if (typeof disk === 'string') {
      t.skip(disk);
      return;
    }
    t.after(() => disk.unmount());
    const { ann, bob, cleo, dave, eve, office } = await officeOn(t, disk);
    const before = await roomBy(cleo.node);
    assert.ok(before.ok, before.sentence);
    await office.close(dave);
    await untilOffline(bob, '104');

    disk.fill();
    const { id } = await bob.node.call('talkRecording', { dial: '104', wavBase64: toneWav(1000) });
    let said = '';
    await eventually(
      async () => {
        const rooms = await Promise.all([cleo, eve].map(({ node }) => roomBy(node)));
        said = rooms.map(({ sentence }) => sentence).join(' | ');
        return rooms.every(({ ok, sentence }) => !ok && sentence.startsWith('Ann’s computer'));
      },
      () => `everybody reads that Ann’s computer has no room: ${said}`,
      PATIENCE_MS,
    );
    assert.match((await roomBy(ann.api)).sentence, /^This computer.* has no room/);
    await eventually(
      async () => {
        const all = await Promise.all([bob, cleo, eve].map(({ node }) => node.call('status')));
        return all.every((one) => one.switch !== null && one.switch.name !== 'Ann');
      },
      'another computer is the switch',
      PATIENCE_MS,
    );
    await eventually(
      async () => (await messageOf(bob, id))?.storedOn === 2,
      'what Bob said is on the two computers that have room',
      PATIENCE_MS,
    );

    // The office goes on, and its talker need not be there for whom it was for.
    const live = await cleo.node.call('talkRecording', { dial: '105', wavBase64: toneWav(500) });
    await eventually(
      async () => (await messageOf(eve, live.id))?.complete === true,
      'Eve has what Cleo says',
    );
    await office.close(bob);
    await untilOffline(cleo, '102');
    const back = await office.add('104', { profile: dave.profile });
    await eventually(
      async () => (await messageOf(back, id))?.complete === true,
      'Dave has what Bob said',
      PATIENCE_MS,
    );

    disk.makeRoom();
    await eventually(
      async () => {
        const rooms = await Promise.all([cleo.node, eve.node, ann.api].map((node) => roomBy(node)));
        return rooms.every(({ ok }) => ok);
      },
      'everybody reads that there is room again',
      PATIENCE_MS,
    );
    assert.deepEqual((await ann.api.call('status')).troubles, []);
  },
);

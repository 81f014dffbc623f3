import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { HandTime, until } from '../../test/support/hand-time.ts';
import { SimulatedDisk } from '../../test/support/simulated-disk.ts';
import { nodePorts, readStatement, receiptSchema } from '../model/index.ts';
import type { MessageFrame } from '../signalling/index.ts';
import { MessageStore } from '../store/index.ts';
import { Desk, isWhole } from './test-desk.ts';
import { newPerson, speak } from './test-people.ts';
import { WatchedLink } from './test-watched-link.ts';

const saysHeard = (frame: MessageFrame): boolean =>
  frame.type === 'receipt' && readStatement(frame.receipt, receiptSchema)?.state === 'heard';

/** Bob, whose store is on a disk in memory, has a message of Ann's. His laptop is online, too. */
async function ground(t: TestContext) {
  const [ann, person, laptop] = await Promise.all([
    newPerson(t, '101'),
    newPerson(t, '102'),
    newPerson(t, '102'),
  ]);
  const disk = new SimulatedDisk();
  const time = new HandTime();
  const bob = await Desk.simulated(person, time, { disk, random: nodePorts.random });
  t.after(() => bob.messages.close());
  bob.office.know(ann, bob, laptop);
  for (const { node } of [bob.record, laptop.record]) bob.office.persons.set(node, bob.node);
  const [toAnn, toLaptop] = [ann, laptop].map(({ record }) => new WatchedLink(record.node, saysHeard)) as [
    WatchedLink,
    WatchedLink,
  ];
  for (const link of [toAnn, toLaptop]) link.disk = disk;
  bob.office.downstream = [toAnn, toLaptop];
  bob.messages.expect([]);
  bob.listener.isLocked = true;
  const said = await speak(ann, [bob], { time });
  bob.messages.frame({ type: 'announce', header: said.header.signed }, toAnn);
  await until(() => bob.media.of('receive').length > 0, 'it is received');
  bob.take(said, toAnn);
  await until(isWhole(bob, said.id), 'the whole message');
  const reopened = (on: SimulatedDisk) => {
    const ports = { ...nodePorts, clock: time, schedule: time.schedule, disk: on };
    return MessageStore.open('/store', { ports, log: () => undefined });
  };
  const isHeard = async (on: SimulatedDisk) => (await reopened(on)).get(said.id)?.local.heard !== undefined;
  return { bob, disk, time, toAnn, toLaptop, id: said.id, isHeard };
}

test('that a message was heard is on the disk before the talker, or another computer of the person, is told', async (t) => {
  const { bob, toAnn, toLaptop, id, isHeard } = await ground(t);
  bob.messages.inbox.heard(id);
  assert.deepEqual(bob.store.unheard(), [], 'here it counts at once');
  bob.messages.frame({ type: 'inbox', receiptsOf: [id] }, toAnn);
  await until(() => toAnn.left !== undefined && toLaptop.left !== undefined, 'both are told');
  assert.deepEqual([await isHeard(toAnn.left!), await isHeard(toLaptop.left!)], [true, true]);
});

test('a disk that refuses it keeps it from nobody, and has it once it takes something again', async (t) => {
  const { bob, disk, time, toAnn, toLaptop, id, isHeard } = await ground(t);
  disk.capacityBytes = 0;
  bob.messages.inbox.heard(id);
  await until(() => toAnn.left !== undefined && toLaptop.left !== undefined, 'both are told');
  assert.equal(bob.store.trouble?.code, 'disk-full');
  disk.capacityBytes = Infinity;
  await until(() => {
    time.pass(1000);
    return bob.store.trouble === undefined;
  }, 'the end of the trouble');
  assert.equal(await isHeard(disk.afterPowerFailure('kept')), true);
});

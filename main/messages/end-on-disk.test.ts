import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { HandTime, until } from '../../test/support/hand-time.ts';
import { SimulatedDisk } from '../../test/support/simulated-disk.ts';
import { nodePorts, type MessageId } from '../model/index.ts';
import { MessageStore } from '../store/index.ts';
import { Desk, isWhole } from './test-desk.ts';
import { newFragments, newPerson } from './test-people.ts';
import { isManifest, WatchedLink } from './test-watched-link.ts';

/** Ann, whose store is on a disk in memory, follows the hub and talks to Bob. */
async function ground(t: TestContext) {
  const [person, bob, hub] = await Promise.all([
    newPerson(t, '101'),
    newPerson(t, '102'),
    newPerson(t, '103'),
  ]);
  const disk = new SimulatedDisk();
  const time = new HandTime();
  const ann = await Desk.simulated(person, time, { disk, random: nodePorts.random });
  t.after(() => ann.messages.close());
  ann.office.know(ann, bob, hub);
  const upstream = new WatchedLink(hub.record.node, isManifest);
  upstream.disk = disk;
  ann.office.switchNode = hub.record.node;
  ann.office.upstream = upstream;
  ann.messages.switchChanged();
  const addressing = { recipients: [bob.record], from: '101', to: '102' };
  const speak = async () => {
    const { id } = ann.messages.outgoing.press(addressing);
    await until(() => ann.store.get(id) !== undefined, 'the header');
    ann.media.speak(id, newFragments(30));
    return id;
  };
  const letGo = (id: MessageId) => ann.media.report({ type: 'talk-ended', id, count: 30, failed: null });
  const type = () => ann.messages.typed.send({ ...addressing, words: { text: 'The parcel is here.' } });
  const open = (on: SimulatedDisk) => {
    const ports = { ...nodePorts, clock: time, schedule: time.schedule, disk: on };
    return MessageStore.open('/store', { ports, log: () => undefined });
  };
  return { ann, disk, time, upstream, speak, letGo, type, open };
}

for (const way of ['spoken', 'typed'] as const)
  test(`the end of what was ${way} is on the disk before anybody gets it`, async (t) => {
    const { ann, upstream, speak, letGo, type, open } = await ground(t);
    if (way === 'typed') void type();
    else letGo(await speak());
    await until(() => {
      // A link that comes up meanwhile brings the switch all that is kept here of the message.
      ann.messages.linkUp(upstream);
      return upstream.left !== undefined;
    }, 'the end');
    const again = await open(upstream.left!);
    const [message] = again.list();
    assert.deepEqual(message?.manifest?.signed, upstream.of('manifest')[0]?.manifest);
    assert.deepEqual([message?.state, message?.held], ['complete', way === 'typed' ? 0 : 30]);
  });

for (const way of ['spoken', 'typed'] as const)
  test(`a disk that refuses the end of what was ${way} keeps it from nobody, and the person is told`, async (t) => {
    const { ann, disk, time, upstream, speak, letGo, type, open } = await ground(t);
    const spoken = way === 'spoken' ? await speak() : undefined;
    disk.capacityBytes = 0;
    const sent = spoken ?? (await type());
    if (spoken) letGo(spoken);
    await until(() => upstream.of('manifest').length > 0, 'the end');
    assert.equal(ann.store.trouble?.code, 'disk-full');
    disk.capacityBytes = Infinity;
    await until(() => {
      time.pass(1000);
      return isWhole(ann, sent)();
    }, 'the whole message on the disk');
    const again = await open(disk.afterPowerFailure('lost'));
    assert.deepEqual(again.get(sent)?.manifest?.signed, upstream.of('manifest')[0]?.manifest);
  });

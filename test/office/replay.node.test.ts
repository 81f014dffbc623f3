import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { eventually } from '../support/eventually.ts';
import { LoopbackOffice, officeFor, type Member } from '../support/office.ts';
import { Wiretap, type Overheard } from '../support/wiretap.ts';

const EVERY_MS = 16;

function wiretap(t: TestContext): Wiretap {
  const tap = new Wiretap();
  t.after(() => tap.close());
  return tap;
}

async function beatPortOf({ node }: Member): Promise<number> {
  const port = (await node.call('status')).endpoints?.beat;
  assert.ok(port);
  return port;
}

async function whoSeesWhom(members: readonly Member[]) {
  return Promise.all(
    members.map(async ({ node }) => {
      const [{ role, switch: leader }, people] = [await node.call('status'), await node.call('people')];
      return {
        role,
        leader: leader?.id,
        online: people.filter(({ presence }) => presence !== 'offline').length,
      };
    }),
  );
}

test('a recorded datagram of each node, repeated by a stranger, changes nothing in the office', async (t) => {
  const office = officeFor(t);
  const tap = wiretap(t);
  const members = await office.people('101', '102', '103');
  const ports = await Promise.all(members.map(beatPortOf));
  const lastOf = (port: number, to: number) =>
    tap.heard.filter((one) => one.from === port && one.to === to && one.bytes.length > 150).at(-1);
  await eventually(
    () => ports.every((port) => ports.some((to) => lastOf(port, to))),
    'every node has said something',
  );
  const recorded = ports.flatMap((port) => ports.flatMap((to) => lastOf(port, to) ?? []));
  const before = await whoSeesWhom(members);
  for (let round = 0; round < 3000 / EVERY_MS; round += 1) {
    for (const { bytes } of recorded) for (const port of ports) tap.repeat(bytes, port);
    await pause(EVERY_MS);
    if (round % 20 === 0) assert.deepEqual(await whoSeesWhom(members), before);
  }
  const [first] = members;
  const from = tap.heard.length;
  await eventually(() => tap.heard.length > from + 30, 'the office beats on');
  assert.deepEqual(await whoSeesWhom(members), before);
  assert.ok(first);
});

test('what a node said before it was gone makes no ghost of it for a node that started since', async (t) => {
  const office = new LoopbackOffice();
  t.after(() => office.stop());
  const tap = wiretap(t);
  const [ann, bob] = await office.people('101', '102');
  const [annPort, bobPort] = [await beatPortOf(ann), await beatPortOf(bob)];
  const from = tap.heard.length;
  const isAnns = (one: Overheard) => one.from === annPort && one.to === bobPort && one.bytes.length > 150;
  await eventually(() => tap.heard.slice(from).filter(isAnns).length > 25, 'Ann beats to Bob');
  const recorded = tap.heard.slice(from).filter(isAnns);
  const ghost = (await ann.node.call('status')).node?.id;
  assert.ok(ghost);
  await office.close(bob);
  await office.close(ann);
  const again = await office.add('102', { profile: bob.profile });
  const port = await beatPortOf(again);
  for (const { bytes } of recorded) {
    tap.repeat(bytes, port);
    await pause(60);
    const { switch: leader } = await again.node.call('status');
    assert.notEqual(leader?.id, ghost, 'Bob follows a ghost');
  }
  assert.deepEqual(
    (await whoSeesWhom([again])).map(({ role, online }) => [role, online]),
    [['switch', 0]],
  );
});

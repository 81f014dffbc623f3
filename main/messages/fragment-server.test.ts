import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { until } from '../../test/support/hand-time.ts';
import type { ControlMessageOf } from '../signalling/index.ts';
import { FragmentServer } from './fragment-server.ts';
import { Desk } from './test-desk.ts';
import { upTo } from './test-forging.ts';
import { newFragments, newPerson, speak } from './test-people.ts';
import { HandLink } from './test-ports.ts';

/** A switch that keeps what Ann said to Bob; who asks for it differs. */
async function ground(t: TestContext, { held = 20, isWhole = true } = {}) {
  const hub = await Desk.open(t, '103');
  const [ann, bob, cleo] = await Promise.all([newPerson(t, '101'), newPerson(t, '102'), newPerson(t, '104')]);
  const message = await speak(ann, [bob], { time: hub.time });
  const { id, header, manifest, fragments } = message;
  hub.store.begin(header.signed, header.facts, { keeps: true });
  hub.store.append(id, fragments.slice(0, held));
  const end = () => hub.store.setManifest(id, manifest.signed, manifest.facts);
  if (isWhole) await end();
  const server = new FragmentServer(hub.store, hub.office, () => false);
  const ask = (link: HandLink, range: Partial<ControlMessageOf<'fetch'>> = {}) =>
    server.serve(link, { type: 'fetch', id, from: 0, follow: true, ...range });
  const rest = () => hub.store.append(id, fragments.slice(held));
  return { hub, ann, bob, cleo, id, manifest, end, rest, server, ask };
}

const isEnded = (link: HandLink) => () => link.of('fetch-end').length > 0;

test('the talker, a recipient, the switch and the standby may fetch; nobody else', async (t) => {
  const { hub, ann, bob, cleo, id, ask } = await ground(t);
  for (const { record } of [ann, bob]) {
    const link = new HandLink(record.node);
    ask(link);
    await until(isEnded(link), 'the end');
    assert.deepEqual(link.numbers(id), upTo(0, 20));
  }
  const stranger = new HandLink(cleo.record.node);
  ask(stranger);
  assert.deepEqual(stranger.sent, [{ type: 'fetch-end', id, upTo: 0, complete: false, reason: 'not-held' }]);
  for (const role of ['switchNode', 'standbyNode'] as const) {
    hub.office.switchNode = hub.node;
    hub.office.standbyNode = undefined;
    hub.office[role] = cleo.record.node;
    const link = new HandLink(cleo.record.node);
    ask(link);
    await until(isEnded(link), 'the end');
    assert.deepEqual(link.numbers(id), upTo(0, 20), role);
  }
  assert.deepEqual(stranger.batches, []);
});

test('a request for a message that is not kept here is answered, not ignored', async (t) => {
  const { bob, ask } = await ground(t);
  const link = new HandLink(bob.record.node);
  const other = 'A'.repeat(22) as never;
  ask(link, { id: other, from: 7 });
  assert.deepEqual(link.sent, [
    { type: 'fetch-end', id: other, upTo: 7, complete: false, reason: 'not-held' },
  ]);
});

test('a range includes its first number and not its last; an open one goes to the end', async (t) => {
  const { bob, id, manifest, ask } = await ground(t);
  for (const [range, expected] of [
    [{ from: 5, to: 9 }, upTo(5, 9)],
    [{ from: 15 }, upTo(15, 20)],
    [{ from: 4, to: 4 }, []],
  ] as const) {
    const link = new HandLink(bob.record.node);
    ask(link, range);
    await until(isEnded(link), 'the end');
    assert.deepEqual(link.numbers(id), expected);
    const end = { type: 'fetch-end', id, upTo: range.from, complete: true } as const;
    const known = { type: 'manifest', manifest: manifest.signed } as const;
    assert.deepEqual(link.sent, 'to' in range ? [end] : [known, end], 'who asks for the rest learns the end');
  }
});

test('later fragments follow as they arrive, until the message is complete here', async (t) => {
  const { bob, id, ask, rest, end } = await ground(t, { held: 6, isWhole: false });
  const link = new HandLink(bob.record.node);
  ask(link);
  await until(() => link.numbers(id).length === 6, 'what is held');
  rest();
  await until(() => link.numbers(id).length === 20, 'the rest');
  assert.deepEqual(link.sent, [], 'it is not known yet that this is all');
  await end();
  await until(isEnded(link), 'the end');
  assert.deepEqual(link.numbers(id), upTo(0, 20));
  assert.deepEqual(link.sent, [{ type: 'fetch-end', id, upTo: 0, complete: true }]);
});

for (const how of ['stop', 'stopAll'] as const) {
  test(`after ${how} nothing more is sent, to that node alone`, async (t) => {
    const { bob, ann, hub, id, ask, rest, end, server } = await ground(t, { held: 6, isWhole: false });
    const [stopped, other] = [new HandLink(bob.record.node), new HandLink(ann.record.node)];
    for (const link of [stopped, other]) ask(link);
    await until(() => other.numbers(id).length === 6 && stopped.numbers(id).length === 6, 'what is held');
    if (how === 'stop') server.stop(stopped, id);
    else server.stopAll(stopped);
    rest();
    await end();
    await until(isEnded(other), 'the end at the other');
    assert.equal(other.numbers(id).length, 20);
    assert.equal(stopped.numbers(id).length, 6);
    assert.deepEqual(stopped.sent, []);
    assert.equal(hub.store.append(id, newFragments(1)), 0);
  });
}

test('the next fragments wait until the last ones have left this computer', async (t) => {
  const { bob, id, ask, rest, end } = await ground(t, { held: 6, isWhole: false });
  let letGo: () => void = () => undefined;
  const link = new HandLink(bob.record.node);
  link.drained = () => new Promise((resolve) => (letGo = resolve));
  ask(link);
  await until(() => link.numbers(id).length === 6, 'what is held');
  rest();
  await end();
  assert.equal(link.numbers(id).length, 6);
  letGo();
  await until(() => link.numbers(id).length === 20, 'the rest');
  letGo();
  await until(isEnded(link), 'the end');
});

test('a node that sends a thousand requests at once gets refusals; others are served, and later it is again', async (t) => {
  const { bob, ann, ask, end, rest } = await ground(t, { held: 10, isWhole: false });
  const [link, other] = [new HandLink(bob.record.node), new HandLink(ann.record.node)];
  for (let n = 0; n < 1003; n += 1) ask(link);
  const busy = link.of('fetch-end').filter(({ reason }) => reason === 'busy');
  assert.equal(busy.length, 3);
  ask(other);
  rest();
  await end();
  await until(() => link.of('fetch-end').length === 1003, 'all ends');
  await until(isEnded(other), 'the other’s end');
  assert.equal(other.of('fetch-end')[0]?.complete, true);
  ask(link);
  await until(() => link.of('fetch-end').length === 1004, 'the end');
  assert.equal(link.of('fetch-end')[1003]?.complete, true);
});

import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { until } from '../../test/support/hand-time.ts';
import { signReceipt } from '../identity/index.ts';
import type { NodeId, ReceiptState } from '../model/index.ts';
import { Desk } from './test-desk.ts';
import { newPerson, speak, type Person } from './test-people.ts';
import { HandLink } from './test-ports.ts';
import { switchBetween } from './test-joined-desks.ts';

/** Ann talked to Bob and Cleo, and follows the hub. */
async function ground(t: TestContext) {
  const ann = await Desk.open(t, '101');
  const [bob, cleo, hub] = await Promise.all([newPerson(t, '102'), newPerson(t, '104'), newPerson(t, '103')]);
  ann.office.know(bob, cleo, hub);
  const upstream = new HandLink(hub.record.node);
  ann.office.upstream = upstream;
  ann.office.switchNode = hub.record.node;
  const { id, header } = await speak(ann, [bob, cleo], { time: ann.time });
  ann.store.begin(header.signed, header.facts, { mine: 'talker' });
  const factsOf = (node: NodeId, state: ReceiptState) =>
    ({ v: 1, id, node, state, at: ann.time.now() }) as const;
  const receive = ({ identity }: Person, state: ReceiptState) => {
    const receipt = signReceipt(identity, factsOf(identity.nodeId, state));
    ann.messages.frame({ type: 'receipt', receipt }, upstream);
  };
  const states = () =>
    new Map(ann.store.get(id)?.receipts.map(({ facts }) => [facts.node, facts.state] as const));
  return { ann, bob, cleo, hub, upstream, id, factsOf, receive, states };
}

test('each member’s receipt is kept, and its state only rises', async (t) => {
  const { ann, bob, cleo, hub, upstream, receive, states } = await ground(t);
  receive(hub, 'stored');
  receive(bob, 'heard');
  receive(cleo, 'received');
  receive(bob, 'received');
  assert.deepEqual(
    [hub, bob, cleo].map(({ record }) => states().get(record.node)),
    ['stored', 'heard', 'received'],
  );
  assert.deepEqual(upstream.sent, [], 'they are at their talker: nobody else needs them');
  assert.equal(ann.messages.kept.outbox().length, 0, 'all recipients have it');
});

test('a receipt that another member signed, or changed, is refused', async (t) => {
  const { ann, bob, cleo, hub, upstream, factsOf, states } = await ground(t);
  const node = bob.record.node;
  const genuine = signReceipt(bob.identity, factsOf(node, 'received'));
  const forgeries = [
    cleo.identity.sign(factsOf(node, 'heard')),
    hub.identity.sign(factsOf(node, 'heard')),
    { ...genuine, payload: genuine.payload.replace('received', 'heard') },
    { ...genuine, payload: 'no JSON' },
  ];
  for (const receipt of forgeries) ann.messages.frame({ type: 'receipt', receipt }, upstream);
  assert.equal(states().size, 0);
  ann.messages.frame({ type: 'receipt', receipt: genuine }, upstream);
  assert.equal(states().get(node), 'received', 'the genuine one counts all the same');
});

test('receipts of members who are no recipients, and of outsiders, do not count', async (t) => {
  const { hub, ann, receive, states, upstream, factsOf } = await ground(t);
  receive(hub, 'heard');
  const stranger = await newPerson(t, '105');
  const receipt = signReceipt(stranger.identity, factsOf(stranger.record.node, 'stored'));
  ann.messages.frame({ type: 'receipt', receipt }, upstream);
  assert.equal(states().get(stranger.record.node), undefined);
  assert.notEqual(states().get(hub.record.node), 'heard');
});

test('progress of a recipient comes from itself or the switch, and is kept while the message is spoken', async (t) => {
  const { ann, bob, cleo, hub, upstream, id } = await ground(t);
  const changes = ann.watch('message');
  const report = (node: NodeId, link: HandLink) =>
    ann.messages.frame({ type: 'progress', id, node, state: 'hearing' }, link);
  const [fromBob, fromCleo] = [new HandLink(bob.record.node), new HandLink(cleo.record.node)];
  report(bob.record.node, fromCleo);
  report(hub.record.node, upstream);
  assert.equal(ann.messages.progressOf(id).size, 0, 'a member speaks for itself, and only a recipient');
  assert.deepEqual(changes, []);
  report(bob.record.node, fromBob);
  report(cleo.record.node, upstream);
  assert.deepEqual(
    [...ann.messages.progressOf(id)],
    [
      [bob.record.node, { state: 'hearing' }],
      [cleo.record.node, { state: 'hearing' }],
    ],
  );
  assert.deepEqual(changes, [id, id]);
});

test('a switch that gets a message’s progress before its header passes it on once the header is there', async (t) => {
  const { hub, ann, bob, toAnn, toBob } = await switchBetween(t);
  const { id, header } = await speak(ann, [bob], { time: hub.time });
  const queued = { state: 'notified', isQueued: true, listensTo: hub.record.node } as const;
  const said = { type: 'progress', id, node: bob.record.node, ...queued } as const;
  hub.messages.frame(said, toAnn);
  hub.messages.frame(said, toBob);
  hub.messages.frame({ type: 'announce', header: header.signed }, toAnn);
  await until(() => toAnn.sent.length > 0, 'what is passed on');
  assert.deepEqual(toAnn.sent, [said], 'and once: nobody speaks for another');
});

test('a switch passes receipts and progress on to the talker, and not back', async (t) => {
  const { hub, ann, bob, toAnn, toBob } = await switchBetween(t);
  const { id, header } = await speak(ann, [bob], { time: hub.time });
  hub.messages.frame({ type: 'announce', header: header.signed }, toAnn);
  const facts = { v: 1, id, node: bob.record.node, state: 'received', at: hub.time.now() } as const;
  const receipt = signReceipt(bob.identity, facts);
  for (const link of [toBob, toBob, toAnn]) hub.messages.frame({ type: 'receipt', receipt }, link);
  hub.messages.frame({ type: 'progress', id, node: bob.record.node, state: 'notified' }, toBob);
  await until(() => toAnn.sent.length > 0, 'what is passed on');
  assert.deepEqual(toAnn.sent, [
    { type: 'receipt', receipt },
    { type: 'progress', id, node: bob.record.node, state: 'notified' },
  ]);
  assert.deepEqual(
    toBob.sent.map(({ type }) => type),
    ['announce'],
  );
});

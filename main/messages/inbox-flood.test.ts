import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { until } from '../../test/support/hand-time.ts';
import { signReceipt } from '../identity/index.ts';
import { nextTurn, type ReceiptState } from '../model/index.ts';
import { Desk } from './test-desk.ts';
import { speak, type Person, type Spoken } from './test-people.ts';
import { HandLink } from './test-ports.ts';
import { switchBetween } from './test-joined-desks.ts';

/** A switch that keeps what Ann said to Bob, and links of both. */
async function ground(t: TestContext) {
  const { hub, ann, bob, toAnn, toBob } = await switchBetween(t);
  const keep = async (): Promise<Spoken> => {
    const spoken = await speak(ann, [bob], { time: hub.time });
    hub.store.begin(spoken.header.signed, spoken.header.facts, { keeps: true });
    return spoken;
  };
  const receipt = ({ id }: Spoken, { identity }: Person, state: ReceiptState) =>
    signReceipt(identity, { v: 1, id, node: identity.nodeId, state, at: hub.time.now() });
  return { hub, ann, bob, toAnn, toBob, keep, receipt };
}

test('a thousand requests for the inbox are answered twice, not a thousand times', async (t) => {
  const { hub, toBob, keep } = await ground(t);
  for (let n = 0; n < 5; n += 1) await keep();
  for (let n = 0; n < 1000; n += 1) hub.messages.frame({ type: 'inbox' }, toBob);
  for (let n = 0; n < 10; n += 1) await nextTurn();
  assert.equal(toBob.of('announce').length, 10);
  hub.messages.frame({ type: 'inbox' }, toBob);
  await nextTurn();
  assert.equal(toBob.of('announce').length, 10);
  hub.time.pass(5000);
  assert.equal(toBob.of('announce').length, 15, 'a later request is answered too, in its time');
});

test('a node that becomes the standby after it asked gets all unfinished messages', async (t) => {
  const { hub, ann, toAnn, keep } = await ground(t);
  await keep();
  for (let n = 0; n < 3; n += 1) hub.messages.frame({ type: 'inbox' }, toAnn);
  await nextTurn();
  assert.equal(toAnn.of('announce').length, 0, 'it talked: nothing is for it');
  hub.office.standbyNode = ann.record.node;
  hub.messages.switchChanged();
  hub.messages.frame({ type: 'inbox', receiptsOf: [] }, toAnn);
  hub.time.pass(5000);
  await until(() => toAnn.of('announce').length === 1, 'the unfinished one');
});

test('a talker names what it lacks, and gets the receipts of these messages alone', async (t) => {
  const { hub, ann, bob, toAnn, keep, receipt } = await ground(t);
  const [lacking, settled] = [await keep(), await keep()];
  for (const spoken of [lacking, settled])
    hub.messages.frame(
      { type: 'receipt', receipt: receipt(spoken, bob, 'received') },
      new HandLink(bob.record.node),
    );
  toAnn.sent.length = 0;
  hub.messages.frame({ type: 'inbox', receiptsOf: [lacking.id] }, toAnn);
  assert.deepEqual(toAnn.sent, [{ type: 'receipt', receipt: receiptOf(hub, lacking) }]);
  toAnn.sent.length = 0;
  hub.messages.frame({ type: 'inbox' }, toAnn);
  await until(() => toAnn.of('receipt').length === 2, 'a node of an earlier version gets all');
  assert.equal(ann.record.node, toAnn.peer);
});

const receiptOf = (hub: Desk, { id }: Spoken) => hub.store.get(id)?.receipts[0]?.signed;

test('a node that links to its switch names its messages that somebody has not heard yet, the newest first', async (t) => {
  const { hub, bob, ann } = await ground(t);
  const desk = await Desk.open(t, '105', hub.time);
  desk.office.know(bob, ann);
  const upstream = new HandLink(hub.node);
  desk.office.upstream = upstream;
  const said: Spoken[] = [];
  for (const [to, state] of [
    [[bob], 'received'],
    [[bob], 'heard'],
    [[bob, ann], 'heard'],
  ] as const) {
    hub.time.pass(1000);
    const spoken = await speak(desk, to, { time: hub.time });
    said.push(spoken);
    desk.store.begin(spoken.header.signed, spoken.header.facts, { mine: 'talker' });
    const facts = { v: 1, id: spoken.id, node: bob.record.node, state, at: hub.time.now() } as const;
    desk.messages.frame({ type: 'receipt', receipt: signReceipt(bob.identity, facts) }, upstream);
  }
  upstream.sent.length = 0;
  desk.messages.linkUp(upstream);
  assert.deepEqual(upstream.of('inbox'), [{ type: 'inbox', receiptsOf: [said[2]?.id, said[0]?.id] }]);
});

test('a receipt that is known is looked up before its signature is verified', async (t) => {
  const { hub, bob, toBob, keep, receipt } = await ground(t);
  const spoken = await keep();
  const genuine = receipt(spoken, bob, 'received');
  hub.messages.frame({ type: 'receipt', receipt: genuine }, toBob);
  let asked = 0;
  hub.office.signingKeyOf = (node) => {
    asked += 1;
    return hub.office.known.get(node)?.signingKey;
  };
  for (let n = 0; n < 100; n += 1) hub.messages.frame({ type: 'receipt', receipt: genuine }, toBob);
  assert.equal(asked, 0, 'no key, no verification');
  hub.messages.frame({ type: 'receipt', receipt: receipt(spoken, bob, 'heard') }, toBob);
  assert.equal(asked, 1);
});

import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { Emitter, nextTurn, type MessageId } from '../model/index.ts';
import { signReceipt } from '../identity/index.ts';
import { Archive } from './archive.ts';
import type { MessageEvents } from './events.ts';
import { KeptOfTalkers } from './kept-of-talkers.ts';
import { KeySheets } from './key-sheets.ts';
import { OwnReports } from './own-reports.ts';
import { SwitchForwarder } from './switch-forwarder.ts';
import { openStore } from './test-desk.ts';
import { keep } from './test-kept.ts';
import { newPerson, speak } from './test-people.ts';
import { HandLink } from './test-ports.ts';

/** Bob, to whom Ann talked. His node has no link at first. */
async function ground(t: TestContext) {
  const bob = await openStore(t, '102');
  const [ann, hub] = await Promise.all([newPerson(t, '101'), newPerson(t, '103')]);
  const { store, office, time, identity } = bob;
  office.know(ann, hub);
  const events = new Emitter<MessageEvents>((error) => assert.ifError(error));
  const archive = new Archive({ identity, store, clock: time, kept: new KeptOfTalkers({ store, office }) });
  const sheets = new KeySheets({ ...bob, clock: time, read: store, events });
  const forwarder = new SwitchForwarder(store, office, sheets, {
    ...{ clock: time, schedule: time.schedule, nextTurn },
    log: (line) => assert.fail(line),
  });
  const starts = () => new OwnReports({ archive, office, forwarder, clock: time });
  const upstream = new HandLink(hub.record.node);
  const told = () => {
    const ids = upstream.of('receipt').map(({ receipt, talker }) => {
      assert.equal(talker, ann.record.node);
      return (JSON.parse(receipt.payload) as { id: MessageId }).id;
    });
    upstream.sent.length = 0;
    return ids;
  };
  return { bob, ann, archive, starts, upstream, told };
}

test('after a start the latest receipts are told again, and once: no link may have been up before', async (t) => {
  const { bob, ann, archive, starts, upstream, told } = await ground(t);
  const ids: MessageId[] = [];
  for (let n = 0; n < 51; n += 1) {
    const spoken = await speak(ann, [bob], { time: bob.time });
    bob.store.begin(spoken.header.signed, spoken.header.facts, { mine: 'recipient' });
    bob.time.pass(1000);
    assert.ok(archive.sign(spoken.id, 'received'));
    ids.push(spoken.id);
  }
  bob.time.pass(1000);
  archive.sign(ids[1]!, 'heard');
  const reports = starts();
  reports.look();
  bob.office.upstream = upstream;
  reports.look();
  assert.deepEqual(new Set(told()), new Set(ids.slice(1)), 'the receipt of the first message is the oldest');
  reports.look();
  bob.time.pass(30_000);
  reports.linkLost(upstream);
  reports.look();
  assert.deepEqual(told(), [], 'they have arrived');
});

test('that there was no room for a message reaches its talker, also if no link was up', async (t) => {
  const { bob, ann, starts, upstream, told } = await ground(t);
  const { id } = await speak(ann, [bob], { time: bob.time });
  const reports = starts();
  const facts = { v: 1, id, node: bob.node, state: 'lost', at: bob.time.now(), n: 1 } as const;
  reports.receipt(id, ann.record.node, signReceipt(bob.identity, facts));
  bob.office.upstream = upstream;
  reports.look();
  assert.deepEqual(told(), [id]);
});

test('a report to a talker who is offline is sent at once, for the switch, and again when the talker is there', async (t) => {
  const { bob, ann, starts, upstream } = await ground(t);
  const { id } = await speak(ann, [bob], { time: bob.time });
  bob.office.upstream = upstream;
  bob.office.off.add(ann.record.node);
  const reports = starts();
  reports.progress(id, ann.record.node, { state: 'notified' });
  bob.time.pass(30_000);
  reports.look();
  assert.equal(upstream.of('progress').length, 1);
  bob.office.off.clear();
  for (let times = 0; times < 2; times += 1) reports.look();
  assert.equal(upstream.of('progress').length, 2);
});

test('a receipt whose link is lost while another way to its talker is up goes that way at once', async (t) => {
  const { bob, ann, archive, starts, upstream, told } = await ground(t);
  const { id, header } = await speak(ann, [bob], { time: bob.time });
  bob.store.begin(header.signed, header.facts, { mine: 'recipient' });
  // Ann followed Bob, and her computer died: the link looks well until the system gives it up, long after Bob follows another switch.
  const toAnn = new HandLink(ann.record.node);
  bob.office.downstream = [toAnn];
  const reports = starts();
  const receipt = archive.sign(id, 'received');
  assert.ok(receipt);
  reports.receipt(id, ann.record.node, receipt.signed);
  assert.equal(toAnn.of('receipt').length, 1);
  bob.office.upstream = upstream;
  reports.look();
  bob.time.pass(6000);
  bob.office.downstream = [];
  reports.linkLost(toAnn);
  assert.deepEqual(told(), [id]);
});

test('that a message was heard reaches a talker who comes back after its hearer deleted it', async (t) => {
  const { bob, ann, archive, starts, upstream, told } = await ground(t);
  const { id, header } = await speak(ann, [bob], { time: bob.time });
  bob.store.begin(header.signed, header.facts, { mine: 'recipient' });
  bob.office.upstream = upstream;
  bob.office.off.add(ann.record.node);
  const reports = starts();
  const receipt = await archive.signHeard(id, {});
  assert.ok(receipt);
  reports.receipt(id, ann.record.node, receipt.signed);
  assert.deepEqual(told(), [id]);
  await bob.store.delete(id);
  bob.office.off.clear();
  reports.look();
  assert.deepEqual(told(), [id]);
});

test('a message whose receipt was not on the disk yet when the power failed gets one at the next start', async (t) => {
  const { bob, ann, starts, upstream, told } = await ground(t);
  const spoken = await speak(ann, [bob], { time: bob.time });
  await keep(bob, spoken, { mine: 'recipient', keeps: false });
  bob.office.upstream = upstream;
  assert.deepEqual(bob.store.get(spoken.id)?.holding, []);
  starts().look();
  assert.deepEqual(told(), [spoken.id]);
});

import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { signReceipt } from '../identity/index.ts';
import { Emitter, nextTurn, type ReceiptState } from '../model/index.ts';
import type { MessageEvents } from './events.ts';
import { KeySheets } from './key-sheets.ts';
import { SwitchForwarder } from './switch-forwarder.ts';
import { openStore } from './test-desk.ts';
import { keep } from './test-kept.ts';
import { newPerson, speak, type Person, type Spoken } from './test-people.ts';
import { HandLink } from './test-ports.ts';

/** A switch with the links of Ann, Bob and Cleo. */
async function ground(t: TestContext) {
  const hub = await openStore(t, '103');
  const [ann, bob, cleo] = await Promise.all([newPerson(t, '101'), newPerson(t, '102'), newPerson(t, '104')]);
  const [toAnn, toBob, toCleo] = [ann, bob, cleo].map(({ record }) => new HandLink(record.node)) as [
    HandLink,
    HandLink,
    HandLink,
  ];
  hub.office.switchNode = hub.node;
  hub.office.downstream = [toAnn, toBob, toCleo];
  const events = new Emitter<MessageEvents>((error) => assert.ifError(error));
  const sheets = new KeySheets({ ...hub, clock: hub.time, read: hub.store, events });
  const forwarder = new SwitchForwarder(hub.store, hub.office, sheets, {
    ...{ clock: hub.time, schedule: hub.time.schedule, nextTurn },
    log: (line) => assert.fail(line),
  });
  const keepFrom = async (from: Person, to: readonly Person[]): Promise<Spoken> => {
    const spoken = await speak(from, to, { time: hub.time });
    await keep(hub, spoken, { keeps: true });
    return spoken;
  };
  const receipt = ({ id }: Spoken, { identity }: Person, state: ReceiptState) => {
    const facts = { v: 1, id, node: identity.nodeId, state, at: hub.time.now() } as const;
    const signed = signReceipt(identity, facts);
    hub.store.setReceipt(signed, facts);
    return signed;
  };
  return { hub, ann, bob, cleo, toAnn, toBob, toCleo, forwarder, keepFrom, receipt };
}

const announced = (link: HandLink) => link.of('announce').map(({ header }) => header);
const types = (link: HandLink) => link.sent.map(({ type }) => type);

test('headers and manifests go to the recipients and the standby, and not back where they came from', async (t) => {
  const { ann, bob, cleo, toAnn, toBob, toCleo, forwarder } = await ground(t);
  forwarder.setStandby(cleo.record.node);
  const { header, manifest } = await speak(ann, [bob]);
  forwarder.announce(header.signed, header.facts, toAnn);
  forwarder.end(manifest.signed, header.facts, toAnn);
  assert.deepEqual(
    [types(toAnn), types(toBob), types(toCleo)],
    [[], ['announce', 'manifest'], ['announce', 'manifest']],
  );
  forwarder.announce(header.signed, header.facts, toBob);
  assert.equal(types(toBob).length, 2, 'from Bob it does not return to Bob');
});

test('a standby that asks gets the messages that their recipients do not have yet', async (t) => {
  const { ann, bob, cleo, toCleo, forwarder, keepFrom, receipt } = await ground(t);
  const [waiting, received, half, stored] = [
    await keepFrom(ann, [bob]),
    await keepFrom(ann, [bob]),
    await keepFrom(ann, [bob, cleo]),
    await keepFrom(ann, [bob]),
  ];
  receipt(received, bob, 'received');
  const byBob = receipt(half, bob, 'heard');
  receipt(half, cleo, 'received');
  receipt(stored, cleo, 'stored');
  forwarder.inbox(toCleo);
  assert.deepEqual(types(toCleo), [], 'whoever is no standby gets only what is for it');
  forwarder.setStandby(cleo.record.node);
  forwarder.inbox(toCleo);
  await nextTurn();
  assert.deepEqual(new Set(announced(toCleo)), new Set([waiting, stored].map(({ header }) => header.signed)));
  assert.equal(toCleo.of('manifest').length, 2);
  assert.ok(!toCleo.of('receipt').some(({ receipt: one }) => one.signature === byBob.signature));
});

test('two halves of an office merge: a node announces to its new switch what recipients do not have yet', async (t) => {
  const { ann, bob, cleo, forwarder, keepFrom, receipt } = await ground(t);
  const [waiting, had] = [await keepFrom(ann, [bob]), await keepFrom(ann, [bob])];
  receipt(had, bob, 'received');
  const upstream = new HandLink(cleo.record.node);
  forwarder.merge(upstream);
  assert.deepEqual(types(upstream), ['announce', 'manifest']);
  assert.deepEqual(announced(upstream), [waiting.header.signed]);
});

test('a node that is not followed passes nothing on', async (t) => {
  const { hub, ann, bob, toBob, forwarder } = await ground(t);
  hub.office.downstream = [];
  const { header } = await speak(ann, [bob]);
  forwarder.announce(header.signed, header.facts, undefined);
  forwarder.receipt(header.signed, header.facts.talker, undefined);
  assert.deepEqual(toBob.sent, []);
});

test('a report that went to a talker whose computer had died reaches it when it is back', async (t) => {
  const { hub, ann, bob, toAnn, toBob, toCleo, forwarder } = await ground(t);
  const spoken = await speak(ann, [bob], { time: hub.time });
  const sign = (state: ReceiptState, n: number) =>
    signReceipt(bob.identity, { v: 1, id: spoken.id, node: bob.record.node, state, at: hub.time.now(), n });
  const [received, heard] = [sign('received', 1), sign('heard', 2)];
  forwarder.receipt(received, ann.record.node, toBob);
  hub.time.pass(30_000);
  forwarder.receipt(heard, ann.record.node, toBob);
  assert.equal(toAnn.of('receipt').length, 2);
  hub.time.pass(2000);
  hub.office.downstream = [toBob, toCleo];
  forwarder.linkLost(toAnn);
  const again = new HandLink(ann.record.node);
  hub.office.downstream = [again, toBob, toCleo];
  forwarder.inbox(again);
  assert.deepEqual(
    again.of('receipt').map(({ receipt }) => receipt),
    [heard],
    'the first one had arrived',
  );
});

test('a report goes again at once where its talker is back before the end of its old link is seen', async (t) => {
  const { hub, ann, bob, toAnn, toBob, forwarder } = await ground(t);
  const spoken = await speak(ann, [bob], { time: hub.time });
  const facts = { v: 1, id: spoken.id, node: bob.record.node, state: 'heard', at: hub.time.now() } as const;
  const heard = signReceipt(bob.identity, facts);
  forwarder.receipt(heard, ann.record.node, toBob);
  const again = new HandLink(ann.record.node);
  hub.office.downstream = [again, toBob];
  forwarder.inbox(again);
  forwarder.linkLost(toAnn);
  assert.deepEqual(
    again.of('receipt').map(({ receipt }) => receipt),
    [heard],
  );
});

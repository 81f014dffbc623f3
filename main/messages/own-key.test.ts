import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { HandTime, until } from '../../test/support/hand-time.ts';
import { nextTurn, nodePorts, readHeader, type Signed } from '../model/index.ts';
import { MessageStore } from '../store/index.ts';
import { Composer } from './compose.ts';
import { forReaders, withoutSheet } from './key-sheets.ts';
import { SenderKeys } from './sender-keys.ts';
import { Desk } from './test-desk.ts';
import { newFragments, newPerson } from './test-people.ts';
import { HandLink, HandOffice } from './test-ports.ts';
import { OwnHashes } from './own-hashes.ts';

const COUNT = 20;

/** Ann pages Bob, Cleo and Dana, of whom Dana is not there; nobody has seen her sheet. Bob follows the hub. */
async function ground(t: TestContext) {
  const bob = await Desk.open(t, '102');
  const [ann, cleo, dana, hub] = await Promise.all([
    newPerson(t, '101'),
    newPerson(t, '103'),
    newPerson(t, '104'),
    newPerson(t, '105'),
  ]);
  const upstream = new HandLink(hub.record.node);
  bob.office.know(ann, bob, cleo, dana, hub);
  Object.assign(bob.office, { switchNode: hub.record.node, upstream });
  const { identity } = ann;
  const office = new HandOffice(identity.nodeId);
  office.know(ann, bob, cleo, dana, hub);
  const { random } = nodePorts;
  const senderKeys = new SenderKeys({ identity, office, clock: new HandTime(), random, nextTurn });
  const composer = new Composer({ identity, clock: bob.time, random, senderKeys });
  const meant = [bob, cleo, dana, hub].map(({ record }) => record);
  const recipients = meant.filter(({ node }) => node !== dana.record.node);
  const draft = composer.draft();
  const page = { isToAll: true as const, isKept: true as const };
  const header = await composer.header(draft, { recipients, meant, from: '101', to: '102', page });
  const fragments = newFragments(COUNT);
  const own = new OwnHashes(recipients);
  for (const { bytes } of fragments) own.add(bytes);
  own.end();
  const manifest = composer.manifest(draft.id, own.whole);
  const small = forReaders(header.signed, header.facts);
  const announce = (signed: Signed) => bob.messages.frame({ type: 'announce', header: signed }, upstream);
  const ends = () => {
    bob.media.arrive(fragments, draft.ssrc);
    bob.messages.frame({ type: 'manifest', manifest: manifest.signed }, upstream);
  };
  const kept = () => bob.store.get(draft.id);
  return { ann, bob, cleo, dana, hub, draft, header, small, upstream, announce, ends, kept };
}

test('a page is heard by its datagram alone: with the header each recipient gets their own key, and nobody another’s', async (t) => {
  const { bob, cleo, dana, hub, draft, header, small } = await ground(t);
  const forBob = small(bob.node);
  assert.equal(forBob.sheet, undefined);
  assert.deepEqual(forBob.ownKey?.key.node, bob.node);
  assert.deepEqual(
    [small(dana.record.node).ownKey, header.facts.recipients.includes(dana.record.node)],
    [undefined, false],
  );
  assert.notEqual(small(hub.record.node).ownKey, undefined);
  assert.equal(readHeader(small(cleo.record.node))?.recipients.length, 1);
  bob.hear(forBob);
  await until(() => bob.messages.inbox.isLive(draft.id), 'Bob hears it');
  assert.deepEqual(bob.media.of('receive')[0]?.key, draft.key);
});

test('a message is received once its sheet is here, too, which says for whom else it is', async (t) => {
  const { bob, draft, header, small, upstream, announce, ends, kept } = await ground(t);
  bob.hear(small(bob.node));
  await until(() => bob.messages.inbox.isLive(draft.id), 'Bob hears it');
  ends();
  assert.deepEqual([kept()?.state, kept()?.header.facts.recipients], ['incomplete', [bob.node]]);
  announce(header.signed);
  assert.deepEqual(kept()?.header, header);
  await until(() => kept()?.state === 'complete', 'it is whole');
  await until(() => upstream.of('receipt').length > 0, 'Bob has signed that he has it');
});

test('a sheet that does not come by itself is asked for once the message has ended', async (t) => {
  const { bob, draft, header, small, upstream, announce, ends, kept } = await ground(t);
  bob.hear(small(bob.node));
  await until(() => bob.messages.inbox.isLive(draft.id), 'Bob hears it');
  bob.time.pass(150);
  assert.ok(
    upstream.of('fetch').every(({ words }) => words === undefined),
    'it comes to all at once',
  );
  ends();
  bob.messages.frame({ type: 'fetch-end', id: draft.id, upTo: COUNT, complete: true }, upstream);
  bob.time.pass(1_000);
  assert.ok(upstream.of('fetch').some(({ id, words }) => id === draft.id && words === true));
  announce(withoutSheet(header.signed));
  assert.deepEqual(upstream.of('sheet-wanted'), [{ type: 'sheet-wanted', id: draft.id }]);
  bob.messages.frame({ type: 'sheet', sheet: header.signed.sheet! }, upstream);
  assert.deepEqual(kept()?.header, header);
});

test('who has the sheet names it to whoever asks for what stands beside the header', async (t) => {
  const { bob, cleo, draft, header, announce } = await ground(t);
  announce(header.signed);
  const toCleo = new HandLink(cleo.record.node);
  bob.messages.frame({ type: 'fetch', id: draft.id, from: 0, to: 0, follow: true, words: true }, toCleo);
  assert.deepEqual(toCleo.of('announce'), [{ type: 'announce', header: withoutSheet(header.signed) }]);
  bob.messages.frame({ type: 'sheet-wanted', id: draft.id }, toCleo);
  assert.deepEqual(toCleo.of('sheet'), [{ type: 'sheet', sheet: header.signed.sheet }]);
});

test('who has to know all recipients waits for the sheet: the switch, the standby, and who is diverted', async (t) => {
  for (const role of ['switchNode', 'standbyNode'] as const) {
    const { bob, small, kept } = await ground(t);
    bob.office[role] = bob.node;
    bob.hear(small(bob.node));
    assert.equal(kept(), undefined, role);
  }
  const { ann, bob, cleo, small, kept } = await ground(t);
  bob.office.standIn = { person: cleo.record.node, since: 0 };
  bob.hear(small(bob.node));
  assert.equal(kept(), undefined, 'it may have to be handed on');
  bob.office.standIn = undefined;
  const another = small(cleo.record.node);
  bob.hear(another);
  assert.equal(kept(), undefined, 'the key is not his');
  const overLink = new HandLink(ann.record.node);
  bob.messages.frame({ type: 'announce', header: small(bob.node) }, overLink);
  assert.equal(kept(), undefined, 'only the talker’s own datagram is believed without the sheet');
  assert.equal(overLink.of('sheet-wanted').length, 1);
});

test('a sheet under which the message is not for its reader, and another one, are not taken', async (t) => {
  const { bob, dana, header, small, announce, kept } = await ground(t);
  const { ownKey } = small(bob.node);
  assert.ok(ownKey);
  bob.hear({ ...withoutSheet(header.signed), ownKey });
  announce({ ...header.signed, sheet: `${header.signed.sheet ?? ''} ` });
  assert.equal(kept()?.header.signed.sheet, undefined);
  const stranger = {
    ...withoutSheet(header.signed),
    ownKey: { ...ownKey, key: { ...ownKey.key, node: dana.record.node } },
  };
  assert.deepEqual(readHeader(stranger)?.recipients, [dana.record.node]);
});

test('own key and sheet outlast a restart, also where the index is lost', async (t) => {
  const { bob, draft, header, small, kept } = await ground(t);
  bob.hear(small(bob.node));
  const before = kept()?.header;
  const reopened = async (isIndexLost: boolean) => {
    if (isIndexLost) await rm(join(bob.folder, 'index'), { recursive: true });
    const ports = { ...nodePorts, clock: bob.time };
    return MessageStore.open(bob.folder, { ports, log: () => undefined });
  };
  await bob.store.close();
  for (const isIndexLost of [false, true]) {
    const store = await reopened(isIndexLost);
    assert.deepEqual(store.get(draft.id)?.header, before);
    if (isIndexLost) store.setBeside(draft.id, header.signed);
    await store.close();
  }
  for (const isIndexLost of [false, true]) {
    const store = await reopened(isIndexLost);
    assert.deepEqual(store.get(draft.id)?.header, header);
    await store.close();
  }
});

import assert from 'node:assert/strict';
import { webcrypto } from 'node:crypto';
import { test, type TestContext } from 'node:test';
import { HandTime } from '../../test/support/hand-time.ts';
import { MAX_BODY_BYTES, unwrapMessageKey, verifyHeader } from '../identity/index.ts';
import { nextTurn, nodePorts, readHeader, type KnownNode, type StatementId } from '../model/index.ts';
import { Composer } from './compose.ts';
import { forReaders, withoutSheet } from './key-sheets.ts';
import { SenderKeys } from './sender-keys.ts';
import { newPerson } from './test-people.ts';
import { HandOffice } from './test-ports.ts';

const DAY_MS = 24 * 60 * 60_000;

async function ground(t: TestContext) {
  const ann = await newPerson(t, '101');
  const people = await Promise.all(['102', '103', '104', '105'].map((one) => newPerson(t, one)));
  const time = new HandTime();
  const office = new HandOffice(ann.record.node);
  office.know(ann, ...people);
  const { random } = nodePorts;
  const senderKeys = new SenderKeys({ identity: ann.identity, office, clock: time, random, nextTurn });
  const composer = new Composer({ identity: ann.identity, clock: time, random, senderKeys });
  const records = people.map(({ record }) => record);
  return { ann, people, records, time, office, senderKeys, composer };
}

/** 250 people by the keys of a few: what a header costs does not depend on whose they are. */
function manyOf(records: readonly KnownNode[]): KnownNode[] {
  return Array.from({ length: 250 }, (_, n) => {
    const node = Buffer.alloc(16, 0);
    node.writeUInt32BE(n + 1, 0);
    const record = records[n % records.length];
    assert.ok(record);
    return { ...record, node: node.toString('base64url') as KnownNode['node'] };
  });
}

test('each of many recipients opens the message’s key, and nobody else does', async (t) => {
  const { ann, people, records, composer } = await ground(t);
  const draft = composer.draft();
  const addressing = { recipients: records.slice(0, 3), from: '101', to: '102,103,104' };
  const { signed, facts } = await composer.header(draft, { ...addressing, to: '102' });
  assert.ok(facts.senderKey);
  assert.deepEqual(verifyHeader(signed, ann.identity.signingKeySpki), facts);
  assert.deepEqual(
    facts.recipients,
    records.slice(0, 3).map(({ node }) => node),
  );
  for (const { identity } of [ann, ...people.slice(0, 3)])
    assert.deepEqual(await unwrapMessageKey(identity, facts), draft.key);
  const [, , , outsider] = people;
  assert.ok(outsider);
  await assert.rejects(unwrapMessageKey(outsider.identity, facts), { code: 'no-message-key' });
});

test('a header to 250 fits a datagram', async (t) => {
  const { records, office, composer } = await ground(t);
  const recipients = manyOf(records);
  for (const record of recipients) office.known.set(record.node, record);
  // The longest name that a group can have.
  const group = { id: 'g'.repeat(43) as StatementId, name: '\u{1f4de}'.repeat(32) };
  const addressing = { recipients, from: '101', to: '600', group };
  const { signed, facts } = await composer.header(composer.draft(), addressing);
  assert.deepEqual([facts.recipients.length, facts.group], [250, group]);
  assert.ok(JSON.stringify(withoutSheet(signed)).length <= MAX_BODY_BYTES);
  // With as much beside it as a page has.
  const [first] = recipients;
  assert.ok(first);
  const page = {
    ...addressing,
    recipients: recipients.slice(0, 249),
    meant: recipients,
    page: { isKept: true },
  } as const;
  const some = await composer.header(composer.draft(), {
    ...page,
    isDirect: true,
    isOverride: true,
    isMulticast: true,
  });
  const small = forReaders(some.signed, some.facts)(first.node);
  assert.ok(small.ownKey);
  assert.ok(Buffer.byteLength(JSON.stringify(small)) <= MAX_BODY_BYTES);
});

test('few recipients have a key each, and so have all if one cannot read sheets', async (t) => {
  const { records, office, senderKeys } = await ground(t);
  assert.equal(senderKeys.for(records.slice(0, 2)), undefined);
  assert.ok(senderKeys.for(records));
  const [first] = records;
  assert.ok(first);
  const { readsSheets: _, ...before } = first;
  office.known.set(first.node, before);
  assert.equal(senderKeys.for(records), undefined, 'a recipient of the version before');
  assert.equal(senderKeys.for(records.slice(1)), undefined, 'somebody who may be the switch next');
  office.known.delete(first.node);
  assert.ok(senderKeys.for(records.slice(1)));
});

test('the same people have one sender key for a day; others, or the same with new keys, have another', async (t) => {
  const { ann, records, time, senderKeys } = await ground(t);
  const of = async (recipients: readonly KnownNode[]) => {
    const made = await senderKeys.for(recipients);
    assert.ok(made);
    return made.hash;
  };
  const all = await of(records);
  assert.equal(await of(records.toReversed()), all);
  const fewer = await of(records.slice(1));
  assert.notEqual(fewer, all, 'somebody left');
  const [first, second] = records;
  assert.ok(first && second);
  assert.notEqual(await of([{ ...first, hpkeKey: second.hpkeKey }, ...records.slice(1)]), all);
  const [sameTalker, otherTalker] = [ann.identity.nodeId, records[0]?.node];
  assert.ok(otherTalker);
  Object.defineProperty(ann.identity, 'nodeId', { value: otherTalker, configurable: true });
  assert.notEqual(await of(records), all, 'the talker came back with other keys');
  Object.defineProperty(ann.identity, 'nodeId', { value: sameTalker, configurable: true });
  time.pass(DAY_MS - 1);
  assert.equal(await of(records), all);
  time.pass(1);
  assert.notEqual(await of(records), all);
});

test('a header is read with its own sheet, and with no other', async (t) => {
  const { people, records, composer } = await ground(t);
  const addressing = { recipients: records, from: '101', to: '102' };
  const { signed, facts } = await composer.header(composer.draft(), addressing);
  assert.deepEqual(readHeader(signed), facts);
  assert.equal(readHeader(withoutSheet(signed)), undefined);
  const other = await composer.header(composer.draft(), { ...addressing, recipients: records.slice(1) });
  assert.equal(readHeader({ ...signed, sheet: other.signed.sheet }), undefined);
  assert.equal(readHeader({ ...signed, sheet: `${signed.sheet ?? ''} ` }), undefined);
  // Whoever takes a colleague's sheet for words of their own names a talker that the sheet does not.
  const [bob] = people;
  assert.ok(bob && signed.sheet);
  const { recipients: _, keys: __, senderKey: ___, ...about } = facts;
  const stolen = {
    ...about,
    talker: bob.record.node,
    sheet: facts.senderKey?.sheet,
    sealed: facts.senderKey?.sealed,
  };
  assert.equal(readHeader({ ...bob.identity.sign(stolen), sheet: signed.sheet }), undefined);
});

/** Counts key wraps: each begins with a key pair of its own (RFC 9180). */
function countWraps(t: TestContext): () => number {
  const { mock } = t.mock.method(webcrypto.subtle, 'generateKey');
  return () => mock.callCount();
}

test('keys that were prepared are there at key down, whoever of these people is online', async (t) => {
  const { people, records, senderKeys, composer } = await ground(t);
  const wraps = countWraps(t);
  const group = records.slice(1);
  assert.equal(await senderKeys.prepare([records, group, records.toReversed()]), 5 + 4);
  assert.equal(wraps(), 9);
  const [from, page] = ['101', { isToAll: true as const }];
  const toAll = { meant: records, from, to: '102', page };
  const headers = [
    await composer.header(composer.draft(), { ...toAll, recipients: records }),
    await composer.header(composer.draft(), { ...toAll, recipients: records.slice(0, 3) }),
    await composer.header(composer.draft(), { ...toAll, recipients: records.slice(1) }),
    await composer.header(composer.draft(), { recipients: group, meant: group, from, to: '600', page: {} }),
    await composer.header(composer.draft(), { recipients: group, from, to: '600' }),
  ];
  assert.equal(wraps(), 9, 'nothing is wrapped at key down');
  const [all, some, others, toGroup, talk] = headers;
  assert.ok(all && some && others && toGroup && talk);
  const sheetOf = ({ facts }: typeof all) => facts.senderKey?.sheet;
  assert.equal(new Set([all, some, others].map(sheetOf)).size, 1);
  assert.equal(sheetOf(talk), sheetOf(toGroup));
  assert.notEqual(sheetOf(talk), sheetOf(all));

  // The header says for whom the page is, and others find no key in it.
  const nodes = records.map(({ node }) => node);
  assert.deepEqual([some.facts.recipients, others.facts.recipients], [nodes.slice(0, 3), nodes.slice(1)]);
  assert.deepEqual(readHeader(some.signed), some.facts);
  const [bob, , , dana] = people;
  assert.ok(bob && dana);
  assert.ok(await unwrapMessageKey(bob.identity, some.facts));
  await assert.rejects(unwrapMessageKey(dana.identity, some.facts), { code: 'no-message-key' });
});

test('nobody is given a key of a page that was not meant for them, or who was removed', async (t) => {
  const { records, office, senderKeys } = await ground(t);
  const [, bob, , dana] = records;
  assert.ok(bob && dana);
  const of = async (...args: Parameters<SenderKeys['for']>) => {
    const made = await senderKeys.for(...args);
    return made?.sheet.keys.map(({ node }) => node).slice(1);
  };
  const nodes = records.map(({ node }) => node);
  assert.deepEqual(await of(records.slice(0, 3), records), nodes);
  assert.deepEqual(await of(records, records.slice(0, 3)), nodes, 'who is meant is always named as well');
  office.formerKeys.set(dana.node, dana.signingKey);
  assert.deepEqual(await of(records.slice(0, 3), records), nodes.slice(0, 3), 'she was removed');
  office.formerKeys.clear();
  const { readsSheets: _, ...before } = dana;
  office.known.set(dana.node, before);
  office.off.add(dana.node);
  assert.deepEqual(await of(records.slice(0, 3), records), nodes.slice(0, 3), 'hers is of a version before');
});

test('keys are renewed ahead of their time, and where people came or left', async (t) => {
  const { records, time, senderKeys } = await ground(t);
  const wraps = countWraps(t);
  const hash = async () => (await senderKeys.for(records))?.hash;
  await senderKeys.prepare([records]);
  const first = await hash();
  time.pass(DAY_MS - 4 * 60 * 60_000 - 1);
  assert.equal(await senderKeys.prepare([records]), 0);
  time.pass(1);
  const renewing = senderKeys.prepare([records]);
  assert.equal(await hash(), first, 'who talks meanwhile does not wait for the new one');
  assert.equal(await renewing, 5);
  assert.notEqual(await hash(), first);
  assert.equal(await senderKeys.prepare([records.slice(1)]), 4, 'somebody left');
  assert.equal(wraps(), 5 + 5 + 4);
  assert.equal(await senderKeys.prepare([records]), 5, 'keys of sets that are gone are forgotten');
});

test('a key that cannot be wrapped delays no other set, and is tried again', async (t) => {
  const { records, senderKeys } = await ground(t);
  const [first] = records;
  assert.ok(first);
  const broken = [{ ...first, hpkeKey: Buffer.alloc(65).toString('base64url') }, ...records.slice(1)];
  const wraps = countWraps(t);
  await assert.rejects(senderKeys.prepare([broken, records.slice(1)]), { code: 'bad-hpke-key' });
  const before = wraps();
  await senderKeys.for(records.slice(1));
  assert.equal(wraps(), before);
  await assert.rejects(async () => senderKeys.for(broken), { code: 'bad-hpke-key' });
});

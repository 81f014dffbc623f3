import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { HandTime } from '../../test/support/hand-time.ts';
import { MAX_BODY_BYTES, unwrapMessageKey, verifyHeader } from '../identity/index.ts';
import { nextTurn, nodePorts, readHeader, type KnownNode, type StatementId } from '../model/index.ts';
import { Composer } from './compose.ts';
import { withoutSheet } from './key-sheets.ts';
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

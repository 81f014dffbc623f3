import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { HandTime } from '../../test/support/hand-time.ts';
import { FragmentHash, unwrapMessageKey, verifyHeader, verifyManifest } from '../identity/index.ts';
import {
  MAX_HEADER_BYTES,
  MAX_RECIPIENTS,
  nodePorts,
  toBase64url,
  type NodeId,
  type StatementId,
} from '../model/index.ts';
import { Composer } from './compose.ts';
import { newFragments, newPerson } from './test-people.ts';

async function ground(t: TestContext) {
  const [ann, bob, cleo] = await Promise.all([newPerson(t, '101'), newPerson(t, '102'), newPerson(t, '103')]);
  const time = new HandTime();
  const composer = new Composer({ identity: ann.identity, clock: time, random: nodePorts.random });
  const addressing = { recipients: [bob.record, cleo.record], from: '101', to: '102' };
  return { ann, bob, cleo, time, composer, addressing };
}

test('a header verifies, and each recipient and the talker open the message’s key', async (t) => {
  const { ann, bob, cleo, time, composer, addressing } = await ground(t);
  const draft = composer.draft();
  time.pass(500);
  const { signed, facts } = await composer.header(draft, addressing);
  assert.deepEqual(verifyHeader(signed, ann.identity.signingKeySpki), facts);
  assert.equal(verifyHeader(signed, bob.identity.signingKeySpki), undefined, 'nobody else signed it');
  assert.equal(facts.startedAt, time.now() - 500, 'it began at key down, not when it was signed');
  assert.deepEqual(facts.recipients, [bob.record.node, cleo.record.node]);
  for (const { identity } of [ann, bob, cleo]) {
    const { masterKey, masterSalt } = await unwrapMessageKey(identity, facts);
    assert.deepEqual([masterKey, masterSalt], [draft.key.masterKey, draft.key.masterSalt]);
  }
  const stranger = await newPerson(t, '104');
  await assert.rejects(unwrapMessageKey(stranger.identity, facts), { code: 'no-message-key' });
});

test('a header to the most recipients possible is within its limit', async (t) => {
  const { ann, bob, composer } = await ground(t);
  const recipients = Array.from({ length: MAX_RECIPIENTS }, (_, n) => {
    const node = Buffer.alloc(16);
    node.writeUInt32BE(n + 1);
    return { ...bob.record, node: node.toString('base64url') as NodeId };
  });
  const group = { id: 'g'.repeat(43) as StatementId, name: '\u{1f4de}'.repeat(32) };
  const addressing = { recipients, from: '101', to: '600', group, forwardedFrom: group.name };
  const { signed, facts } = await composer.header(composer.draft(), addressing);
  assert.ok(signed.payload.length < MAX_HEADER_BYTES, `${signed.payload.length} bytes`);
  assert.deepEqual(verifyHeader(signed, ann.identity.signingKeySpki), facts);
  assert.deepEqual([facts.recipients.length, facts.group], [500, group]);
});

test('each message has a name, a stream and a key of its own', async (t) => {
  const { composer } = await ground(t);
  const drafts = Array.from({ length: 20 }, () => composer.draft());
  for (const of of [
    drafts.map(({ id }) => id),
    drafts.map(({ ssrc }) => String(ssrc)),
    drafts.map(({ key }) => toBase64url(key.masterKey)),
    drafts.map(({ key }) => toBase64url(key.masterSalt)),
  ])
    assert.equal(new Set(of).size, drafts.length);
});

test('a manifest verifies, and has the number of fragments, the duration and the hash', async (t) => {
  const { ann, bob, composer, time } = await ground(t);
  const { id } = composer.draft();
  const hash = new FragmentHash();
  const fragments = newFragments(37);
  for (const { bytes } of fragments) hash.add(bytes);
  const { signed, facts } = composer.manifest(id, hash);
  assert.deepEqual(verifyManifest(signed, ann.identity.signingKeySpki), facts);
  assert.equal(verifyManifest(signed, bob.identity.signingKeySpki), undefined);
  assert.deepEqual(
    [facts.id, facts.count, facts.durationMs, facts.endedAt, facts.hash],
    [id, 37, 370, time.now(), hash.digest()],
  );
});

test('a key wrap that was prepared is used for one message only', async (t) => {
  const { ann, bob, composer, addressing } = await ground(t);
  await composer.prepare(addressing.recipients);
  // What is prepared holds the encapsulated key already: a second preparation changes nothing.
  await composer.prepare(addressing.recipients);
  const headers = [
    await composer.header(composer.draft(), addressing),
    await composer.header(composer.draft(), addressing),
  ];
  const encapsulated = headers.flatMap(({ facts }) => facts.keys.map(({ enc }) => enc));
  assert.equal(
    new Set(encapsulated).size,
    6,
    'no two messages, and no two readers, share an encapsulated key',
  );
  for (const { facts } of headers)
    for (const { identity } of [ann, bob]) await unwrapMessageKey(identity, facts);
});

test('a wrap that was prepared for a former key of the recipient is not used', async (t) => {
  const { bob, composer, addressing } = await ground(t);
  await composer.prepare(addressing.recipients);
  const moved = await newPerson(t, '102');
  const record = { ...bob.record, hpkeKey: moved.record.hpkeKey };
  const { facts } = await composer.header(composer.draft(), { ...addressing, recipients: [record] });
  await unwrapMessageKey({ nodeId: bob.record.node, hpkeKey: moved.identity.hpkeKey, former: [] }, facts);
});

test('a forwarded message names who spoke it, inside what is signed', async (t) => {
  const { ann, composer, addressing } = await ground(t);
  const { signed } = await composer.header(composer.draft(), { ...addressing, forwardedFrom: 'Dana' });
  assert.equal(verifyHeader(signed, ann.identity.signingKeySpki)?.forwardedFrom, 'Dana');
  const plain = await composer.header(composer.draft(), addressing);
  assert.ok(!('forwardedFrom' in plain.facts));
});

test('an invalid key of a recipient is refused', async (t) => {
  const { bob, composer, addressing } = await ground(t);
  const record = { ...bob.record, hpkeKey: toBase64url(new Uint8Array(65)) };
  await assert.rejects(composer.header(composer.draft(), { ...addressing, recipients: [record] }), {
    code: 'bad-hpke-key',
  });
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pairKeys, sealPacket, signFragmentHashes } from '../identity/index.ts';
import { newMessageId, nodePorts, type Signed } from '../model/index.ts';
import { beliefs, CALL_BYTES, ELSEWHERE, idOf, type WiredNode, WiredOffice } from './test-datagrams.ts';
import { newIdentity } from './test-network.ts';

const header: Signed = { payload: '{"v":1}', signature: 'A'.repeat(86) };
const CHALLENGE_BYTES = 72;

test('two nodes that know each other meet at an address, to which only calls go before', async (t) => {
  const office = new WiredOffice(t);
  const [ann, bob] = [await office.add('10.0.0.1'), await office.add('10.0.0.2')];
  office.run(bob);
  office.run(ann, bob);
  const { carried } = office.wire;
  assert.deepEqual(
    carried.map(({ bytes, to }) => [bytes.length, to.address]),
    [[CALL_BYTES, bob.at.address]],
  );
  office.time.pass(2);
  assert.equal(carried[1]?.bytes.length, CHALLENGE_BYTES, 'the answer is smaller than the call');
  office.time.pass(3);
  assert.deepEqual(ann.datagrams.addressOf(idOf(bob)), bob.at);
  assert.deepEqual(bob.datagrams.addressOf(idOf(ann)), ann.at);
  office.time.pass(2000);
  assert.equal(ann.election.state().switch, bob.election.state().switch);
  assert.equal(bob.datagrams.believedEndpointsOf(idOf(ann))?.media, 3000);
  assert.deepEqual([ann.log, bob.log], [[], []]);
});

test('a sealed header arrives as it was sent: a third member can neither read it nor send it as its own', async (t) => {
  const office = new WiredOffice(t);
  const [ann, bob, cleo] = (await office.settled('10.0.0.1', '10.0.0.2', '10.0.0.3')) as [
    WiredNode,
    WiredNode,
    WiredNode,
  ];
  const before = office.wire.carried.length;
  assert.equal(ann.datagrams.sendHeader(idOf(bob), header), true);
  const sent = office.wire.carried[before]!;
  assert.deepEqual(sent.to, bob.at);
  assert.ok(!sent.bytes.includes(header.payload));
  office.wire.bring(sent.bytes, cleo.at, bob.at);
  office.wire.bring(sent.bytes, ann.at, cleo.at);
  office.time.pass(10);
  assert.deepEqual([bob.headers, cleo.headers], [[header], []]);
});

test('hashes of 50 fragments fit a datagram and arrive with their sender; a malformed one is dropped', async (t) => {
  const office = new WiredOffice(t);
  const [ann, bob] = (await office.settled('10.0.0.1', '10.0.0.2')) as [WiredNode, WiredNode];
  const { nodeId } = ann.identity;
  const all = Buffer.alloc(400, 7).toString('base64url');
  const facts = { v: 1, id: newMessageId(), talker: nodeId, from: 59_950, hashes: all } as const;
  const hashes = signFragmentHashes(ann.identity, facts);
  assert.equal(ann.datagrams.sendHashes(idOf(bob), hashes), true);
  office.time.pass(10);
  assert.deepEqual([bob.hashes, bob.headers], [[{ from: nodeId, hashes }], []]);
  assert.deepEqual(bob.log, []);
  ann.datagrams.sendHashes(idOf(bob), { payload: 'x', signature: 'none' });
  office.time.pass(10);
  assert.equal(bob.hashes.length, 1);
  assert.equal(bob.log.length, 1);
});

test('a header that is too large for a datagram is not sent: the switch carries it', async (t) => {
  const office = new WiredOffice(t);
  const [ann, bob] = (await office.settled('10.0.0.1', '10.0.0.2')) as [WiredNode, WiredNode];
  const before = office.wire.carried.length;
  assert.equal(ann.datagrams.sendHeader(idOf(bob), { ...header, payload: 'x'.repeat(1200) }), false);
  assert.equal(office.wire.carried.length, before);
});

test('a header has its reader’s own key and its words beside it as far as they fit', async (t) => {
  const office = new WiredOffice(t);
  const [ann, bob] = (await office.settled('10.0.0.1', '10.0.0.2')) as [WiredNode, WiredNode];
  const key = { node: idOf(bob), enc: 'A'.repeat(87), sealed: 'A'.repeat(59) };
  const ownKey = { salt: newMessageId(), key };
  const [short, long] = ['w'.repeat(40), 'w'.repeat(600)];
  const bare = { ...header, payload: 'x'.repeat(600) };
  const full = { ...header, payload: 'x'.repeat(1000) };
  ann.datagrams.sendHeader(idOf(bob), { ...bare, words: short, ownKey });
  ann.datagrams.sendHeader(idOf(bob), { ...bare, words: long, ownKey });
  ann.datagrams.sendHeader(idOf(bob), { ...full, words: long, ownKey });
  office.time.pass(10);
  assert.deepEqual(bob.headers, [{ ...bare, words: short, ownKey }, { ...bare, ownKey }, full]);
});

test('a datagram that no member sealed is dropped, and logged at each tenfold', async (t) => {
  const office = new WiredOffice(t);
  const ann = await office.add('10.0.0.1');
  const foreign = await newIdentity(t);
  const officeId = nodePorts.random.bytes(16);
  const keys = pairKeys(foreign, idOf(ann), ann.identity.hpkePublicKey, officeId);
  const empty = { echo: Buffer.alloc(8), offer: Buffer.alloc(8), boot: 1, seq: 1, kind: 2 };
  const kinds = [
    Buffer.from('no seal'),
    Buffer.alloc(0),
    Buffer.alloc(CALL_BYTES, 3),
    sealPacket(keys!.sending, { ...empty, body: Buffer.alloc(0) }),
  ];
  for (let n = 0; n < 100; n += 1) office.wire.bring(kinds[n % kinds.length]!, ELSEWHERE, ann.at);
  office.time.pass(10);
  assert.deepEqual(
    ann.log.map((line) => /from 10\.0\.0\.7 \((\d+) so far\)/.exec(line)?.[1]),
    ['1', '10', '100'],
  );
  assert.deepEqual(office.wire.carried, []);
});

test('two members that never send each other a beat believe each other’s endpoints once they have greeted', async (t) => {
  const office = new WiredOffice(t);
  const [ann, bob, cleo] = (await office.settled('10.0.0.1', '10.0.0.2', '10.0.0.3')) as [
    WiredNode,
    WiredNode,
    WiredNode,
  ];
  // A program that is started anew knows its colleagues by their records, and is known by its own.
  await office.close(cleo);
  const anew = await office.add(cleo.at.address, { identity: cleo.identity, port: 2001 });
  const recordOf = ({ at }: WiredNode) => ({
    address: at.address,
    control: 1000,
    beat: at.port,
    media: 3000,
  });
  const news: string[] = [];
  bob.datagrams.events.on('endpoints', (node) => news.push(node));
  // Only greetings and what answers them get through between the two.
  const isBetween = (from: string, to: string) =>
    [from, to].sort().join() === [bob.at.address, anew.at.address].sort().join();
  office.wire.loses = ({ from, to, bytes }) => isBetween(from.address, to.address) && bytes.length > 150;
  office.run(anew, ann);
  bob.datagrams.addPeer(idOf(anew), recordOf(anew));
  anew.datagrams.addPeer(idOf(bob), recordOf(bob));
  office.time.pass(5000);
  assert.equal(bob.datagrams.believedEndpointsOf(idOf(anew))?.beat, 2001);
  assert.equal(anew.datagrams.believedEndpointsOf(idOf(bob))?.media, 3000);
  assert.ok(news.includes(idOf(anew)), 'whoever sends to it is told');
});

test('a captured beat that an outsider replays from another address changes no address', async (t) => {
  const office = new WiredOffice(t);
  const [ann, bob] = (await office.settled('10.0.0.1', '10.0.0.2')) as [WiredNode, WiredNode];
  const caught = office.wire.carried.length;
  office.wire.loses = ({ from }) => from.address === ann.at.address;
  office.time.pass(1200);
  const beat = office.wire.carried.slice(caught).find(({ from }) => from.address === ann.at.address)!;
  office.wire.loses = () => false;
  office.wire.bring(beat.bytes, ELSEWHERE, bob.at);
  office.time.pass(10);
  assert.deepEqual(bob.datagrams.addressOf(idOf(ann)), ann.at);
  assert.equal(bob.datagrams.believedEndpointsOf(idOf(ann))?.address, ann.at.address);
  const drawn = office.wire.carried.filter(({ to }) => to.address === ELSEWHERE.address);
  assert.deepEqual(
    drawn.map(({ bytes }) => bytes.length),
    [CHALLENGE_BYTES],
  );
});

test('one recorded beat of each of three nodes, repeated 60 times a second, changes nothing', async (t) => {
  const office = new WiredOffice(t);
  const nodes = await office.settled('10.0.0.1', '10.0.0.2', '10.0.0.3');
  const lastOf = ({ at }: WiredNode) =>
    office.wire.carried
      .filter(({ from, bytes }) => from.address === at.address && bytes.length > 150)
      .at(-1)!;
  const recorded = nodes.map(lastOf);
  const before = beliefs(nodes);
  for (const node of nodes) node.outputs.length = 0;
  for (let round = 0; round < 15 * 60; round += 1) {
    for (const { bytes } of recorded) for (const { at } of nodes) office.wire.bring(bytes, ELSEWHERE, at);
    office.time.pass(1000 / 60);
    assert.deepEqual(beliefs(nodes), before);
  }
  office.time.pass(60_000);
  assert.deepEqual(beliefs(nodes), before);
  const changes = nodes.flatMap(({ outputs }) => outputs.filter(({ type }) => type !== 'send'));
  assert.deepEqual(changes, []);
  const drawn = office.wire.carried.filter(({ to }) => to.address === ELSEWHERE.address);
  assert.ok(drawn.every(({ bytes }) => bytes.length <= CHALLENGE_BYTES));
  assert.ok(drawn.length <= 15 * 34 * recorded.length, `${drawn.length} challenges`);
});

test('a datagram from an earlier start, or from before the receiver slept, is not believed', async (t) => {
  const office = new WiredOffice(t);
  const [ann, bob] = (await office.settled('10.0.0.1', '10.0.0.2')) as [WiredNode, WiredNode];
  const recorded = office.wire.between(ann.at, bob.at);
  assert.ok(recorded.length > 5);
  await office.close(ann);
  await office.close(bob);
  const again = await office.add(bob.at.address, { identity: bob.identity });
  for (const [node, identity] of bob.knows) again.knows.set(node, identity);
  again.datagrams.membersChanged();
  office.run(again);
  for (const { bytes } of recorded) {
    office.wire.bring(bytes, ann.at, again.at);
    office.time.pass(100);
    assert.equal(again.datagrams.addressOf(idOf(ann)), undefined);
    assert.notEqual(again.election.state().switch, idOf(ann), 'a ghost');
  }
  assert.equal(again.election.state().role, 'switch');
});

test('a node that slept believes no datagram from before, and is back among the others at once', async (t) => {
  const office = new WiredOffice(t);
  const [ann, bob] = (await office.settled('10.0.0.1', '10.0.0.2')) as [WiredNode, WiredNode];
  const held: Buffer[] = [];
  office.wire.loses = ({ bytes, to }) => {
    if (to.address !== bob.at.address) return true;
    held.push(bytes);
    return true;
  };
  office.time.pass(1100);
  assert.ok(held.length > 0);
  const seenAt = bob.datagrams.health().find(({ node }) => node === idOf(ann))?.heardAt;
  bob.datagrams.membersChanged();
  office.time.sleep(6000);
  office.wire.loses = () => true;
  for (const bytes of held) office.wire.bring(bytes, ann.at, bob.at);
  office.time.pass(20);
  const heardAt = bob.datagrams.health().find(({ node }) => node === idOf(ann))?.heardAt;
  assert.ok((heardAt ?? 0) - (seenAt ?? 0) <= 6000, 'shifted by the sleep, and not heard anew');
  office.wire.loses = () => false;
  office.time.pass(2500);
  assert.equal(ann.election.state().switch, bob.election.state().switch);
});

test('a caller that is no member is reported, and gets no datagram', async (t) => {
  const office = new WiredOffice(t);
  const ann = await office.add('10.0.0.1');
  const stranger = await office.add('10.0.0.2', { isStranger: true });
  office.run(ann);
  office.run(stranger, ann);
  office.time.pass(100);
  assert.deepEqual(
    ann.strangers.map(({ call, at }) => [call.caller, call.control, at]),
    [[idOf(stranger), 1000, stranger.at]],
  );
  assert.deepEqual(office.wire.between(ann.at, stranger.at), []);
});

test('a member that does not know this node is called back, so that it links', async (t) => {
  const office = new WiredOffice(t);
  const ann = await office.add('10.0.0.1');
  const bob = await office.add('10.0.0.2', { isStranger: true });
  for (const [node, identity] of bob.knows) ann.knows.set(node, identity);
  ann.datagrams.membersChanged();
  office.run(ann);
  office.run(bob, ann);
  office.time.pass(400);
  assert.deepEqual(
    bob.strangers.map(({ call }) => call.caller),
    [idOf(ann)],
  );
  assert.ok(office.wire.between(ann.at, bob.at).every(({ bytes }) => bytes.length <= CALL_BYTES));
});

test('a node whose clock was set back is believed again: others tell it which start number it must exceed', async (t) => {
  const office = new WiredOffice(t);
  const [ann, bob] = (await office.settled('10.0.0.1', '10.0.0.2')) as [WiredNode, WiredNode];
  await office.close(bob);
  const again = await office.add(bob.at.address, { identity: bob.identity, boot: 1000 });
  for (const [node, identity] of bob.knows) again.knows.set(node, identity);
  again.datagrams.membersChanged();
  office.run(again, ann);
  office.time.pass(1500);
  assert.equal(again.election.state().switch, ann.election.state().switch);
  assert.equal(ann.datagrams.health().find(({ node }) => node === idOf(bob))?.alive, true);
});

test('a beat shows whether its sender has the same ledger', async (t) => {
  const office = new WiredOffice(t);
  const digest = Buffer.alloc(8, 7);
  const [ann, bob] = [await office.add('10.0.0.1'), await office.add('10.0.0.2', { digest })];
  office.run(bob);
  office.run(ann, bob);
  office.time.pass(1000);
  assert.deepEqual(ann.digests[0], { node: idOf(bob), digest });
  assert.deepEqual(bob.digests[0], { node: idOf(ann), digest: Buffer.alloc(8) });
});

test('a node that is no member any more is forgotten', async (t) => {
  const office = new WiredOffice(t);
  const [ann, bob] = (await office.settled('10.0.0.1', '10.0.0.2')) as [WiredNode, WiredNode];
  ann.knows.clear();
  ann.datagrams.membersChanged();
  assert.equal(ann.datagrams.addressOf(idOf(bob)), undefined);
  const before = office.wire.carried.length;
  ann.datagrams.sendHeader(idOf(bob), header);
  office.time.pass(5000);
  const packets = office.wire.carried
    .slice(before)
    .filter(({ from, bytes }) => from.address === ann.at.address && bytes.length !== CALL_BYTES);
  assert.deepEqual(packets, []);
});

test('after close it sends nothing more, and no timer is left', async (t) => {
  const office = new WiredOffice(t);
  const [ann, bob] = [await office.add('10.0.0.1'), await office.add('10.0.0.2')];
  office.run(ann, bob);
  office.time.pass(500);
  const { length } = office.wire.carried;
  assert.ok(length > 0);
  await ann.datagrams.close();
  assert.deepEqual(office.time.dueIn, []);
  ann.datagrams.addCandidate(ELSEWHERE);
  ann.datagrams.sendHeader(idOf(bob), header);
  office.time.pass(5000);
  assert.equal(office.wire.carried.length, length);
});

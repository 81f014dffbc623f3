import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { HandTime } from '../../test/support/hand-time.ts';
import { Election } from '../election/index.ts';
import { createOffice, officeKeys, sealDatagram } from '../identity/index.ts';
import type { Signed } from '../model/index.ts';
import { MemberDatagrams } from './member-datagrams.ts';
import { HandNetwork, newIdentity } from './test-network.ts';

const FROM = { address: '10.0.0.2', port: 47_021 };
const ELSEWHERE = { address: '10.0.0.7', port: 9 };
const header: Signed = { payload: '{"v":1}', signature: 'A'.repeat(86) };

async function ground(t: TestContext) {
  const [network, time] = [new HandNetwork(), new HandTime()];
  const log: string[] = [];
  const keys = officeKeys(createOffice().key);
  const open = async (address: string) => {
    const at = { address, port: 47_021 };
    const parts = { network, keys, clock: time, schedule: time.schedule };
    const datagrams = await MemberDatagrams.open(at, {
      ...parts,
      log: (line: string) => void log.push(line),
    });
    return { datagrams, socket: network.datagrams[network.datagrams.length - 1]! };
  };
  const run = async (datagrams: MemberDatagrams, address: string) => {
    const { nodeId } = await newIdentity(t);
    const election = new Election({
      ...{ self: nodeId, rank: 100, random: () => 0.5, boot: time.now(), revision: 1 },
      endpoints: { address, control: 1, beat: 47_021, media: 3 },
      now: time.monotonic(),
    });
    datagrams.run(election);
    return nodeId;
  };
  const { datagrams, socket } = await open('10.0.0.1');
  const headers: Signed[] = [];
  datagrams.events.on('header', (one) => headers.push(one));
  return { network, time, log, keys, open, run, datagrams, socket, headers };
}

test('a header arrives as it was sent, sealed: nobody without the office key reads it', async (t) => {
  const { open, datagrams, socket, headers } = await ground(t);
  const { datagrams: other, socket: theirs } = await open(FROM.address);
  assert.equal(other.sendHeader({ address: '10.0.0.1', port: 47_021 }, header), true);
  const [{ bytes, to }] = theirs.sent as [(typeof theirs.sent)[0]];
  assert.deepEqual(to, { address: '10.0.0.1', port: 47_021 });
  assert.ok(!Buffer.from(bytes).includes(header.payload));
  socket.received(Buffer.from(bytes), FROM);
  assert.deepEqual(headers, [header]);
  await Promise.all([datagrams.close(), other.close()]);
});

test('a header that is too large for a datagram is not sent: the switch carries it', async (t) => {
  const { datagrams, socket } = await ground(t);
  assert.equal(datagrams.sendHeader(FROM, { ...header, payload: 'x'.repeat(1200) }), false);
  assert.deepEqual(socket.sent, []);
});

test('what no member sealed is dropped, and logged once for each tenfold', async (t) => {
  const { keys, socket, headers, log } = await ground(t);
  const foreign = officeKeys(createOffice().key);
  const kinds = [
    sealDatagram(foreign, Buffer.concat([Buffer.of(2), Buffer.from(JSON.stringify(header))])),
    Buffer.from('no seal'),
    sealDatagram(keys, Buffer.of(99, 1, 2)),
    sealDatagram(keys, Buffer.concat([Buffer.of(2), Buffer.from('{"payload":1}')])),
    sealDatagram(keys, Buffer.concat([Buffer.of(1), Buffer.from('no beat')])),
  ];
  for (let n = 0; n < 100; n += 1) socket.received(kinds[n % kinds.length]!, FROM);
  assert.deepEqual(headers, []);
  assert.deepEqual(
    log.map((line) => /from 10\.0\.0\.2 \((\d+) so far\)/.exec(line)?.[1]),
    ['1', '10', '100'],
  );
});

test('a node is reached where its beat came from, and is told by its beat to the election', async (t) => {
  const { open, run, time, datagrams, socket, log } = await ground(t);
  const { datagrams: other, socket: theirs } = await open(FROM.address);
  await run(datagrams, '10.0.0.1');
  const node = await run(other, FROM.address);
  const alive: unknown[] = [];
  datagrams.events.on('election', (outputs) =>
    alive.push(...outputs.flatMap((output) => (output.type === 'alive' ? [output.node] : []))),
  );
  other.addCandidate({ address: '10.0.0.1', port: 47_021 });
  time.pass(200);
  const beat = Buffer.from(theirs.sent[0]!.bytes);
  datagrams.addPeer(node, { ...ELSEWHERE, control: 1, beat: 9, media: 3 });
  assert.deepEqual(datagrams.addressOf(node), ELSEWHERE, 'as another said, until it is heard');
  socket.received(beat, FROM);
  assert.deepEqual(alive, [node]);
  assert.deepEqual(datagrams.addressOf(node), FROM);
  assert.equal(datagrams.endpointsOf(node)?.address, FROM.address);
  datagrams.addPeer(node, { ...ELSEWHERE, control: 1, beat: 9, media: 3 });
  assert.deepEqual(datagrams.addressOf(node), FROM, 'hearsay does not move a node that was heard');
  assert.deepEqual(log, []);
  await Promise.all([datagrams.close(), other.close()]);
});

test('a stranger who repeats a beat from elsewhere moves nobody, and gets no beats', async (t) => {
  const { open, run, time, datagrams, socket } = await ground(t);
  const { datagrams: other, socket: theirs } = await open(FROM.address);
  const own = await run(datagrams, '10.0.0.1');
  const node = await run(other, FROM.address);
  other.addCandidate({ address: '10.0.0.1', port: 47_021 });
  datagrams.addCandidate(FROM);
  const [beat, ours] = [theirs, socket].map(({ sent }) => Buffer.from(sent[0]!.bytes)) as [Buffer, Buffer];
  socket.received(beat, FROM);
  socket.received(beat, ELSEWHERE);
  socket.received(ours, ELSEWHERE);
  assert.deepEqual(datagrams.addressOf(node), FROM);
  assert.equal(datagrams.endpointsOf(node)?.address, FROM.address);
  assert.equal(datagrams.addressOf(own), undefined, 'its own beat, come back, is no news either');
  time.pass(5000);
  assert.deepEqual(
    socket.sent.filter(({ to }) => to.address === ELSEWHERE.address),
    [],
  );
  await Promise.all([datagrams.close(), other.close()]);
});

test('forged finds shut no real one out, and get no beats for ever; a given address does', async (t) => {
  const { run, time, datagrams, socket } = await ground(t);
  await run(datagrams, '10.0.0.1');
  datagrams.addCandidate(FROM);
  const forged = (n: number) => ({ address: `10.1.${n >> 8}.${n & 255}`, port: 47_021 });
  for (let n = 0; n < 2000; n += 1) datagrams.foundCandidate(forged(n), forged(n).address, true);
  const sentTo = ({ address }: { readonly address: string }) =>
    socket.sent.filter(({ to }) => to.address === address).length;
  datagrams.foundCandidate(ELSEWHERE, ELSEWHERE.address, true);
  time.pass(200);
  assert.ok(sentTo(ELSEWHERE) > 0, 'a real find is asked at once');
  const asked = sentTo(ELSEWHERE);
  datagrams.foundCandidate(ELSEWHERE, ELSEWHERE.address, false);
  assert.equal(sentTo(ELSEWHERE), asked, 'found again, it is no news');
  time.pass(300_000);
  socket.sent.length = 0;
  time.pass(60_000);
  assert.ok(sentTo(FROM) > 0);
  assert.deepEqual(
    socket.sent.filter(({ to }) => to.address !== FROM.address),
    [],
  );
  await datagrams.close();
});

test('closed, it sends nothing more, and no timer is left', async (t) => {
  const { run, time, datagrams, socket } = await ground(t);
  datagrams.addCandidate(FROM);
  await run(datagrams, '10.0.0.1');
  time.pass(500);
  assert.ok(socket.sent.length > 0);
  const { length } = socket.sent;
  await datagrams.close();
  assert.ok(socket.isClosed);
  assert.deepEqual(time.dueIn, []);
  datagrams.addCandidate(FROM);
  datagrams.sendHeader(FROM, header);
  time.pass(5000);
  assert.equal(socket.sent.length, length);
});

test('an address that only hearsay named is beaten to for half a minute, not for ever', async (t) => {
  const { keys, run, time, datagrams, socket } = await ground(t);
  await run(datagrams, '10.0.0.1');
  const [teller, ghost] = await Promise.all([newIdentity(t), newIdentity(t)]);
  const endpoints = { address: ELSEWHERE.address, control: 1, beat: ELSEWHERE.port, media: 3 };
  const beat = {
    ...{ v: 1, node: teller.nodeId, boot: 1, seq: 1, period: 1, term: 0, rank: 1, role: 'member' },
    ...{ switch: ghost.nodeId, switchAt: endpoints, members: 2, sentAt: 0, revision: 1, endpoints },
  };
  socket.received(Buffer.from(sealDatagram(keys, Buffer.from(`\x01${JSON.stringify(beat)}`))), FROM);
  const sentThere = () => socket.sent.filter(({ to }) => to.address === ELSEWHERE.address).length;
  for (let second = 0; second < 20; second += 0.1) time.pass(100);
  assert.ok(sentThere() > 10, 'it may be there');
  for (let second = 0; second < 15; second += 0.1) time.pass(100);
  const sent = sentThere();
  for (let second = 0; second < 60; second += 0.1) time.pass(100);
  assert.equal(sentThere(), sent);
  await datagrams.close();
});

import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { until, type HandTime } from '../../test/support/hand-time.ts';
import { signCard, signRule } from '../identity/index.ts';
import { CorridorError } from '../model/index.ts';
import { HandLink, newIdentities, newIdentity, recordOf } from './test-network.ts';
import { HandPerson, openSession } from './test-session.ts';
import { admitInto, foundTestOffice, openDesk, plainLedger } from './test-office.ts';

const [HOME, OTHER, LOOPBACK] = ['10.0.0.1', '10.0.0.2', '127.0.0.1'];

/** Lets time pass until it is done: leaving waits for the election. */
async function done(time: HandTime, change: Promise<unknown>): Promise<void> {
  let isDone = false;
  const end = () => (isDone = true);
  change.then(end, end);
  await until(() => {
    if (!isDone) time.pass(50);
    return isDone;
  }, 'the end of a change');
  await change;
}

async function ground(t: TestContext, options: Parameters<typeof openSession>[1] = {}) {
  const parts = await openSession(t, options);
  const { session, network, time } = parts;
  /** Where it is reached, by what is open. */
  const reachedAt = () => network.datagrams.filter(({ isClosed }) => !isClosed).map(({ at }) => at.address);
  const listensAt = () =>
    network.servers.filter(({ isClosed }) => !isClosed).map(({ options: { address } }) => address);
  const inOffice = () => {
    assert.deepEqual(reachedAt(), listensAt());
    return reachedAt();
  };
  const enter = async () => {
    await session.open();
    await session.resume();
  };
  t.after(() => done(time, session.close()));
  return { ...parts, inOffice, enter };
}

test('it opens the media socket without an office, and joins none before the person has a name', async (t) => {
  const person = new HandPerson({ name: null });
  const { session, mediaSocket, inOffice, enter } = await ground(t, { person });
  await enter();
  assert.deepEqual(mediaSocket.bound, [HOME]);
  assert.deepEqual(inOffice(), []);
  assert.equal(session.connection, undefined);
  assert.equal(session.peers.linkTo(session.peers.self), undefined);
  assert.deepEqual(session.peers.downstream, []);
  session.peers.sendHeader(session.peers.self, { payload: '', signature: '' });
});

test('it resumes the profile’s office at the present address, with the media port in its record', async (t) => {
  const { session, inOffice, enter, time } = await ground(t);
  await enter();
  assert.deepEqual(inOffice(), [HOME]);
  const { endpoints } = session.record.current.record;
  assert.deepEqual([endpoints.address, endpoints.media], [HOME, 50_001]);
  time.pass(2000);
  assert.equal(session.role?.role, 'switch', 'a node that is by itself is the switch of itself');
  assert.ok(session.isLinked);
});

test('entering another office leaves and closes the first; its id is kept', async (t) => {
  const { identity, desk, session, network, inOffice, enter, time, savedOffices } = await ground(t);
  await enter();
  const other = await openDesk(identity, foundTestOffice(identity), { time });
  await done(time, session.enter(other));
  assert.equal(session.office, other);
  assert.deepEqual(savedOffices, [other.ledger.id]);
  assert.deepEqual(inOffice(), [HOME]);
  assert.deepEqual(
    network.datagrams.map(({ isClosed }) => isClosed),
    [true, false],
  );
  const { revision } = session.record.current.record;
  session.describe();
  assert.ok(session.record.current.record.revision > revision);
  assert.deepEqual([desk.isClosed(), other.isClosed()], [true, false]);
});

test('a node that is removed leaves its office, and does not join it again', async (t) => {
  const bob = await newIdentity(t);
  const { identity, desk, session, inOffice, enter, time } = await ground(t, { colleagues: [bob] });
  await enter();
  const bobs = await openDesk(bob, desk.ledger.statements, { time });
  const grant = signRule(identity, desk.plain, 'admin', { node: bob.nodeId });
  await bobs.ledger.take([grant], identity.nodeId, 1);
  const removal = signRule(bob, bobs.plain, 'remove', { nodes: [identity.nodeId] });
  await desk.ledger.take([grant, removal], bob.nodeId, 1);
  await done(time, session.resume());
  assert.equal(desk.ledger.self, undefined);
  assert.equal(desk.ledger.removerOf(identity.nodeId), bob.nodeId);
  assert.equal(session.connection, undefined);
  assert.deepEqual(inOffice(), []);
  await done(time, session.reconnect());
  assert.deepEqual(inOffice(), []);
});

test('during sleep nobody reaches it; afterwards it is back, on the same media socket', async (t) => {
  const { session, mediaSocket, inOffice, enter, time } = await ground(t);
  await enter();
  const changes: unknown[] = [];
  session.events.on('switch', () => changes.push(session.peers.switchNode));
  await done(time, session.sleep());
  assert.deepEqual(inOffice(), []);
  assert.equal(session.connection, undefined);
  assert.equal(changes[changes.length - 1], undefined, 'messages learn that there is no switch');
  await done(time, session.reconnect());
  assert.deepEqual(inOffice(), [HOME]);
  assert.deepEqual(mediaSocket.bound, [HOME], 'sound is not disturbed');
});

test('when the address changes the media socket is bound anew, and the office left and joined again', async (t) => {
  const { session, network, mediaSocket, inOffice, enter, time, troubles } = await ground(t);
  await enter();
  network.address = OTHER;
  await done(time, session.reconnect());
  assert.deepEqual(mediaSocket.bound, [HOME, OTHER]);
  assert.deepEqual(inOffice(), [OTHER]);
  assert.equal(session.record.current.record.endpoints.address, OTHER);
  assert.equal(troubles[troubles.length - 1], undefined);
  await done(time, session.reconnect());
  assert.equal(network.datagrams.length, 2, 'where nothing changed, nothing is opened again');
});

test('a new address that cannot be bound yet is tried again after 1 s, 2 s, 4 s; until then the old one stays', async (t) => {
  const { session, network, mediaSocket, inOffice, enter, time, troubles } = await ground(t);
  await enter();
  network.address = OTHER;
  mediaSocket.unusable.add(OTHER);
  await done(time, session.reconnect());
  assert.deepEqual(inOffice(), [HOME], 'nothing is left for an address that is of no use');
  assert.deepEqual(troubles.slice(-1), ['network-unusable']);
  for (const waitMs of [1000, 2000, 4000]) {
    const before = troubles.length;
    assert.ok(time.dueIn.includes(waitMs), `${time.dueIn.join(' ')}: ${waitMs}`);
    time.pass(waitMs);
    await until(() => troubles.length > before, 'the next failure');
  }
  mediaSocket.unusable.clear();
  time.pass(8000);
  await until(() => troubles[troubles.length - 1] === undefined, 'the success');
  assert.deepEqual(inOffice(), [OTHER]);
  assert.deepEqual(mediaSocket.bound, [HOME, OTHER]);
  mediaSocket.unusable.add('10.0.0.3');
  network.address = '10.0.0.3';
  await done(time, session.reconnect());
  assert.ok(time.dueIn.includes(1000), 'after a success the delay begins again');
});

test('if it wakes before its network it uses loopback, reports that, and returns when the network is back', async (t) => {
  const { session, network, mediaSocket, inOffice, enter, time, troubles } = await ground(t);
  await enter();
  await done(time, session.sleep());
  network.address = new CorridorError('no-such-interface', 'There is no network interface eth0.', {
    details: { chosen: 'eth0', available: '' } as never,
  });
  await done(time, session.reconnect());
  assert.deepEqual(inOffice(), [LOOPBACK]);
  assert.deepEqual(mediaSocket.bound, [HOME, LOOPBACK]);
  assert.deepEqual(troubles.slice(-1), ['interface-gone']);
  network.address = HOME;
  await done(time, session.reconnect());
  assert.deepEqual(inOffice(), [HOME]);
  assert.equal(troubles[troubles.length - 1], undefined);
});

test('a computer with loopback alone reports that it is on no network', async (t) => {
  const { session, network, enter, time, troubles } = await ground(t);
  network.address = LOOPBACK!;
  await enter();
  assert.deepEqual(troubles, ['no-network']);
  network.address = HOME!;
  await done(time, session.reconnect());
  assert.deepEqual(troubles, ['no-network', undefined]);
});

test('two changes at once run one after the other, and the last one counts', async (t) => {
  const { session, network, mediaSocket, inOffice, enter, time } = await ground(t);
  await enter();
  let letGo: () => void = () => undefined;
  mediaSocket.hold = new Promise((resolve) => (letGo = resolve));
  network.address = OTHER;
  const [moved, slept] = [session.reconnect(), session.sleep()];
  const back = session.reconnect();
  assert.deepEqual(inOffice(), [HOME], 'the first one is not done yet');
  letGo();
  await done(time, Promise.all([moved, slept, back]));
  assert.deepEqual(inOffice(), [OTHER]);
  assert.deepEqual(mediaSocket.bound, [HOME, OTHER]);
  assert.deepEqual(
    network.datagrams.map(({ at, isClosed }) => [at.address, isClosed]),
    [
      [HOME, true],
      [OTHER, true],
      [OTHER, false],
    ],
  );
});

test('sleep cancels the wait for another address', async (t) => {
  const { session, network, mediaSocket, inOffice, enter, time, troubles } = await ground(t);
  await enter();
  network.address = OTHER;
  mediaSocket.unusable.add(OTHER);
  await done(time, session.reconnect());
  await done(time, session.sleep());
  const told = troubles.length;
  time.pass(60_000);
  await session.sleep();
  assert.equal(troubles.length, told);
  assert.deepEqual(inOffice(), []);
});

test('closed during a change it leaves nothing open, and nothing begins afterwards', async (t) => {
  const { session, network, mediaSocket, inOffice, enter, time } = await ground(t);
  await enter();
  let letGo: () => void = () => undefined;
  mediaSocket.hold = new Promise((resolve) => (letGo = resolve));
  network.address = OTHER;
  const moved = session.reconnect();
  const later = session.reconnect();
  const closed = session.close();
  letGo();
  await done(time, Promise.all([moved, later, closed]));
  assert.deepEqual(inOffice(), []);
  const opened = network.datagrams.length;
  await done(time, session.reconnect());
  time.pass(60_000);
  assert.equal(network.datagrams.length, opened);
});

test('a closed session waits for no other address', async (t) => {
  const { session, network, mediaSocket, enter, time } = await ground(t);
  await enter();
  network.address = OTHER;
  mediaSocket.unusable.add(OTHER);
  await done(time, session.reconnect());
  await done(time, session.close());
  assert.ok(!time.dueIn.includes(1000));
});

test('if the usual port is taken its record has another one', async (t) => {
  const { session, network, enter } = await ground(t);
  network.take(47_021);
  await enter();
  assert.equal(session.record.current.record.endpoints.beat, 40_001);
});

test('it reports which node sends too much, and which one refuses what this one sent', async (t) => {
  const colleague = await newIdentity(t);
  const { session, network, enter } = await ground(t, { colleagues: [colleague] });
  await enter();
  const { nodeId: node } = colleague;
  const link = new HandLink(node);
  network.servers[0]!.options.onLink(link.asLink);
  link.bring({ type: 'ledger', digest: session.office!.ledger.standing.digest });
  const told: unknown[] = [];
  session.events.on('over', (over) => told.push(over));
  session.events.on('refused', (refused) => told.push(refused));
  link.exceed('receipt');
  link.bring({ type: 'refuse', code: 'too-many', text: 'Too many greetings came at once.', re: 'hello' });
  assert.deepEqual(told, [
    { node, budget: 'receipt' },
    { node, text: 'Too many greetings came at once.' },
  ]);
});

test('two computers of one person are one account, and so are a member and all whom it admitted', async (t) => {
  const [bo, laptop, cy, dee, eve] = await newIdentities(t, 5);
  const { session, desk } = await ground(t, { colleagues: [bo, eve] });
  const elsewhere = plainLedger(desk.ledger.statements);
  const own = signRule(bo, elsewhere, 'admit', { card: signCard(laptop), person: bo.nodeId });
  elsewhere.add(own);
  const guests = [cy, dee].map((guest) => admitInto(elsewhere, bo, guest));
  assert.equal(session.peers.accountOf(cy.nodeId), cy.nodeId, 'nothing is known of it yet');
  await desk.ledger.take([own, ...guests], bo.nodeId, 1);
  const accounts = [bo, laptop, cy, dee].map(({ nodeId }) => session.peers.accountOf(nodeId));
  assert.deepEqual([...new Set(accounts)], [bo.nodeId]);
  assert.equal(session.peers.accountOf(eve.nodeId), eve.nodeId);
});

test('it knows whether a colleague was verified at an address, or whether a record names it', async (t) => {
  const colleague = await newIdentity(t);
  const { session, enter } = await ground(t, { colleagues: [colleague] });
  await enter();
  session.roster.enter(recordOf(colleague).signed);
  const named = { address: '10.0.0.9', port: 3000, isBelieved: false };
  assert.deepEqual(session.peers.mediaAddressOf(colleague.nodeId), named);
});

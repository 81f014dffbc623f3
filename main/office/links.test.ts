import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { HandTime, until } from '../../test/support/hand-time.ts';
import { newMessageId, nextTurn } from '../model/index.ts';
import { Links, type LinksEvents } from './links.ts';
import { HAND_CREDENTIALS, HandLink, HandNetwork, newIdentity } from './test-network.ts';

const RECORD = { payload: '{}', signature: 'A'.repeat(86) };

async function ground(t: TestContext) {
  const [hub, other] = await Promise.all([newIdentity(t), newIdentity(t)]);
  const [network, time] = [new HandNetwork(), new HandTime()];
  const log: string[] = [];
  const links = new Links({
    ...{ network, schedule: time.schedule, log: (line: string) => void log.push(line) },
    isFavoured: (address) => address === '10.0.0.3',
    credentials: HAND_CREDENTIALS,
  });
  const told: string[] = [];
  const tell = (what: string) => (event: LinksEvents['up']) =>
    void told.push(`${what} ${event.upstream ? 'upstream' : 'downstream'}`);
  links.events.on('up', tell('up'));
  links.events.on('down', tell('down'));
  const theSwitch = { node: hub.nodeId, address: '10.0.0.3', port: 47_021 };
  const theOther = { node: other.nodeId, address: '10.0.0.4', port: 47_021 };
  /** The newest attempt fails, and its retry is due after this time. */
  const failAndWait = async (ms: number) => {
    const { length } = network.attempts;
    network.attempts[length - 1]!.fail();
    await until(() => time.dueIn.length === 2, 'the retry, beside the time in which a link has to be there');
    assert.ok(time.dueIn.includes(ms), `${time.dueIn.join(' ')}: ${ms}`);
    time.pass(ms);
    assert.equal(network.attempts.length, length + 1);
  };
  const succeed = async (at: { readonly node: typeof hub.nodeId }) => {
    const link = new HandLink(at.node);
    network.attempts[network.attempts.length - 1]!.succeed(link);
    await until(() => links.upstream === link.asLink, 'the link');
    return link;
  };
  await links.listen('10.0.0.1', 47_021);
  /** A node that knows the office connects. */
  const arrive = (link: HandLink) => network.servers[0]!.options.onLink(link.asLink);
  /** A member that follows this node connects. */
  const accept = (link: HandLink) => {
    arrive(link);
    links.welcome(link.asLink);
  };
  return { links, network, time, told, theSwitch, theOther, failAndWait, succeed, arrive, accept, log };
}

test('its listener favours the addresses that it was given', async (t) => {
  const { network } = await ground(t);
  const [{ options }] = network.servers as [(typeof network.servers)[0]];
  assert.deepEqual(
    ['10.0.0.3', '10.0.0.4'].map((address) => options.isFavoured?.(address)),
    [true, false],
  );
});

test('it retries until the switch answers: after 100 ms, then twice as long each time, 3 s at most', async (t) => {
  const { links, network, theSwitch, failAndWait, succeed, told } = await ground(t);
  links.follow(theSwitch);
  const { address, port, expected } = network.attempts[0]!.options;
  assert.deepEqual([address, port, expected], [theSwitch.address, theSwitch.port, theSwitch.node]);
  for (const ms of [100, 200, 400, 800, 1600, 3000, 3000]) await failAndWait(ms);
  const link = await succeed(theSwitch);
  assert.equal(links.to(theSwitch.node), link.asLink);
  assert.deepEqual(told, ['up upstream']);
});

test('a switch to which no link is made is reported after 1.5 s, and again while that lasts; not after a link', async (t) => {
  const { links, time, theSwitch, theOther, succeed } = await ground(t);
  const told: unknown[] = [];
  links.events.on('unreachable', (node) => told.push(node));
  links.follow(theSwitch);
  time.pass(1499);
  assert.deepEqual(told, []);
  time.pass(1);
  assert.deepEqual(told, [theSwitch.node]);
  time.pass(1500);
  assert.deepEqual(told, [theSwitch.node, theSwitch.node]);
  const link = await succeed(theSwitch);
  time.pass(60_000);
  assert.equal(told.length, 2, 'it is linked');
  link.lose();
  time.pass(1500);
  assert.equal(told.length, 3);
  links.follow(theOther);
  time.pass(1500);
  assert.deepEqual(told.slice(3), [theOther.node]);
  links.follow(undefined);
  time.pass(60_000);
  assert.equal(told.length, 4, 'it follows nobody');
});

test('a link that was lost is made again at once, and the delay begins at 100 ms again', async (t) => {
  const { links, network, theSwitch, failAndWait, succeed, told } = await ground(t);
  links.follow(theSwitch);
  for (const ms of [100, 200]) await failAndWait(ms);
  (await succeed(theSwitch)).lose();
  assert.equal(links.upstream, undefined);
  assert.deepEqual(told, ['up upstream', 'down upstream']);
  assert.equal(network.attempts.length, 4);
  await failAndWait(100);
});

test('a switch that ends each link at once is connected to less and less often', async (t) => {
  const { links, network, time, theSwitch, succeed } = await ground(t);
  links.follow(theSwitch);
  (await succeed(theSwitch)).lose();
  for (const ms of [100, 200, 400, 800, 1600, 3000, 3000]) {
    (await succeed(theSwitch)).lose();
    assert.ok(time.dueIn.includes(ms), `${ms} ms, instead of ${time.dueIn.join(' and ')}`);
    time.pass(ms);
  }
  const link = await succeed(theSwitch);
  time.pass(10_000);
  const { length } = network.attempts;
  link.lose();
  assert.equal(network.attempts.length, length + 1, 'it was a good link: it is made again at once');
});

test('following another switch ends the link to the first one, and late attempts at the first one do not count', async (t) => {
  const { links, network, time, theSwitch, theOther, succeed, told } = await ground(t);
  links.follow(theSwitch);
  const first = await succeed(theSwitch);
  links.follow({ ...theSwitch });
  assert.equal(network.attempts.length, 1, 'the same one, again: nothing changes');
  links.follow(theOther);
  assert.ok(first.isClosed);
  assert.deepEqual(told, ['up upstream', 'down upstream']);
  links.follow(theSwitch);
  const late = new HandLink(theOther.node);
  network.attempts[1]!.succeed(late);
  await until(() => late.isClosed, 'the end of what came too late');
  assert.equal(links.upstream, undefined);
  await succeed(theSwitch);
  links.follow(undefined);
  assert.equal(links.upstream, undefined);
  time.pass(60_000);
  assert.equal(network.attempts.length, 3, 'it follows nobody');
});

test('a switch that is not followed any more is not retried', async (t) => {
  const { links, network, time, theSwitch } = await ground(t);
  links.follow(theSwitch);
  network.attempts[0]!.fail();
  await until(() => time.dueIn.length === 2, 'the retry, beside the time in which a link has to be there');
  links.follow(undefined);
  assert.deepEqual(time.dueIn, []);
});

test('a node that connects again has one link, the newer one', async (t) => {
  const { links, theSwitch, theOther, accept, told } = await ground(t);
  const [older, newer, another] = [theSwitch, theSwitch, theOther].map(({ node }) => new HandLink(node)) as [
    HandLink,
    HandLink,
    HandLink,
  ];
  for (const link of [older, newer, another]) accept(link);
  assert.ok(older.isClosed);
  assert.deepEqual(links.downstream, [newer.asLink, another.asLink]);
  assert.equal(links.to(theSwitch.node), newer.asLink);
  assert.deepEqual(told.filter((line) => line.startsWith('down')).length, 1);
  newer.lose();
  assert.deepEqual(links.downstream, [another.asLink]);
});

test('a node that is not known as a member is not among the links, and displaces none', async (t) => {
  const { links, theSwitch, arrive, accept } = await ground(t);
  const [member, guest] = [new HandLink(theSwitch.node), new HandLink(theSwitch.node)];
  accept(member);
  arrive(guest);
  assert.deepEqual([links.downstream, links.all], [[member.asLink], [member.asLink]]);
  assert.equal(links.to(theSwitch.node), member.asLink);
  links.welcome(guest.asLink);
  assert.deepEqual(links.downstream, [guest.asLink]);
  assert.ok(member.isClosed);
});

test('two visits of one node stay, the newest ones', async (t) => {
  const { theSwitch, theOther, accept, links } = await ground(t);
  const record = { payload: '{}', signature: 'A'.repeat(86) };
  const visits = [theSwitch, theSwitch, theOther, theSwitch].map(({ node }) => new HandLink(node));
  for (const visit of visits) {
    accept(visit);
    visit.bring({ type: 'hello', record, version: '1', visit: true });
  }
  assert.deepEqual(
    visits.map(({ isClosed }) => isClosed),
    [true, false, false, false],
  );
  assert.deepEqual(links.downstream, []);
});

test('of too many links of unknown nodes the oldest ends; members’ links stay', async (t) => {
  const { links, theSwitch, theOther, arrive, accept } = await ground(t);
  const member = new HandLink(theSwitch.node);
  accept(member);
  const guests = Array.from({ length: 300 }, (_, n) => new HandLink(theOther.node, `10.0.1.${n % 250}`));
  for (const guest of guests) arrive(guest);
  const open = guests.filter(({ isClosed }) => !isClosed);
  assert.equal(open.length, 224, '32 of 256 places are kept for addresses from which members beat');
  assert.deepEqual(open, guests.slice(-224));
  const ofOne = Array.from({ length: 65 }, () => new HandLink(theOther.node, '10.0.2.1'));
  for (const guest of ofOne) arrive(guest);
  assert.equal(ofOne[0]!.isClosed, true);
  assert.equal(ofOne.filter(({ isClosed }) => !isClosed).length, 64);
  assert.deepEqual([links.downstream, member.isClosed], [[member.asLink], false]);
});

test('a frame is reported with the link that it came over', async (t) => {
  const { links, theSwitch, theOther, succeed, accept } = await ground(t);
  const came: unknown[] = [];
  links.events.on('message', ({ link, message }) => came.push([link.peer, message.type]));
  links.events.on('fragments', ({ link, id, fragments }) => came.push([link.peer, id, fragments.length]));
  links.follow(theSwitch);
  const up = await succeed(theSwitch);
  const down = new HandLink(theOther.node);
  accept(down);
  const id = newMessageId();
  up.bring({ type: 'inbox' });
  down.bring({ type: 'bye', reason: 'quit' });
  down.bringFragments(id, [{ n: 0, bytes: new Uint8Array(1) }]);
  assert.deepEqual(came, [
    [theSwitch.node, 'inbox'],
    [theOther.node, 'bye'],
    [theOther.node, id, 1],
  ]);
});

test('after close all links and the listener end, and a connection that comes too late is closed', async (t) => {
  const { links, network, time, theSwitch, theOther, accept, told } = await ground(t);
  const down = new HandLink(theOther.node);
  accept(down);
  links.follow(theSwitch);
  await links.close();
  const late = new HandLink(theSwitch.node);
  network.attempts[0]!.succeed(late);
  await until(() => late.isClosed, 'the end of what came too late');
  assert.ok(down.isClosed && network.servers[0]!.isClosed);
  assert.deepEqual(told, ['up downstream', 'down downstream'], 'what was asked for over it will not come');
  links.follow(theOther);
  await nextTurn();
  assert.equal(network.attempts.length, 1);
  assert.deepEqual(time.dueIn, []);
});

test('a link by which another node only met this one does not count as a connection', async (t) => {
  const { links, told, accept } = await ground(t);
  const met = await newIdentity(t);
  const link = new HandLink(met.nodeId);
  accept(link);
  link.bring({ type: 'hello', record: RECORD, version: '1', visit: true });
  assert.equal(links.to(met.nodeId), undefined);
  assert.deepEqual(links.downstream, []);
  link.lose();
  assert.deepEqual(told, ['up downstream'], 'and its end means nothing');
});

test('a node that asks for its inbox before it announces that it follows counts as a follower', async (t) => {
  const { links, accept } = await ground(t);
  const standby = new HandLink((await newIdentity(t)).nodeId);
  accept(standby);
  standby.bring({ type: 'inbox', receiptsOf: [] });
  standby.bring({ type: 'hello', record: RECORD, version: '1' });
  assert.deepEqual(links.downstream, [standby.asLink]);
});

import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { CONTROL_FRAMES } from '../../test/support/control-frames.ts';
import { until } from '../../test/support/hand-time.ts';
import { signCard, signRule, type Identity } from '../identity/index.ts';
import { PROTOCOLS } from '../model/index.ts';
import {
  controlMessageSchema,
  type ControlMessage,
  type ControlMessageOf,
  type ControlMessageType,
} from '../signalling/index.ts';
import { route, type ControlRoutes } from './control-router.ts';
import { HandLink, newIdentity, recordOf } from './test-network.ts';
import { openSession } from './test-session.ts';

const TYPES = controlMessageSchema.options.map((option) => option.entries.type.literal);
const ABOUT_MESSAGES: readonly ControlMessageType[] = [
  ...([
    'announce',
    'sheet',
    'sheet-wanted',
    'hashes',
    'manifest',
    'fetch',
    'fetch-stop',
    'fetch-end',
    'holders-wanted',
    'holders',
  ] as const),
  ...([
    'receipt',
    'progress',
    'numbers',
    'seat',
    'history-wanted',
    'history',
    'older-wanted',
    'older',
    'inbox',
    'keep',
    'prove',
    'proof',
  ] as const),
];

test('each frame that the schema reads goes to the handler of its type, with its link', () => {
  const link = new HandLink('B'.repeat(22) as never).asLink;
  const came: unknown[] = [];
  const routes = Object.fromEntries(
    TYPES.map((type) => [type, (from: unknown, message: ControlMessage) => came.push([type, from, message])]),
  ) as unknown as ControlRoutes;
  for (const type of TYPES) route(routes, link, CONTROL_FRAMES[type]);
  assert.deepEqual(
    came,
    TYPES.map((type) => [type, link, CONTROL_FRAMES[type]]),
  );
  assert.deepEqual([...TYPES].sort(), Object.keys(CONTROL_FRAMES).sort());
});

function helloOf(peer: Identity): ControlMessageOf<'hello'> {
  return { type: 'hello', record: recordOf(peer).signed, version: '1' };
}

/** A node in an office, and the link of a node that follows it: a member with the same ledger, or a stranger. */
async function connected(t: TestContext, { isMember = true } = {}) {
  const peer = await newIdentity(t);
  const { session, network, time, log, desk } = await openSession(t, { colleagues: isMember ? [peer] : [] });
  await session.open();
  await session.resume();
  t.after(async () => {
    let isClosed = false;
    void session.close().then(() => (isClosed = true));
    await until(() => {
      if (!isClosed) time.pass(50);
      return isClosed;
    }, 'the end');
  });
  const openLink = (): HandLink => {
    const link = new HandLink(peer.nodeId);
    network.servers[0]!.options.onLink(link.asLink);
    const { digest } = desk.ledger.standing;
    if (isMember) link.bring({ type: 'ledger', digest });
    return link;
  };
  return { session, link: openLink(), openLink, peer, log, desk, time };
}

for (const type of TYPES) {
  test(`a node in an office has a route for ${type}`, async (t) => {
    const { session, link, log } = await connected(t);
    const frames: unknown[] = [];
    session.events.on('frame', ({ link: from, frame }) => frames.push([from, frame]));
    link.bring(CONTROL_FRAMES[type]);
    assert.deepEqual(frames, ABOUT_MESSAGES.includes(type) ? [[link.asLink, CONTROL_FRAMES[type]]] : []);
    assert.deepEqual(log, [], 'no handler failed');
  });
}

for (const type of ABOUT_MESSAGES) {
  test(`a ${type} of an outsider is ignored`, async (t) => {
    const { session, link } = await connected(t, { isMember: false });
    const frames: unknown[] = [];
    session.events.on('frame', ({ frame }) => frames.push(frame));
    link.bring(CONTROL_FRAMES[type]);
    assert.deepEqual(frames, []);
  });
}

test('an outsider learns nothing but the ledger’s digest, and its hello makes nobody known', async (t) => {
  const { session, link, peer, desk } = await connected(t, { isMember: false });
  link.bring(helloOf(peer));
  assert.deepEqual(link.sent, [{ type: 'ledger', digest: desk.ledger.standing.digest }]);
  assert.deepEqual(session.roster.othersOnline, []);
});

test('frames that follow statements wait until these count', async (t) => {
  const peer = await newIdentity(t);
  const { session, network, desk } = await openSession(t);
  await session.open();
  await session.resume();
  const link = new HandLink(peer.nodeId);
  network.servers[0]!.options.onLink(link.asLink);
  const admission = signRule(desk.identity, desk.plain, 'admit', {
    card: signCard(peer),
    person: peer.nodeId,
  });
  const frames: unknown[] = [];
  session.events.on('frame', ({ frame }) => frames.push(frame));
  link.bring({ type: 'have', ids: desk.ledger.ids.slice(), more: false });
  link.bring({ type: 'statements', statements: [admission], more: false });
  link.bring(CONTROL_FRAMES.inbox);
  assert.deepEqual(frames, [], 'the statements are on their way to the disk');
  await until(() => frames.length > 0, 'the frame behind them');
  assert.deepEqual(frames, [CONTROL_FRAMES.inbox]);
});

test('a hello makes its node known and online; the end of the link takes it offline', async (t) => {
  const { session, link, peer } = await connected(t);
  assert.equal(link.of('hello').length, 1, 'this node introduces itself to a member');
  link.bring(helloOf(peer));
  assert.deepEqual(
    session.roster.othersOnline.map(({ node }) => node),
    [peer.nodeId],
  );
  const ended: unknown[] = [];
  session.events.on('unlinked', (from) => ended.push(from));
  link.lose();
  assert.deepEqual(session.roster.othersOnline, []);
  assert.deepEqual(ended, [link.asLink]);
});

test('a colleague without a common protocol version is shown until there is one, and its link ends', async (t) => {
  const { session, link, openLink, peer } = await connected(t);
  const told: unknown[] = [];
  session.events.on('trouble', ({ code, text }) => told.push([code, text?.phrase.details]));
  assert.deepEqual(link.of('hello')[0]?.protocol, PROTOCOLS);
  const hello = helloOf(peer);
  const { max } = PROTOCOLS;
  link.bring({ ...hello, protocol: { min: max + 1, max: max + 2 } });
  assert.deepEqual(told.splice(0), [['no-common-protocol', { name: null, kind: 'newer' }]]);
  assert.equal(link.isClosed, true);
  assert.deepEqual(session.roster.othersOnline, []);

  const updated = openLink();
  updated.bring({ ...hello, protocol: { min: 1, max: max + 1 } });
  assert.deepEqual(told, [['no-common-protocol', undefined]]);
  assert.equal(updated.isClosed, false);
  assert.equal(session.roster.othersOnline.length, 1);
});

test('a colleague without a common protocol version who does not try again is not shown any more', async (t) => {
  const { session, link, peer, time } = await connected(t);
  const told: unknown[] = [];
  session.events.on('trouble', ({ code, text }) => told.push([code, text?.sentence]));
  link.bring({ ...helloOf(peer), protocol: { min: PROTOCOLS.max + 1, max: PROTOCOLS.max + 1 } });
  assert.equal(told.length, 1);
  time.pass(60_000);
  assert.deepEqual(told.at(-1), ['no-common-protocol', undefined]);
});

test('the end of a link over which a colleague was admitted takes nobody offline who is in the office by then', async (t) => {
  const peer = await newIdentity(t);
  const { session, network } = await openSession(t, { colleagues: [peer] });
  await session.open();
  await session.resume();
  const asking = new HandLink(peer.nodeId);
  network.servers[0]!.options.onLink(asking.asLink);
  // As the switch tells of them.
  session.roster.directory.add(recordOf(peer).signed);
  session.roster.directory.setOnline(peer.nodeId, true);
  asking.lose();
  assert.deepEqual(
    session.roster.othersOnline.map(({ node: online }) => online),
    [peer.nodeId],
  );
});

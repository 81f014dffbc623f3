import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { until } from '../../test/support/hand-time.ts';
import { newMessageId, type Signed } from '../model/index.ts';
import { controlMessageSchema, type ControlMessage, type ControlMessageType } from '../signalling/index.ts';
import { route, type ControlRoutes } from './control-router.ts';
import { HandLink, newIdentity, openSession, recordOf } from './test-network.ts';

const TYPES = controlMessageSchema.options.map((option) => option.entries.type.literal);
const signed: Signed = { payload: '{}', signature: 'A'.repeat(86) };
const id = newMessageId();
/** One frame of each type: the compiler wants all of them. */
const FRAMES: { readonly [T in ControlMessageType]: Extract<ControlMessage, { type: T }> } = {
  hello: { type: 'hello', record: signed, version: '1' },
  roster: { type: 'roster', entries: [], full: true },
  record: { type: 'record', record: signed },
  announce: { type: 'announce', header: signed },
  manifest: { type: 'manifest', manifest: signed },
  fetch: { type: 'fetch', id, from: 0, follow: true },
  'fetch-stop': { type: 'fetch-stop', id },
  'fetch-end': { type: 'fetch-end', id, upTo: 0, complete: true },
  receipt: { type: 'receipt', receipt: signed },
  keep: { type: 'keep', header: signed, manifest: signed },
  prove: { type: 'prove', id, nonce: 'C'.repeat(22) },
  proof: { type: 'proof', id, nonce: 'C'.repeat(22), proof: 'D'.repeat(43) },
  inbox: { type: 'inbox' },
  refuse: { type: 'refuse', code: 'busy', text: 'Not now.' },
  bye: { type: 'bye', reason: 'quit' },
  progress: { type: 'progress', id, node: 'A'.repeat(22) as never, state: 'hearing' },
};
const ABOUT_MESSAGES: readonly ControlMessageType[] = [
  ...(['announce', 'manifest', 'fetch', 'fetch-stop', 'fetch-end'] as const),
  ...(['receipt', 'progress', 'inbox', 'keep', 'prove', 'proof'] as const),
];

test('each frame that the schema reads goes to the handler of its type, with its link', () => {
  const link = new HandLink('B'.repeat(22) as never).asLink;
  const came: unknown[] = [];
  const routes = Object.fromEntries(
    TYPES.map((type) => [type, (from: unknown, message: ControlMessage) => came.push([type, from, message])]),
  ) as unknown as ControlRoutes;
  for (const type of TYPES) route(routes, link, FRAMES[type]);
  assert.deepEqual(
    came,
    TYPES.map((type) => [type, link, FRAMES[type]]),
  );
  assert.deepEqual([...TYPES].sort(), Object.keys(FRAMES).sort());
});

/** A node in an office, and the link of a node that follows it. */
async function connected(t: TestContext) {
  const { session, network, time, log } = await openSession(t);
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
  const peer = await newIdentity(t);
  const link = new HandLink(peer.nodeId);
  network.servers[0]!.options.onLink(link.asLink);
  return { session, link, peer, log };
}

for (const type of TYPES) {
  test(`a node in an office has a route for ${type}`, async (t) => {
    const { session, link, log } = await connected(t);
    const frames: unknown[] = [];
    session.events.on('frame', ({ link: from, frame }) => frames.push([from, frame]));
    link.bring(FRAMES[type]);
    assert.deepEqual(frames, ABOUT_MESSAGES.includes(type) ? [[link.asLink, FRAMES[type]]] : []);
    assert.deepEqual(log, [], 'no handler failed');
  });
}

test('a hello makes its node known and online; the end of the link takes it offline', async (t) => {
  const { session, link, peer } = await connected(t);
  assert.equal(link.of('hello').length, 1, 'this node introduces itself first');
  link.bring({ ...FRAMES.hello, record: recordOf(peer, { extension: '102' }).signed });
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

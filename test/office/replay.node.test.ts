import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { delay, eventually } from '../support/eventually.ts';
import { Headless } from '../support/headless.ts';
import { isComplete } from '../support/messages.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { toneWav } from '../support/tone.ts';
import { Wiretap, type Overheard } from '../support/wiretap.ts';

/** 60 packets a second of each recorded datagram. */
const EVERY_MS = 1000 / 60;
const REPEATED_MS = 15_000;
const QUIET_MS = 4000;
/**
 * The office may be apart at this many looks that follow each other: an election takes fewer. A node that is deceived stays apart for as
 * long as the deception goes on. Looks are counted, and not seconds, because each waits for an answer of every node: on a computer that is
 * slow, or stood still, they take as much longer as an election does.
 */
const LOOKS_APART = 16;
const LOOK_EVERY_MS = 250;
/** Only a failing test waits this long, ms. */
const PATIENCE_MS = 60_000;
/** Like the beats of a switch, so that no limit on strangers' datagrams is what keeps the ghost away. */
const GHOST_BEATS_EVERY_MS = 50;
/** Challenges that answer the ghost's beats: the node has looked into this many. One more may come than the switch has beaten. */
const GHOST_BEATS_OPENED = 20;
/** Challenges and calls are shorter, beats longer (bytes). */
const LONGER_THAN_A_CALL = 150;

/** Nodes in processes of their own, all of whose datagrams are overheard. */
async function overheardOffice(t: TestContext, ...extensions: readonly string[]) {
  const folder = tempFolder('replay');
  const tap = await Wiretap.open();
  t.after(() => tap.close());
  const nodes: Headless[] = [];
  const end = (node: Headless) => node.stop();
  t.after(() => Promise.all(nodes.map(end)));
  let address: string | undefined;
  const start = async (extension: string, office: string): Promise<Headless> => {
    const node = await Headless.start({
      ...{ interface: '127.0.0.1', ready: 'cold', env: tap.env, office },
      ...{ name: `Person ${extension}`, extension, profile: `${folder}/${extension}` },
      speaker: `file:${folder}/${extension}.wav`,
    });
    nodes.push(node);
    return node;
  };
  for (const extension of extensions) {
    const link = nodes[0] ? (await nodes[0].api.call('joinLink')).link : 'new';
    const node = await start(extension, link);
    if (address === undefined) address = `127.0.0.1:${await beatPortOf(node)}`;
    else await node.api.call('addAddress', { address });
  }
  await eventually(
    async () => isOne(await seenBy(nodes)),
    () => `the office settles; ${nodes.map((node) => node.output()).join('\n')}`,
  );
  return { tap, nodes, start, end };
}

async function beatPortOf({ api }: Headless): Promise<number> {
  const port = (await api.call('status')).endpoints?.beat;
  assert.ok(port);
  return port;
}

async function seenBy(nodes: readonly Headless[]) {
  return Promise.all(
    nodes.map(async ({ api }) => {
      const [{ node, role, switch: leader }, people] = [await api.call('status'), await api.call('people')];
      const online = people.filter(({ presence }) => presence !== 'offline').length;
      return { id: node?.id, role, leader: leader?.id, online };
    }),
  );
}

/** All follow one switch, and see each other. */
function isOne(views: Awaited<ReturnType<typeof seenBy>>): boolean {
  return views.every(
    ({ leader, online }) => leader !== undefined && leader === views[0]?.leader && online >= views.length - 1,
  );
}

/**
 * Looks for that many milliseconds, and until `isEnough`, doing something at each step. Fails where the office is apart for longer than an
 * election takes.
 */
async function staysOne(
  nodes: readonly Headless[],
  forMs: number,
  step: () => void = () => undefined,
  isEnough: () => boolean = () => true,
): Promise<void> {
  const end = performance.now() + forMs;
  let [apart, lookAt] = [0, 0];
  for (let next = performance.now(); next < end || apart > 0 || !isEnough(); next += EVERY_MS) {
    assert.ok(next < end + PATIENCE_MS, 'the nodes open what is repeated');
    step();
    if (performance.now() >= lookAt) {
      const views = await seenBy(nodes);
      lookAt = performance.now() + LOOK_EVERY_MS;
      apart = isOne(views) ? 0 : apart + 1;
      assert.ok(apart < LOOKS_APART, `the office is apart: ${JSON.stringify(views)}`);
    }
    await delay(Math.max(0, next + EVERY_MS - performance.now()));
  }
}

test('a recorded beat of each node, repeated by a stranger at 60 a second, leaves the office one', async (t) => {
  const { tap, nodes } = await overheardOffice(t, '101', '102', '103');
  const ports = await Promise.all(nodes.map(beatPortOf));
  const lastOf = (from: number, to: number): Overheard | undefined =>
    tap.heard.findLast((one) => one.from === from && one.to === to && one.bytes.length > LONGER_THAN_A_CALL);
  const recorded = () => ports.flatMap((from) => ports.flatMap((to) => lastOf(from, to) ?? []));
  await eventually(
    () => ports.every((port) => recorded().some(({ from }) => from === port)),
    'each node has beaten',
  );
  const beats = recorded();
  const repeat = () => {
    for (const { bytes, to } of beats) tap.repeat(bytes, to);
  };
  // The challenges show that the nodes open what is repeated.
  await staysOne(nodes, REPEATED_MS, repeat, () => tap.answers > REPEATED_MS / 1000);
  await staysOne(nodes, QUIET_MS);
  const [first, , last] = nodes;
  const { id } = await first!.api.call('talkRecording', { dial: '103', wavBase64: toneWav(300) });
  await last!.until(isComplete(id));
});

test('what the switch said before it was gone makes no ghost of it for a node that started since', async (t) => {
  const { tap, nodes, start, end } = await overheardOffice(t, '101', '102');
  const views = await seenBy(nodes);
  // Either of the two may be the switch, and the switch alone beats several times a second.
  const at = views.findIndex(({ role }) => role === 'switch');
  const [ghost, other] = [nodes[at]!, nodes[1 - at]!];
  const [from, to] = [await beatPortOf(ghost), await beatPortOf(other)];
  const since = tap.heard.length;
  const beats = () =>
    tap.heard
      .slice(since)
      .filter((one) => one.from === from && one.to === to && one.bytes.length > LONGER_THAN_A_CALL);
  await eventually(() => beats().length > 20, 'the switch beats');
  const recorded = beats();
  await end(other);
  await end(ghost);
  // It is in the office already, and founds none.
  const again = await start(at === 0 ? '102' : '101', 'new');
  const port = await beatPortOf(again);
  const answersBefore = tap.answers;
  const areOpened = () => tap.answers - answersBefore >= GHOST_BEATS_OPENED;
  for (let n = 0; n < 2 * recorded.length || !areOpened(); n += 1) {
    tap.repeat(recorded[n % recorded.length]!.bytes, port);
    await delay(GHOST_BEATS_EVERY_MS);
  }
  await eventually(async () => (await seenBy([again]))[0]?.role === 'switch', 'it is its own switch');
  const followed = again.events.flatMap(({ event }) =>
    event.type === 'status' ? (event.status.switch?.id ?? []) : [],
  );
  assert.ok(!followed.some((id) => id === views[at]!.id), 'the ghost was followed for a moment');
  assert.equal((await seenBy([again]))[0]?.online, 0);
});

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { eventually } from '../../test/support/eventually.ts';
import { HandTime } from '../../test/support/hand-time.ts';
import { tempFolder } from '../../test/support/temp-folder.ts';
import { SavedAddresses } from '../discovery/index.ts';
import {
  Comparison,
  JOIN_EXPORTER_LABEL,
  officeTagOf,
  signCard,
  welcomeFrames,
  type HostStep,
  type Identity,
} from '../identity/index.ts';
import { nodePorts } from '../model/index.ts';
import {
  connectAsOutsider,
  ControlServer,
  type ControlLink,
  type ControlMessage,
  type ControlMessageType,
  type OutsiderOptions,
} from '../signalling/index.ts';
import { JoinByAsking } from './join-by-asking.ts';
import { HAND_CREDENTIALS, HandNetwork, newIdentities } from './test-network.ts';
import { admitInto, foundTestOffice, plainLedger } from './test-office.ts';

/** Nothing is found by multicast; links are real. */
class GivenNetwork extends HandNetwork {
  /** Links that are being made, and that were made. */
  pending = 0;
  made = 0;

  override async connectAsOutsider(options: OutsiderOptions): Promise<ControlLink> {
    this.pending += 1;
    try {
      const link = await connectAsOutsider(options);
      this.made += 1;
      return link;
    } finally {
      this.pending -= 1;
    }
  }
}

/** A program that listens at an address, honest or not: it says what the test says. */
class Host {
  readonly links: ControlLink[] = [];
  readonly got: ControlMessage[] = [];
  readonly #server: ControlServer;

  static async at(t: TestContext, identity: Identity): Promise<Host> {
    const { certificatePem, privateKeyPem } = identity;
    const waiting: { host?: Host } = {};
    const server = await ControlServer.listen({
      credentials: { ...HAND_CREDENTIALS, certificatePem, privateKeyPem },
      address: '127.0.0.1',
      onLink: () => undefined,
      onOutsider: (link) => waiting.host?.take(link),
      log: () => undefined,
    });
    t.after(() => server.close());
    return (waiting.host = new Host(server));
  }

  private constructor(server: ControlServer) {
    this.#server = server;
  }

  get port(): number {
    return this.#server.port;
  }

  /** The link that came last. */
  get link(): ControlLink {
    return this.links.at(-1) ?? assert.fail('nobody came');
  }

  take(link: ControlLink): void {
    this.links.push(link);
    link.listen({
      onMessage: (message) => this.got.push(message),
      onFragments: () => undefined,
      onClose: () => undefined,
    });
  }

  count(type: ControlMessageType): number {
    return this.got.filter((one) => one.type === type).length;
  }

  async hears(type: ControlMessageType, times = 1): Promise<void> {
    await eventually(() => this.count(type) >= times, `${type}, ${times} times`);
  }

  refuse(why: 'asked-already' | 'closed' | 'busy' | 'other-office'): void {
    this.link.send({ type: 'refused', why, addresses: [] });
  }
}

/** Cy asks at these hosts; Ana founded the office. `seen`: the name under which Cy saw it; left out: Cy gave its addresses. */
async function asking(t: TestContext, count = 1, seen?: string) {
  const [ana, cy, other] = await newIdentities(t, 3);
  const hosts = await Promise.all([ana, other].slice(0, count).map((who) => Host.at(t, who)));
  const folder = tempFolder('asks');
  const { addresses } = await SavedAddresses.load(join(folder, 'addresses.json'));
  const places = hosts.map(({ port }) => ({ address: '127.0.0.1', port }));
  if (seen === undefined) for (const { port } of places) addresses.give(`127.0.0.1:${port}`);
  const [time, network] = [new HandTime(), new GivenNetwork()];
  const shown: unknown[] = [];
  const ledger = plainLedger(foundTestOffice(ana));
  const joining = new JoinByAsking({
    ...{ identity: cy, tag: officeTagOf(ledger.office), extension: '205', addresses, interfaces: [] },
    ...{ network, clock: time, schedule: time.schedule, random: nodePorts.random },
    ...{ changed: () => undefined, log: () => undefined },
    ...(seen !== undefined && { seen: { name: seen, places } }),
    show: (text) => void shown.push(text?.phrase.details),
  });
  const why: { code?: unknown; details?: unknown } = {};
  joining.joined.catch(({ code, phrase }: { code: string; phrase: { details: object } }) =>
    Object.assign(why, { code, details: phrase.details }),
  );
  t.after(() => joining.stop());
  joining.start();
  /** Time passes until something has come about. Links take real time: none passes while one is made, or its request is on the way. */
  const untilSo = (passes: () => boolean, what: string) =>
    eventually(() => {
      const asked = hosts.reduce((sum, host) => sum + host.count('ask'), 0);
      if (!passes() && network.pending === 0 && asked >= network.made) time.pass(500);
      return passes();
    }, what);
  const [first, second] = hosts as [Host, Host];
  await untilSo(() => hosts.some((host) => host.count('ask') === 1), 'it asks');
  return { joining, addresses, first, second, hosts, time, ledger, ana, cy, why, shown, untilSo };
}

/** Ana's side of the comparison, on the link that came last; up to the digits. */
async function compareWith({ first, ledger, ana, time, joining }: Awaited<ReturnType<typeof asking>>) {
  const [begun, revealed] = [first.count('begin'), first.count('reveal')];
  first.link.send({ type: 'go' });
  await first.hears('begin', begun + 1);
  const direct = { exported: first.link.exported(JOIN_EXPORTER_LABEL), peerKey: first.link.peerKey };
  const nonce = randomBytes(16);
  const comparing = { self: ana, card: signCard(ana), ledger, nonce, isExpected: () => true };
  const comparison = new Comparison(comparing, direct, time.monotonic());
  const take = (type: 'begin' | 'reveal' | 'agree'): HostStep => {
    const frame = first.got.findLast((one) => one.type === type) ?? assert.fail(type);
    return comparison.take(frame as Parameters<Comparison['take']>[0], time.monotonic());
  };
  const answer = take('begin');
  assert.ok(answer.kind === 'send');
  first.link.send(answer.frame);
  await first.hears('reveal', revealed + 1);
  const shown = take('reveal');
  assert.ok(shown.kind === 'compare');
  assert.equal(joining.digits, shown.digits);
  return { comparison, take };
}

void test('whoever asks and is let in is a member with the number that was wished for', async (t) => {
  const here = await asking(t);
  const { comparison, take } = await compareWith(here);
  here.joining.answer(true);
  await here.first.hears('agree');
  assert.deepEqual(take('agree'), { kind: 'agreed' });
  for (const frame of comparison.letIn(here.time.monotonic()).frames) here.first.link.send(frame);
  const { ledger } = await here.joining.joined;
  assert.equal(ledger.standing.extensions.get('205'), here.cy.nodeId);
});

void test('it asks at once where its person saw the office, and has its name from the start', async (t) => {
  const here = await asking(t, 1, 'Nord');
  assert.equal(here.joining.officeName, 'Nord');
  assert.deepEqual(here.addresses.given, [], 'it knows the place by nothing else');
});

void test('a host that welcomes before the person agreed is left', async (t) => {
  const here = await asking(t);
  await compareWith(here);
  for (const frame of welcomeFrames(here.ledger)) here.first.link.send(frame);
  await here.untilSo(() => here.first.count('ask') === 2, 'it asks again');
  assert.deepEqual(here.shown, [undefined, { reason: 'wrong-order' }]);
  assert.equal(here.joining.digits, undefined);
  await compareWith(here);
  for (const frame of welcomeFrames(here.ledger)) here.first.link.send(frame);
  await eventually(() => here.why.code !== undefined, 'it gives up');
  assert.deepEqual(here.why, { code: 'join-ended', details: { reason: 'wrong-order' } });
  assert.throws(() => here.joining.answer(true), { code: 'not-compared' });
});

void test('it goes where it is sent, and asks again where nobody is', async (t) => {
  const here = await asking(t, 2);
  const [asked, other] =
    here.first.count('ask') === 1 ? [here.first, here.second] : [here.second, here.first];
  asked.link.send({ type: 'go', place: { address: '127.0.0.1', port: 1 } });
  await here.untilSo(() => other.count('ask') === 1, 'it asks the other one');
  other.link.send({ type: 'go', place: { address: '127.0.0.1', port: asked.port } });
  await asked.hears('begin');
  assert.equal(asked.links.length, 2, 'on a link of its own');
});

void test('a link that breaks while it waits is made again; one that breaks over the digits is a refusal', async (t) => {
  const here = await asking(t);
  here.first.link.close();
  await here.untilSo(() => here.first.count('ask') === 2, 'it asks again');
  for (const times of [3, 4]) {
    await compareWith(here);
    here.first.link.close();
    const isDone = () => here.first.count('ask') === times || here.why.code !== undefined;
    await here.untilSo(isDone, 'what comes of it');
  }
  assert.deepEqual(here.why, { code: 'join-ended', details: { reason: 'lost' } });
});

void test('an old request of its own is waited for, and not for ever', async (t) => {
  const here = await asking(t);
  for (let times = 1; times < 8; times += 1) {
    here.first.refuse('asked-already');
    await here.untilSo(() => here.first.count('ask') === times + 1, 'it asks again');
  }
  assert.equal(here.why.code, undefined);
  here.first.refuse('asked-already');
  await eventually(() => here.why.code !== undefined, 'it gives up');
  assert.deepEqual(here.why, { code: 'join-refused', details: { reason: 'asked-already' } });
});

void test('busy nodes and other offices are passed over, and a closed one is the answer', async (t) => {
  const here = await asking(t);
  for (const [at, why] of (['busy', 'other-office'] as const).entries()) {
    here.first.refuse(why);
    await here.untilSo(() => here.first.count('ask') === at + 2, `it asks again after ${why}`);
  }
  here.first.refuse('closed');
  await here.untilSo(() => here.first.count('ask') === 4, 'it asks once more');
  here.first.refuse('closed');
  await eventually(() => here.why.code !== undefined, 'it gives up');
  assert.deepEqual(here.why, { code: 'join-refused', details: { reason: 'closed' } });
});

void test('one false refusal does not end it: the next place is asked, and what it shows is compared', async (t) => {
  const here = await asking(t, 2);
  const [asked, other] =
    here.first.count('ask') === 1 ? [here.first, here.second] : [here.second, here.first];
  asked.refuse('closed');
  await here.untilSo(() => other.count('ask') === 1, 'it asks the other one');
  assert.deepEqual([here.shown, here.why.code], [[{ reason: 'closed' }], undefined]);
});

void test('whose welcome was lost asks that node again, and believes it alone', async (t) => {
  const here = await asking(t);
  const { comparison, take } = await compareWith(here);
  here.joining.answer(true);
  await here.first.hears('agree');
  take('agree');
  const { frames } = comparison.letIn(here.time.monotonic());
  here.first.link.close();
  await here.untilSo(() => here.first.count('ask') === 2, 'it asks again');
  for (const frame of frames) here.first.link.send(frame);
  const { ledger } = await here.joining.joined;
  assert.ok(ledger.standing.members.has(here.cy.nodeId));
});

void test('a welcome before any digits is not believed, and the person reads what to do', async (t) => {
  const here = await asking(t);
  admitInto(here.ledger, here.ana, here.cy);
  for (const times of [2, 3]) {
    for (const frame of welcomeFrames(here.ledger)) here.first.link.send(frame);
    const isDone = () => here.first.count('ask') === times || here.why.code !== undefined;
    await here.untilSo(isDone, 'what comes of it');
  }
  assert.deepEqual(here.why, { code: 'join-ended', details: { reason: 'in-already' } });
});

void test('digits that nobody confirms are worth two minutes', async (t) => {
  const here = await asking(t);
  await compareWith(here);
  here.time.pass(2 * 60_000 + 2_000);
  await eventually(() => here.shown.length === 2, 'the reason');
  assert.deepEqual(here.shown, [undefined, { reason: 'too-late' }]);
  assert.equal(here.joining.digits, undefined);
  await here.untilSo(() => here.first.count('ask') === 2, 'it asks again');
});

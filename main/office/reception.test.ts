import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test, type TestContext } from 'node:test';
import { eventually } from '../../test/support/eventually.ts';
import {
  Asker,
  JOIN_EXPORTER_LABEL,
  officeTagOf,
  signCard,
  type Identity,
  type NewcomerStep,
} from '../identity/index.ts';
import { toBase64url, nodePorts } from '../model/index.ts';
import {
  connectAsOutsider,
  ControlServer,
  type ControlLink,
  type ControlMessage,
  type ControlMessageOf,
} from '../signalling/index.ts';
import { Reception } from './reception.ts';
import { HandLink, newIdentity } from './test-network.ts';
import { foundTestOffice, openDesk } from './test-office.ts';

const MINUTE = 60_000;

/**
 * The reception of Ana, who founded, or of Bo, a member; the others are in no office. Outsiders come over real links. Time and
 * disk are in the test's hand, and so is what colleagues say.
 */
async function receptionAt(t: TestContext, who: 'ana' | 'bo') {
  const [ana, bo, cy, dana, eve] = (await Promise.all([1, 2, 3, 4, 5].map(() => newIdentity(t)))) as [
    Identity,
    Identity,
    Identity,
    Identity,
    Identity,
  ];
  const self = { ana, bo }[who];
  const office = await openDesk(self, foundTestOffice(ana, [bo]));
  const { ledger, requests: book, plain, disk, time } = office;
  const told: ControlMessageOf<'asked' | 'answered'>[] = [];
  const came: string[] = [];
  const troubles: (string | undefined)[] = [];
  const reception = new Reception({
    ...{ identity: self, ledger, book, clock: time, schedule: time.schedule, random: nodePorts.random },
    place: () => ({ address: '10.0.0.1', port: 4000 }),
    spread: (frame) => void told.push(frame),
    came: ({ node }) => void came.push(node),
    changed: () => undefined,
    trouble: (text) => void troubles.push(text?.phrase.code),
  });
  const { certificatePem, privateKeyPem } = self;
  const server = await ControlServer.listen({
    credentials: { certificatePem, privateKeyPem, office: ledger.id },
    address: '127.0.0.1',
    onLink: () => undefined,
    onOutsider: (link) => reception.accept(link),
    log: () => undefined,
  });
  t.after(async () => {
    reception.close();
    await server.close();
    await ledger.close();
  });
  const colleague = new HandLink(bo.nodeId).asLink;
  const people = { bo, cy, dana, eve, colleague };
  const tag = officeTagOf(ledger.id);
  return { ...people, reception, book, time, told, came, troubles, port: server.port, plain, disk, tag };
}
type Desk = Awaited<ReturnType<typeof receptionAt>>;

/** Somebody at the door, who says what the test says. */
class Newcomer {
  readonly got: ControlMessage[] = [];
  isClosed = false;
  readonly #link: ControlLink;
  readonly #desk: Desk;
  readonly self: Identity;
  asker: Asker | undefined;

  static async at(desk: Desk, self: Identity): Promise<Newcomer> {
    const to = { address: '127.0.0.1', port: desk.port, log: () => undefined };
    return new Newcomer(desk, self, await connectAsOutsider({ credentials: self, ...to }));
  }

  private constructor(desk: Desk, self: Identity, link: ControlLink) {
    this.#desk = desk;
    this.self = self;
    this.#link = link;
    link.listen({
      onMessage: (message) => this.got.push(message),
      onFragments: () => undefined,
      onClose: () => (this.isClosed = true),
    });
  }

  async ask(card = signCard(this.self)): Promise<this> {
    this.#link.send({ type: 'ask', tag: toBase64url(this.#desk.tag), card });
    const { book, time } = this.#desk;
    const isThere = () => book.requests(time.now()).some(({ node }) => node === this.self.nodeId);
    await eventually(() => isThere() || this.got.length > 0, 'the ask is taken');
    return this;
  }

  begin(): this {
    const asking = { tag: this.#desk.tag, card: signCard(this.self), nonce: randomBytes(16) };
    const direct = { exported: this.#link.exported(JOIN_EXPORTER_LABEL), peerKey: this.#link.peerKey };
    this.asker = new Asker(asking, direct, this.#desk.time.now());
    this.#link.send(this.asker.first);
    return this;
  }

  /** Compares up to the digits. */
  async reveal(): Promise<string> {
    const nonce = await this.of('nonce');
    const step = this.asker?.take(nonce, this.#desk.time.now());
    assert.ok(step?.kind === 'send');
    this.#link.send(step.frame);
    await eventually(() => this.shown?.digits !== undefined, 'digits at the member');
    return step.digits;
  }

  async agree(): Promise<void> {
    this.#link.send(this.asker?.agree(this.#desk.time.now()) ?? assert.fail('nothing to agree to'));
    await eventually(() => this.shown?.state === 'agreed', 'it agreed');
  }

  get shown() {
    return this.#desk.reception.shown.find(({ node }) => node === this.self.nodeId);
  }

  async of<T extends ControlMessage['type']>(type: T): Promise<ControlMessageOf<T>> {
    const find = () => this.got.find((one): one is ControlMessageOf<T> => one.type === type);
    await eventually(() => find() !== undefined, `a frame ${type}`);
    return find() ?? assert.fail();
  }

  async refused(): Promise<string> {
    const { why } = await this.of('refused');
    await eventually(() => this.isClosed, 'the link ends');
    return why;
  }

  leave(): void {
    this.#link.close();
  }

  /** What the whole welcome comes to. */
  async welcomed(): Promise<NewcomerStep | undefined> {
    const now = this.#desk.time.now();
    await eventually(() => this.got.some((one) => one.type === 'welcome' && one.isLast), 'the welcome');
    const frames = this.got.filter((one) => one.type === 'welcome');
    return frames.map((frame) => this.asker?.take(frame, now)).at(-1);
  }
}

void test('who asks, compares and is let in comes in, and everybody is told who asks and that somebody answers', async (t) => {
  const desk = await receptionAt(t, 'ana');
  const newcomer = await (await Newcomer.at(desk, desk.cy)).ask();
  assert.deepEqual(desk.came, [desk.cy.nodeId]);
  const [asked] = desk.told;
  assert.ok(asked?.type === 'asked' && asked.node === desk.cy.nodeId && asked.leftMs === 10 * MINUTE);
  desk.reception.compare(desk.cy.nodeId);
  assert.deepEqual(desk.told[1], {
    ...{ type: 'answered', node: desk.cy.nodeId, place: { address: '10.0.0.1', port: 4000 } },
  });
  assert.equal((await newcomer.of('go')).place, undefined, 'on this link');
  const digits = await newcomer.begin().reveal();
  assert.equal(newcomer.shown?.digits, digits);
  await assert.rejects(desk.reception.admit(desk.cy.nodeId), { code: 'not-compared' });
  await newcomer.agree();
  await desk.reception.admit(desk.cy.nodeId);
  assert.equal((await newcomer.welcomed())?.kind, 'joined');
  assert.ok(desk.plain.standing.members.has(desk.cy.nodeId));
  assert.deepEqual(desk.reception.shown, []);
});

void test('nobody asks in another’s name, and a member does not ask at all', async (t) => {
  const desk = await receptionAt(t, 'ana');
  assert.equal(
    await (await (await Newcomer.at(desk, desk.cy)).ask(signCard(desk.dana))).refused(),
    'bad-card',
  );
  assert.equal(await (await (await Newcomer.at(desk, desk.bo)).ask()).refused(), 'bad-card');
  assert.deepEqual(desk.reception.shown, []);
  assert.deepEqual(desk.told, []);
});

void test('whoever begins without having been chosen is refused, and that is no failure of anybody’s', async (t) => {
  const desk = await receptionAt(t, 'ana');
  for (let attempt = 0; attempt < 6; attempt += 1) {
    assert.equal(await (await Newcomer.at(desk, desk.eve)).begin().refused(), 'closed');
  }
  await (await Newcomer.at(desk, desk.cy)).ask();
  desk.reception.compare(desk.cy.nodeId);
  assert.equal(desk.book.isExpected({ node: desk.cy.nodeId }, desk.time.now()), true);
});

void test('five comparisons that come to nothing close asking, until a person opens it again', async (t) => {
  const desk = await receptionAt(t, 'ana');
  for (let attempt = 0; attempt < 5; attempt += 1) {
    const newcomer = await (await Newcomer.at(desk, desk.cy)).ask();
    desk.reception.compare(desk.cy.nodeId);
    await newcomer.of('go');
    await newcomer.begin().reveal();
    newcomer.leave();
    await eventually(() => desk.reception.shown.length === 0, 'the request ends with its link');
    desk.time.pass(MINUTE);
  }
  assert.equal(await (await (await Newcomer.at(desk, desk.cy)).ask()).refused(), 'closed');
  desk.book.open(desk.time.now());
  await (await Newcomer.at(desk, desk.cy)).ask();
  assert.equal(desk.reception.shown.length, 1);
});

void test('a comparison ends after two minutes, a request after ten, and a silent link after ten seconds', async (t) => {
  const desk = await receptionAt(t, 'ana');
  const silent = await Newcomer.at(desk, desk.eve);
  const waiting = await (await Newcomer.at(desk, desk.cy)).ask();
  desk.time.pass(11_000);
  await eventually(() => silent.isClosed, 'the silent link ends');
  assert.equal(waiting.isClosed, false);
  desk.reception.compare(desk.cy.nodeId);
  await waiting.of('go');
  await waiting.begin().reveal();
  await waiting.agree();
  desk.time.pass(2 * MINUTE + 1_000);
  await eventually(() => waiting.isClosed, 'the comparison ends');
  assert.equal(desk.troubles.at(-1), 'join-ended');
  await assert.rejects(desk.reception.admit(desk.cy.nodeId), { code: 'no-such-request' });
  const again = await (await Newcomer.at(desk, desk.dana)).ask();
  desk.time.pass(10 * MINUTE + 1_000);
  assert.equal(await again.refused(), 'closed');
  assert.deepEqual(desk.reception.shown, []);
});

void test('a colleague’s answer sends the newcomer there, refuses it, or takes it from the list', async (t) => {
  const desk = await receptionAt(t, 'ana');
  const first = await (await Newcomer.at(desk, desk.cy)).ask();
  const place = { address: '10.0.0.9', port: 5000 };
  desk.reception.answered(desk.colleague, { type: 'answered', node: desk.cy.nodeId, place });
  assert.deepEqual((await first.of('go')).place, place);
  assert.deepEqual(desk.reception.shown, []);
  first.leave();
  desk.reception.asked(desk.colleague, {
    type: 'asked',
    node: desk.dana.nodeId,
    address: '10.0.0.7',
    leftMs: MINUTE,
  });
  assert.equal(desk.reception.shown.length, 1);
  const spread = desk.told.length;
  desk.reception.asked(desk.colleague, { type: 'asked', node: desk.dana.nodeId, address: '10.0.0.7' });
  assert.equal(desk.told.length, spread, 'what was told already does not go round');
  desk.reception.answered(desk.colleague, { type: 'answered', node: desk.dana.nodeId, isGone: true });
  assert.deepEqual(desk.reception.shown, []);
  const second = await (await Newcomer.at(desk, desk.eve)).ask();
  desk.reception.answered(desk.colleague, { type: 'answered', node: desk.eve.nodeId });
  assert.equal(await second.refused(), 'declined');
  assert.equal(await (await (await Newcomer.at(desk, desk.eve)).ask()).refused(), 'muted');
});

void test('a request that a colleague told of ends when it would have ended there', async (t) => {
  const desk = await receptionAt(t, 'ana');
  const frame = { type: 'asked', node: desk.cy.nodeId, address: '10.0.0.7', leftMs: MINUTE } as const;
  desk.reception.asked(desk.colleague, frame);
  desk.time.pass(MINUTE - 1);
  assert.equal(desk.reception.shown.length, 1);
  desk.time.pass(2);
  assert.deepEqual(desk.reception.shown, []);
});

void test('a plain member is shown nobody before opening, and for ten minutes then', async (t) => {
  const desk = await receptionAt(t, 'bo');
  await (await Newcomer.at(desk, desk.cy)).ask();
  assert.deepEqual([desk.reception.shown, desk.came], [[], []]);
  desk.book.open(desk.time.now());
  assert.equal(desk.reception.shown.length, 1);
  desk.book.close();
  assert.deepEqual(desk.reception.shown, []);
});

void test('where the disk does not take the admission, nobody is welcomed', async (t) => {
  const desk = await receptionAt(t, 'ana');
  const newcomer = await (await Newcomer.at(desk, desk.cy)).ask();
  desk.reception.compare(desk.cy.nodeId);
  await newcomer.of('go');
  await newcomer.begin().reveal();
  await newcomer.agree();
  desk.disk.capacityBytes = (await desk.disk.size('/profile/ledger.jsonl')) + 50;
  await assert.rejects(desk.reception.admit(desk.cy.nodeId));
  await eventually(() => newcomer.isClosed, 'the link ends');
  assert.ok(!newcomer.got.some(({ type }) => type === 'welcome'));
});

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import type { TestContext } from 'node:test';
import { eventually } from '../../test/support/eventually.ts';
import {
  Asker,
  JOIN_EXPORTER_LABEL,
  officeTagOf,
  signCard,
  signRequestAnswer,
  signRequestNotice,
  statementIdOf,
  type Identity,
  type NewcomerStep,
} from '../identity/index.ts';
import { toBase64url, nodePorts, type NodeId, type Signed } from '../model/index.ts';
import {
  connectAsOutsider,
  ControlServer,
  type ControlLink,
  type ControlMessage,
  type ControlMessageOf,
} from '../signalling/index.ts';
import { Reception } from './reception.ts';
import { HandLink, newIdentities } from './test-network.ts';
import { foundTestOffice, openDesk } from './test-office.ts';

export const MINUTE = 60_000;

/**
 * The reception of Ana, who founded, or of Bo, a member; the others are in no office. Outsiders come over real links. Time and
 * disk are in the test's hand, and so is what colleagues say.
 */
export async function receptionAt(t: TestContext, who: 'ana' | 'bo') {
  const [ana, bo, cy, dana, eve] = await newIdentities(t, 5);
  const self = { ana, bo }[who];
  const office = await openDesk(self, foundTestOffice(ana, [bo]));
  const { ledger, requests: book, plain, disk, time } = office;
  const told: ControlMessageOf<'asked' | 'answered'>[] = [];
  const came: string[] = [];
  const troubles: (string | undefined)[] = [];
  const reception = new Reception({
    ...{ identity: self, ledger, book, clock: time, schedule: time.schedule, random: nodePorts.random },
    boot: 1,
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
  /** What comes from colleagues comes over the switch's link. */
  const colleague = new HandLink(bo.nodeId).asLink;
  let count = 0;
  const colleagues = {
    /** `by` tells that it heard a request. Returns what it signed. */
    tell: (by: Identity, node: NodeId, address: string, leftMs = 10 * MINUTE): Signed => {
      const signed = signRequestNotice(by, plain, { boot: 1, count: (count += 1), node, address });
      reception.asked(colleague, { type: 'asked', told: signed, leftMs });
      return signed;
    },
    answer: (
      by: Identity,
      node: NodeId,
      to: Signed,
      how: Omit<Parameters<typeof signRequestAnswer>[2], 'told' | 'node'> = {},
    ): void => {
      const answer = signRequestAnswer(by, plain, { told: statementIdOf(to), node, ...how });
      reception.answered(colleague, { type: 'answered', answer });
    },
  };
  /** What this node told last of a request that it heard. */
  const toldLast = (): Signed => {
    const asked = told.filter((frame) => frame.type === 'asked').at(-1);
    return asked?.told ?? assert.fail('nothing was told');
  };
  const people = { ana, bo, cy, dana, eve, colleague, colleagues, toldLast };
  const tag = officeTagOf(ledger.id);
  return {
    ...people,
    reception,
    book,
    time,
    told,
    came,
    troubles,
    port: server.port,
    ledger,
    plain,
    disk,
    tag,
  };
}
export type Desk = Awaited<ReturnType<typeof receptionAt>>;

/** Somebody at the door, who says what the test says. */
export class Newcomer {
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
    const isThere = () => book.requests(time.monotonic()).some(({ node }) => node === this.self.nodeId);
    await eventually(() => isThere() || this.got.length > 0, 'the ask is taken');
    return this;
  }

  begin(): this {
    const asking = { tag: this.#desk.tag, card: signCard(this.self), nonce: randomBytes(16) };
    const direct = { exported: this.#link.exported(JOIN_EXPORTER_LABEL), peerKey: this.#link.peerKey };
    this.asker = new Asker(asking, direct, this.#desk.time.monotonic());
    this.#link.send(this.asker.first);
    return this;
  }

  /** Compares up to the digits. */
  async reveal(): Promise<string> {
    const nonce = await this.of('nonce');
    const step = this.asker?.take(nonce, this.#desk.time.monotonic());
    assert.ok(step?.kind === 'send');
    this.#link.send(step.frame);
    await eventually(() => this.shown?.digits !== undefined, 'digits at the member');
    return step.digits;
  }

  async agree(): Promise<void> {
    this.#link.send(this.asker?.agree(this.#desk.time.monotonic()) ?? assert.fail('nothing to agree to'));
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
    const now = this.#desk.time.monotonic();
    await eventually(() => this.got.some((one) => one.type === 'welcome' && one.isLast), 'the welcome');
    const frames = this.got.filter((one) => one.type === 'welcome');
    return frames.map((frame) => this.asker?.take(frame, now)).at(-1);
  }
}

import {
  expectSenderKey,
  loadOrCreateIdentity,
  pairKeys,
  openPacket,
  signReceipt,
  unwrapMessageKey,
  verifyHeader,
  type OwnIdentity,
  type PairKeys,
  type PairOwner,
} from '../../../main/identity/index.ts';
import { MediaSockets } from '../../../main/media/media-sockets.ts';
import { RtpDemuxer } from '../../../main/media/rtp-demuxer.ts';
import {
  fromBase64url,
  readSheet,
  UdpSocket,
  type MessageId,
  type Signed,
  type UdpAddress,
} from '../../../main/model/index.ts';
import { seededRandom } from '../seeded-random.ts';
import type { EarAddress, EarCount, EarPlan, EarsOrder, EarsReport } from './protocol.ts';

/*
 * A process with many listeners: each has its own sockets, header and key, and handles packets as a media worker does, without a sound
 * device.
 */

/** A fragment that comes later than this after it was sent is too late to be played, ms. */
const LATE_MS = 60;

const nowMs = (): number => Number(process.hrtime.bigint()) / 1e6;
const report = (message: EarsReport) => process.send?.(message);

interface EarParts {
  readonly identity: OwnIdentity;
  readonly talker: OwnIdentity;
  readonly office: string;
  readonly address: string;
  readonly group: UdpAddress;
}

class Ear {
  readonly plan: EarPlan;
  readonly #parts: EarParts;
  readonly #random: () => number;
  readonly #keys: PairKeys;
  readonly #self: PairOwner;
  readonly #sockets: MediaSockets;
  #demuxer: RtpDemuxer;
  #media = 0;
  #beat: UdpSocket | undefined;
  #sheet: string | undefined;
  #from: UdpAddress | null = null;
  #id: string | undefined;
  #count: number | undefined;
  #openedAt = new Map<number, number>();
  #byGroup = 0;
  #own = 0;
  #lost = 0;
  #asked = 0;

  constructor(plan: EarPlan, parts: EarParts, seed: number) {
    this.plan = plan;
    this.#parts = parts;
    this.#random = seededRandom(seed);
    const { identity, talker, office } = parts;
    this.#self = { nodeId: plan.node, hpkeKey: identity.hpkeKey };
    this.#keys = pairKeys(this.#self, talker.nodeId, talker.hpkePublicKey, fromBase64url(office))!;
    this.#demuxer = this.#newDemuxer();
    this.#sockets = new MediaSockets({
      onPacket: (packet, from, isByGroup) => {
        if (this.#random() < plan.loss) return void (this.#lost += 1);
        if (isByGroup) this.#byGroup += 1;
        else this.#own += 1;
        this.#demuxer.receive(packet, from, isByGroup);
      },
      bound: (port) => (this.#media = port),
      failed: ({ sentence }) => {
        throw new Error(sentence);
      },
    });
  }

  async open(): Promise<EarAddress> {
    const { address, group } = this.#parts;
    await this.#sockets.bind(address, 0);
    if (this.plan.joins) await this.#sockets.join(group);
    this.#beat = await UdpSocket.open({ address, port: 0 }, (bytes) => void this.#heard(bytes));
    return { node: this.plan.node, address, media: this.#media, beat: this.#beat.port };
  }

  async expect(sheet: string | undefined, from: UdpAddress): Promise<void> {
    this.#sheet = sheet;
    this.#from = from;
    // Nodes of an office exchange packets all the time, so none has to wait for address resolution (ARP) here either.
    this.#sockets.send(Buffer.alloc(1), from);
    const read = sheet === undefined ? undefined : readSheet(sheet);
    if (read) await expectSenderKey(this.#self, read.sheet);
  }

  leave(): Promise<void> {
    return this.#sockets.join(undefined);
  }

  end(count: number): void {
    this.#count = count;
    if (this.#id !== undefined) this.#demuxer.end(this.#id, count);
  }

  /** The manifest came. */
  get isAwaited(): boolean {
    return this.#count !== undefined;
  }

  get isComplete(): boolean {
    return this.#count !== undefined && this.#openedAt.size >= this.#count;
  }

  counted(sentAt: readonly number[]): EarCount {
    const isLate = (n: number, at: number) => (this.#openedAt.get(n) ?? Infinity) - at > LATE_MS;
    return {
      ...{ node: this.plan.node, fragments: this.#openedAt.size, byGroup: this.#byGroup, own: this.#own },
      ...{ lost: this.#lost, asked: this.#asked },
      late: sentAt.filter((at, n) => isLate(n, at)).length,
    };
  }

  /** That it hears the page, has all of it, and has heard it. All listeners sign by one identity: checking costs the same. */
  reports(): string[] {
    const { identity } = this.#parts;
    const { nodeId: node } = identity;
    const id = this.#id as MessageId | undefined;
    if (id === undefined) return [];
    const store = Buffer.alloc(8).toString('base64url');
    const signed = (['received', 'heard'] as const).map((state, n) =>
      signReceipt(identity, { v: 1, id, node, state, at: Date.now(), n, store }),
    );
    return [
      JSON.stringify({ type: 'progress', id, node, state: 'hearing' }),
      ...signed.map((receipt) => JSON.stringify({ type: 'receipt', receipt })),
    ];
  }

  forget(): void {
    this.#demuxer.close();
    this.#demuxer = this.#newDemuxer();
    this.#id = undefined;
    this.#count = undefined;
    this.#openedAt = new Map();
    this.#byGroup = this.#own = this.#lost = this.#asked = 0;
  }

  #newDemuxer(): RtpDemuxer {
    return new RtpDemuxer({
      send: (packet, to) => {
        this.#asked += 1;
        this.#sockets.send(packet, to);
      },
      emit: () => undefined,
      clock: () => performance.now(),
      onUnknown: () => undefined,
      onFrame: (_id, n) => {
        this.#openedAt.set(n, nowMs());
        if (this.isComplete) look();
      },
    });
  }

  /** A datagram of the talker: a header, as the node reads it. */
  async #heard(bytes: Buffer): Promise<void> {
    const packet = openPacket(this.#keys.receiving, bytes);
    if (!packet) return;
    const signed = JSON.parse(Buffer.from(packet.body).toString('utf8')) as Signed;
    const { talker } = this.#parts;
    const { ownKey, ...small } = signed;
    const beside = this.#sheet === undefined ? { ownKey } : { sheet: this.#sheet };
    const header = verifyHeader({ ...small, ...beside }, talker.signingKeySpki);
    if (!header) return;
    const { id, ssrc, isMulticast } = header;
    const key = await unwrapMessageKey({ ...this.#self, former: [] }, header);
    this.#id = id;
    this.#demuxer.expect({ id, ssrc, key, talker: this.#from, isMulticast });
    if (this.#count !== undefined) this.#demuxer.end(id, this.#count);
  }
}

let ears: Ear[] = [];

function look(): void {
  if (ears.every(({ isComplete, isAwaited }) => isComplete || !isAwaited)) report({ report: 'complete' });
}

async function carryOut(order: EarsOrder): Promise<void> {
  switch (order.order) {
    case 'open': {
      const parts = {
        ...{ address: order.address, group: order.group, office: order.office },
        identity: await loadOrCreateIdentity(order.identity),
        talker: await loadOrCreateIdentity(order.talker),
      };
      ears = order.ears.map((plan, n) => new Ear(plan, parts, n + 1 + order.ears.length));
      report({ report: 'opened', ears: await Promise.all(ears.map((ear) => ear.open())) });
      return;
    }
    case 'sheet':
      for (const ear of ears) await ear.expect(order.sheet, order.from);
      report({ report: 'ready' });
      return;
    case 'leave':
      await Promise.all(ears.filter(({ plan }) => order.nodes.includes(plan.node)).map((ear) => ear.leave()));
      return;
    case 'end':
      for (const ear of ears) if (order.nodes.includes(ear.plan.node)) ear.end(order.count);
      look();
      return;
    case 'count':
      report({ report: 'counted', counts: ears.map((ear) => ear.counted(order.sentAt)) });
      return;
    case 'report': {
      const telling = ears.filter(({ plan }) => order.nodes.includes(plan.node));
      report({ report: 'reports', frames: telling.flatMap((ear) => ear.reports()) });
      return;
    }
    case 'forget':
      for (const ear of ears) ear.forget();
      report({ report: 'ready' });
  }
}

process.on('message', (order: EarsOrder) => void carryOut(order));
process.on('disconnect', () => process.exit(0));

import * as v from 'valibot';
import {
  loadOrCreateIdentity,
  pairKeys,
  sealPacket,
  verifyReceipt,
  type OwnIdentity,
} from '../../../main/identity/index.ts';
import type { AudioPort } from '../../../main/media/audio-port.ts';
import { Codecs } from '../../../main/media/codecs.ts';
import type { MediaAddress } from '../../../main/media/index.ts';
import { MediaSockets } from '../../../main/media/media-sockets.ts';
import type { WorkerEvent } from '../../../main/media/protocol.ts';
import { RtpSender } from '../../../main/media/rtp-sender.ts';
import { isRtcp } from '../../../main/media/rtp.ts';
import { Transmitter } from '../../../main/media/transmitter.ts';
import { Composer, type Draft } from '../../../main/messages/compose.ts';
import { forReaders } from '../../../main/messages/key-sheets.ts';
import { OwnHashes } from '../../../main/messages/own-hashes.ts';
import { SenderKeys } from '../../../main/messages/sender-keys.ts';
import {
  addressKey,
  FRAME_MS,
  fromBase64url,
  nextTurn,
  nodePorts,
  toBase64url,
  UdpSocket,
  type KnownNode,
} from '../../../main/model/index.ts';
import { HEADER } from '../../../main/office/freshness.ts';
import { controlMessageSchema } from '../../../main/signalling/index.ts';
import { delay, eventually } from '../eventually.ts';
import { melody } from '../melody.ts';
import type { EarAddress, MouthOrder, MouthReport, SpeakingReport } from './protocol.ts';

/*
 * A process with the talker of a page: keys, header, hashes, encoder, sender and sockets as in a node, with a recording instead of a
 * microphone.
 */

/** Dummy values: the listeners do not check freshness here. */
const OFFER = Buffer.alloc(8);

const nowMs = (): number => Number(process.hrtime.bigint()) / 1e6;
const report = (message: MouthReport) => process.send?.(message);
const silentAudio = {
  state: { microphone: { state: 'off' }, speaker: { state: 'off' } },
  on: () => () => undefined,
  tone: () => undefined,
} as unknown as AudioPort;

interface MouthParts {
  readonly identity: OwnIdentity;
  readonly ears: OwnIdentity;
  readonly order: Extract<MouthOrder, { readonly order: 'open' }>;
}

class Mouth {
  readonly #parts: MouthParts;
  readonly #people: readonly KnownNode[];
  readonly #sockets: MediaSockets;
  readonly #codecs = new Codecs();
  readonly #transmitter: Transmitter;
  #composer: Composer;
  readonly #seals: readonly ReturnType<typeof pairKeys>[];
  #beat: UdpSocket | undefined;
  #port = 0;
  #onEvent: (event: WorkerEvent) => void = () => undefined;
  #answer: (packet: Uint8Array, from: MediaAddress) => string | undefined;
  #isAnswering = false;
  #note: (packet: Buffer) => void = () => undefined;
  #sent = { toGroup: 0, own: 0, again: 0 };

  constructor(parts: MouthParts) {
    const { identity, ears, order } = parts;
    this.#parts = parts;
    this.#people = order.listeners.map((ear) => personOf(ear, ears));
    this.#composer = newComposer(identity).composer;
    const id = fromBase64url(order.office);
    this.#seals = this.#people.map(({ node }) => pairKeys(identity, node, ears.hpkePublicKey, id));
    this.#sockets = new MediaSockets({
      onPacket: (packet, from, isByGroup) => {
        if (isByGroup || !isRtcp(packet)) return;
        this.#isAnswering = true;
        this.#answer(packet, from);
        this.#isAnswering = false;
      },
      bound: (port) => (this.#port = port),
      failed: ({ sentence }) => {
        throw new Error(sentence);
      },
    });
    this.#transmitter = new Transmitter({
      ...{ audio: silentAudio, codecs: this.#codecs, clock: () => performance.now() },
      emit: (event) => this.#onEvent(event),
      send: (packet, to) => this.#send(packet, to),
    });
    this.#answer = (packet, from) => this.#transmitter.answer(packet, from, performance.now());
  }

  async open(): Promise<number> {
    const { address, group } = this.#parts.order;
    await this.#sockets.bind(address, 0);
    // Joins the group like a node, so that its own packets come back to it.
    await this.#sockets.join(group);
    this.#beat = await UdpSocket.open({ address, port: 0 }, () => undefined);
    await this.#codecs.prepare();
    return this.#port;
  }

  async prepare(listeners: number): Promise<{ readonly sheet: string; readonly cpuMs: number }> {
    const { composer, senderKeys } = newComposer(this.#parts.identity);
    this.#composer = composer;
    const began = process.cpuUsage();
    const made = await senderKeys.for(this.#people.slice(0, listeners));
    await composer.prepare(this.#people.slice(0, 1));
    return { sheet: made?.text ?? '', cpuMs: cpuSince(began) };
  }

  /** Sends a recording in real time, as after a key press. */
  async page(listeners: number, ms: number, byGroup: boolean): Promise<SpeakingReport> {
    const pcm = melody(1, Math.ceil(ms / 1000)).samples.subarray(0, ms * 48);
    const recipients = this.#people.slice(0, listeners);
    const targets = this.#targets(listeners, byGroup);
    this.#sent = { toGroup: 0, own: 0, again: 0 };
    const sentAt: number[] = [];
    const hashes = new OwnHashes(recipients);
    const draft = this.#composer.draft();
    const began = process.cpuUsage();
    const ended = new Promise<number>((resolve) => {
      this.#onEvent = (event) => {
        if (event.type === 'talk-ended') resolve(event.count);
        if (event.type !== 'talk-fragments') return;
        for (const { bytes } of event.fragments) hashes.add(bytes);
        for (const some of hashes.take()) this.#composer.hashes(draft.id, some);
      };
    });
    const { group } = this.#parts.order;
    const keyDownAt = nodePorts.clock.monotonic();
    this.#note = (packet) => (sentAt[packet.readUInt16BE(2)] ??= nowMs());
    this.#transmitter.start({
      ...{ type: 'talk', id: draft.id, ssrc: draft.ssrc, key: draft.key, targets, keyDownAt, pcm },
      ...(byGroup && { group }),
    });
    await this.#announce(draft, recipients, byGroup);
    this.#transmitter.announced(draft.id);
    const count = await ended;
    return { ...this.#sent, count, sentAt, cpuMs: cpuSince(began) };
  }

  /** See `count-page`. */
  async countPage({
    fragments,
    confirm,
    leaveAt,
    lack,
    own,
  }: Extract<MouthOrder, { order: 'count-page' }>): Promise<SpeakingReport> {
    const { listeners, group } = this.#parts.order;
    const draft = this.#composer.draft();
    const { id, ssrc, key } = draft;
    const targets = this.#targets(listeners.length, true);
    this.#sent = { toGroup: 0, own: 0, again: 0 };
    const send = (packet: Uint8Array, to: MediaAddress) => this.#send(packet, to);
    const sender = new RtpSender({ id, ssrc, key, targets, group, own, send });
    let now = 0;
    const heardFrom = new Set<string>();
    this.#answer = (packet, from) => {
      heardFrom.add(addressKey(from));
      return sender.answer(packet, from, now);
    };
    const lacking = () => sender.takeReach().filter(({ isReached }) => !isReached).length;
    const say = () => {
      now += FRAME_MS;
      sender.push(
        Uint8Array.from({ length: 40 }, (_, n) => (now + n) & 0xff),
        now,
      );
    };
    for (let n = 0; n < 5; n++) say();
    await this.#announce(draft, this.#people, true);
    sender.announced(now);
    await eventually(
      () => heardFrom.size >= confirm,
      () => `${heardFrom.size} of ${confirm} have confirmed`,
    );
    let found = 0;
    for (let n = 5; n < fragments || found < lack; n++) {
      say();
      const lackNow = lacking();
      if (n > leaveAt) found += lackNow;
      if (n === leaveAt) report({ report: 'leave' });
      // In real time, since the listeners' timers are real.
      await delay(FRAME_MS);
    }
    // From here on time goes by again: a repair that was lost is asked for later.
    const ended = performance.now() - now;
    this.#answer = (packet, from) => sender.answer(packet, from, performance.now() - ended);
    return { ...this.#sent, count: sender.count, sentAt: [], cpuMs: 0 };
  }

  /** Reads and verifies what listeners tell over links, as a node does before it keeps it. */
  hear(frames: readonly string[]): { readonly verified: number; readonly cpuMs: number } {
    const { signingKeySpki } = this.#parts.ears;
    const began = process.cpuUsage();
    let verified = 0;
    for (const text of frames) {
      const frame = v.parse(controlMessageSchema, JSON.parse(text));
      if (frame.type === 'receipt' && verifyReceipt(frame.receipt, signingKeySpki)) verified += 1;
    }
    return { verified, cpuMs: cpuSince(began) };
  }

  get again(): number {
    return this.#sent.again;
  }

  #send(packet: Uint8Array, to: MediaAddress): void {
    const isToGroup = to.address === this.#parts.order.group.address;
    this.#note(Buffer.from(packet.buffer, packet.byteOffset, packet.length));
    if (this.#isAnswering) this.#sent.again += 1;
    else if (isToGroup) this.#sent.toGroup += 1;
    else this.#sent.own += 1;
    this.#sockets.send(packet, to);
  }

  #targets(count: number, byGroup: boolean): MediaAddress[] {
    return this.#parts.order.listeners.slice(0, count).map(({ address, media }) => ({
      ...{ address, port: media },
      ...(byGroup && { inGroup: 'likely' as const }),
    }));
  }

  /** The header goes to each in a datagram of its own. */
  async #announce(draft: Draft, recipients: readonly KnownNode[], byGroup: boolean): Promise<void> {
    const page = { isToAll: true } as const;
    const addressing = {
      recipients,
      from: '101',
      to: '600',
      page,
      ...(byGroup && { isMulticast: true as const }),
    };
    const { signed, facts } = await this.#composer.header(draft, addressing);
    const small = forReaders(signed, facts);
    for (const [n, { node, address, beat }] of this.#parts.order.listeners
      .slice(0, recipients.length)
      .entries()) {
      const keys = this.#seals[n];
      if (!keys) continue;
      const body = Buffer.from(JSON.stringify(small(node)));
      const packet = { echo: OFFER, offer: OFFER, boot: 1, seq: 1, kind: HEADER, body };
      this.#beat?.send(sealPacket(keys.sending, packet), { address, port: beat });
    }
  }
}

/** One that has made no sender key yet. */
function newComposer(identity: OwnIdentity) {
  const office = {
    ...{ readsSheets: () => true, isMember: () => true },
    ...{ switchNode: undefined, standbyNode: undefined, online: [] },
  };
  const { clock, random } = nodePorts;
  const senderKeys = new SenderKeys({ identity, office, clock, random, nextTurn });
  return { senderKeys, composer: new Composer({ identity, clock, random, senderKeys }) };
}

const cpuSince = (began: NodeJS.CpuUsage): number => {
  const { user, system } = process.cpuUsage(began);
  return (user + system) / 1000;
};

function personOf({ node, address, media, beat }: EarAddress, ears: OwnIdentity): KnownNode {
  return {
    ...{ v: 1, node, person: node, revision: 1, name: 'Ear', extension: '', presence: 'available' },
    signingKey: toBase64url(ears.signingKeySpki),
    hpkeKey: toBase64url(ears.hpkePublicKey),
    endpoints: { address, control: 1, beat, media },
  };
}

let mouth: Mouth | undefined;

async function carryOut(order: MouthOrder): Promise<void> {
  if (order.order === 'open') {
    const [identity, ears] = [
      await loadOrCreateIdentity(order.identity),
      await loadOrCreateIdentity(order.ears),
    ];
    mouth = new Mouth({ identity, ears, order });
    report({ report: 'opened', port: await mouth.open() });
  } else if (!mouth) throw new Error('the talker is not there yet');
  else if (order.order === 'prepare')
    report({ report: 'prepared', ...(await mouth.prepare(order.listeners)) });
  else if (order.order === 'page')
    report({ report: 'said', said: await mouth.page(order.listeners, order.ms, order.byGroup) });
  else if (order.order === 'hear') report({ report: 'heard', ...mouth.hear(order.frames) });
  else if (order.order === 'count-page') report({ report: 'said', said: await mouth.countPage(order) });
  else report({ report: 'again', again: mouth.again });
}

process.on('message', (order: MouthOrder) => void carryOut(order));
process.on('disconnect', () => process.exit(0));

import { randomBytes, randomInt } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import type { TLSSocket } from 'node:tls';
import { MESSAGE_KEY_BYTES, sealMessageKey, wrapMessageKey } from '../../main/identity/index.ts';
import {
  MASTER_KEY_BYTES,
  newMessageId,
  toBase64url,
  writeSheet,
  type Endpoints,
  type Fragment,
  type MessageId,
  type NodeId,
  type ReadSheet,
  type WrappedKey,
} from '../../main/model/index.ts';
import { buildNack } from '../../main/media/rtcp.ts';
import { SrtcpSender } from '../../main/media/srtcp.ts';
import type { MessageKey } from '../../main/media/index.ts';
import { encodeFrame, encodeFragments, FRAME_JSON } from '../../main/signalling/frames.ts';
import { GREETING } from '../../main/office/freshness.ts';
import { DIGEST_BYTES } from '../../main/office/datagram-office.ts';
import { eventually } from '../support/eventually.ts';
import { hashFragments } from '../support/hash-fragments.ts';
import { sealFrames } from '../support/sealing.ts';
import { tempFolder } from '../support/temp-folder.ts';
import type { Input, MemberInput } from './inputs.ts';
import { ledgerWord, named } from './ledger-words.ts';
import { becomeMember, type Membership } from './membership.ts';
import { hello, KIND_BEAT, OWN_FRAGMENTS, OWN_MESSAGES, PUPPETS, quietBeat, recordOf } from './seeds.ts';
import { bent, extensionOf, flipped, signedText } from './bending.ts';
import { writeTree, type SignText, type Tree, type Vocabulary } from './tree.ts';

/** A frame of Opus that is silence. */
const SILENCE = Buffer.from([0xf8, 0xff, 0xfe]);
/**
 * A link whose node takes no more for now is given up, and made anew: what waits for it would soon be all that may be underway, and hold up
 * what is for the others.
 */
const MAX_BUFFERED_BYTES = 512 * 1024;
const RECONNECT_MS = 100;

/** What is known of an honest node. */
export interface Target {
  readonly id: NodeId;
  readonly extension: string;
  readonly endpoints: Endpoints;
  readonly hpkeKey: Uint8Array;
}

/** What changes in the office while it runs. */
export interface OfficeNow {
  readonly switchId: string;
  readonly term: number;
  /** Messages that honest people sent each other, the latest first. */
  readonly messages: readonly string[];
}

interface OwnMessage {
  readonly id: MessageId;
  readonly ssrc: number;
  readonly key: MessageKey;
  readonly rtcp: SrtcpSender;
  readonly fragments: readonly Fragment[];
  readonly hash: string;
  readonly keys: readonly WrappedKey[];
  /** The same for a header to many. */
  readonly sheet: ReadSheet;
  readonly sheeted: string;
}

/** Called with the very bytes of each input as a node reads them, before they are sent. */
export type OnSent = (bytes: Uint8Array, input: Input) => void;

/**
 * A member of the office whom everybody believes to be one: its identity, its links and its seals are real. Only what it says is
 * nonsense. It has three further identities that sign for it.
 */
export class HostileMember {
  readonly #folder: string;
  readonly #self: Membership;
  readonly #puppets: readonly Membership[];
  readonly #targets: readonly Target[];
  readonly #now: () => OfficeNow;
  readonly #socket: Socket;
  readonly #links = new Map<number, TLSSocket>();
  readonly #connecting = new Map<number, Promise<TLSSocket | undefined>>();
  readonly #connectedAt = new Map<number, number>();
  readonly #counts = new Map<string, number>();
  readonly #boot = Date.now();
  #own: readonly OwnMessage[] = [];
  #sent = 0;
  #underway = 0;
  #unsendable = 0;
  #linkCount = 0;
  readonly onSent: OnSent;

  static async join(
    joinLink: string,
    targets: readonly Target[],
    now: () => OfficeNow,
    onSent: OnSent = () => undefined,
  ): Promise<HostileMember> {
    const folder = tempFolder('hostile');
    const names = [['self'], ...Array.from({ length: PUPPETS }, (_, n) => ['puppet', `${n}`])];
    const [self, ...puppets] = await Promise.all(
      names.map((name) => {
        const who = { name: name.join('-'), extension: extensionOf(name) };
        return becomeMember(joinLink, targets[0]!.endpoints, folder, who);
      }),
    );
    const socket = createSocket('udp4');
    socket.on('error', () => undefined);
    socket.on('message', (bytes) => [self!, ...puppets].forEach((one) => one.hear(bytes)));
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    const member = new HostileMember(folder, self!, puppets, targets, now, socket, onSent);
    await member.renew();
    for (const to of targets.keys()) await member.#introduce(to);
    return member;
  }

  private constructor(
    folder: string,
    self: Membership,
    puppets: readonly Membership[],
    targets: readonly Target[],
    now: () => OfficeNow,
    socket: Socket,
    onSent: OnSent,
  ) {
    this.#folder = folder;
    this.#self = self;
    this.#puppets = puppets;
    this.#targets = targets;
    this.#now = now;
    this.#socket = socket;
    this.onSent = onSent;
  }

  get id(): NodeId {
    return this.#self.identity.nodeId;
  }

  /**
   * Frames and datagrams: `sent`: the system took them; `underway`: a link has yet to take them, or to be made; `unsendable`: too
   * long for a datagram, or the link was down. `links`: made so far.
   */
  get counts(): {
    readonly sent: number;
    readonly underway: number;
    readonly unsendable: number;
    readonly links: number;
  } {
    const [sent, underway, unsendable] = [this.#sent, this.#underway, this.#unsendable];
    return { sent, underway, unsendable, links: this.#linkCount };
  }

  /** Other messages of its own from now on: what is refused as known says little. */
  async renew(): Promise<void> {
    this.#own = await Promise.all(Array.from({ length: OWN_MESSAGES }, () => this.#compose()));
  }

  /** A beat as an honest member's, to every node: it goes on being one of the office. */
  async beat(): Promise<void> {
    for (const to of this.#targets.keys())
      await this.send({ via: 'datagram', to, times: 1, kind: KIND_BEAT, body: quietBeat() });
  }

  /** Sends it, as often as it says, behind what was to be sent to that node before. Resolves when the system has it. */
  async send(input: MemberInput): Promise<void> {
    const to = input.to % this.#targets.length;
    await Promise.all(Array.from({ length: input.times }, () => this.#counted(this.#sendOnce(input, to))));
  }

  async #counted(sending: Promise<boolean>): Promise<void> {
    this.#underway += 1;
    try {
      if (await sending) this.#sent += 1;
      else this.#unsendable += 1;
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      this.#unsendable += 1;
    } finally {
      this.#underway -= 1;
    }
  }

  async close(): Promise<void> {
    for (const link of this.#links.values()) link.destroy();
    this.#socket.close();
    await rm(this.#folder, { recursive: true, force: true });
  }

  // ---- what is sent, by what it is

  async #sendOnce(input: MemberInput, to: number): Promise<boolean> {
    switch (input.via) {
      case 'frame':
        return this.#write(to, encodeFrame(FRAME_JSON, Buffer.from(this.#text(input.frame))), input);
      case 'frame-bytes':
        return this.#write(to, encodeFrame(input.type, Buffer.from(input.bytes, 'hex')), input);
      case 'fragments': {
        const fragments = input.fragments.map(({ n, of }) => ({ n, bytes: this.#fragment(of, n) }));
        const id = this.#name(input.id.slice(1)) as MessageId;
        const [frame] = encodeFragments(id, fragments);
        if (!frame) return false;
        return this.#write(to, encodeFrame(1, frame.subarray(5, frame.length - input.cutBytes)), input);
      }
      case 'datagram':
        return this.#seal(to, input.kind, this.#datagramBody(input.kind, input.body), input);
      case 'datagram-bytes':
        return this.#seal(to, input.kind, Buffer.from(input.bytes, 'hex'), input);
      case 'packet':
        return this.#sealAs(to, input);
      case 'rtp': {
        const packet = Buffer.from(this.#fragment(input.own, input.n));
        if (input.as !== null) packet.writeUInt32BE(this.#own[input.as]!.ssrc, 8);
        return this.#sendMedia(to, flipped(packet, input.flip), input);
      }
      case 'rtcp': {
        const { ssrc, rtcp } = this.#own[input.own]!;
        const missing = [...new Set(input.missing)].sort((a, b) => a - b);
        const packet = buildNack(randomInt(2 ** 32), ssrc, missing.length > 0 ? missing : [0]);
        const sealed = input.isSealed ? rtcp.seal(packet) : packet;
        return this.#sendMedia(to, flipped(Buffer.from(sealed), input.flip), input);
      }
    }
  }

  /** A beat follows upon what its sender knows of the office. */
  #datagramBody(kind: number, body: Tree): Buffer {
    const text = Buffer.from(this.#text(body));
    return kind === KIND_BEAT ? Buffer.concat([Buffer.alloc(DIGEST_BYTES), text]) : text;
  }

  #fragment(own: number, n: number): Uint8Array {
    return this.#own[own % OWN_MESSAGES]!.fragments[n % OWN_FRAGMENTS]!.bytes;
  }

  async #write(to: number, frame: Buffer, input: MemberInput): Promise<boolean> {
    const link = await this.#linkTo(to);
    if (!link || link.destroyed) return false;
    if (link.writableLength > MAX_BUFFERED_BYTES) {
      link.destroy();
      return false;
    }
    this.onSent(frame, input);
    return new Promise((resolve) => link.write(frame, (error) => resolve(!error)));
  }

  async #seal(to: number, kind: number, body: Buffer, input: MemberInput): Promise<boolean> {
    const target = this.#targets[to]!;
    const sealed = this.#self.seal(kind, body, target);
    this.onSent(sealed, input);
    return this.#sendUdp(sealed, target.endpoints.address, target.endpoints.beat);
  }

  /** The node takes what is far ahead for news of that identity: so it is one that says nothing else by datagrams. */
  async #sealAs(to: number, input: MemberInput & { readonly via: 'packet' }): Promise<boolean> {
    const target = this.#targets[to]!;
    const { echo, offer, boot, seq } = input;
    const instead = {
      ...(echo === null ? {} : { echo: Buffer.from(echo, 'hex') }),
      ...(offer === null ? {} : { offer: Buffer.from(offer, 'hex') }),
      ...(boot === null ? {} : { boot }),
      ...(seq === null ? {} : { seq }),
    };
    const body = Buffer.from(input.bytes, 'hex');
    const sealed = this.#puppets[input.by % PUPPETS]!.seal(input.kind, body, target, instead);
    this.onSent(sealed, input);
    return this.#sendUdp(sealed, target.endpoints.address, target.endpoints.beat);
  }

  async #sendMedia(to: number, packet: Buffer, input: MemberInput): Promise<boolean> {
    const { endpoints } = this.#targets[to]!;
    this.onSent(packet, input);
    return this.#sendUdp(packet, endpoints.address, endpoints.media);
  }

  #sendUdp(bytes: Buffer, address: string, port: number): Promise<boolean> {
    return new Promise((resolve) =>
      this.#socket.send(bytes, port, address, (error) => resolve(error === null)),
    );
  }

  /** The link to a node; made anew where it was ended. */
  async #linkTo(to: number): Promise<TLSSocket | undefined> {
    const known = this.#links.get(to);
    if (known && !known.destroyed && known.writable) return known;
    const coming = this.#connecting.get(to);
    if (coming) return coming;
    if (performance.now() - (this.#connectedAt.get(to) ?? -Infinity) < RECONNECT_MS) return undefined;
    this.#connectedAt.set(to, performance.now());
    const connecting = this.#connect(to).finally(() => this.#connecting.delete(to));
    this.#connecting.set(to, connecting);
    return connecting;
  }

  /** A new link is begun properly half the time. */
  async #connect(to: number): Promise<TLSSocket | undefined> {
    const link = await this.#self.connect(this.#targets[to]!.endpoints).catch(() => undefined);
    if (!link) return undefined;
    link.on('error', () => undefined);
    link.on('end', () => link.destroy());
    link.resume();
    this.#links.set(to, link);
    this.#linkCount += 1;
    if (this.#linkCount % 2 === 1) link.write(encodeFrame(FRAME_JSON, Buffer.from(this.#text(hello))));
    return link;
  }

  /** Itself by the first frame of a link, its further identities by theirs; then its datagrams are to be fresh. */
  async #introduce(to: number): Promise<void> {
    const frames = [
      hello,
      ...this.#puppets.map((_, n) => ({ type: 'record', record: recordOf(`puppet:${n}`) })),
    ];
    for (const frame of frames) await this.send({ via: 'frame', to, times: 1, frame });
    await eventually(async () => {
      await this.send({ via: 'datagram-bytes', to, times: 1, kind: GREETING, bytes: '' });
      return this.#self.isOffered(this.#target(to).id);
    }, 'a node offers the hostile member what makes its datagrams fresh');
  }

  // ---- words of the office

  #text(tree: Tree): string {
    return writeTree(tree, (name) => this.#name(name), this.#sign);
  }

  readonly #sign: SignText = (payload, by, how) => signedText(this.#whom(by).identity, payload, how);

  readonly #name: Vocabulary = (name) => {
    const [word = '', ...rest] = name.split(':');
    const first = Number(rest[0] ?? 0);
    switch (word) {
      case 'self':
      case 'puppet':
        return this.#whom(name).identity.nodeId;
      case 'node':
        return this.#target(first).id;
      case 'message':
        return this.#now().messages[first] ?? this.#own[0]!.id;
      case 'own':
        return this.#message(first).id;
      case 'id':
        return named(`id ${first}`).subarray(0, 16).toString('base64url');
      case 'store':
        return named(name).subarray(0, 8).toString('base64url');
      case 'nonce':
        return named(name).subarray(0, 16).toString('base64url');
      case 'proof':
        return named(name).toString('base64url');
      case 'signature':
        return Buffer.concat([named(name), named(`${name} s`)]).toString('base64url');
      case 'office':
      case 'tag':
      case 'link':
      case 'digest':
      case 'statement':
        return ledgerWord(this.#self.ledger, word, rest[0]);
      case 'bent':
        return bent(String(this.#name(rest.join(':'))));
      case 'now':
        return Date.now() + first;
      case 'boot':
        return this.#boot;
      case 'term':
        return this.#now().term;
      case 'switch':
        return this.#now().switchId;
      case 'count':
        return this.#count(rest.join(':'));
      case 'ssrc':
        return this.#message(first).ssrc;
      case 'hash':
        return this.#message(first).hash;
      case 'enc':
      case 'sealed':
        return this.#message(first).keys[Number(rest[1] ?? 0) % this.#targets.length]![word];
      case 'sheet':
        return this.#message(first).sheet.text;
      case 'sheet-hash':
        return this.#message(first).sheet.hash;
      case 'sheeted':
        return this.#message(first).sheeted;
      case 'address':
        return '127.0.0.1';
      case 'port':
        // It listens nowhere but here: whoever follows it to a control port follows nobody.
        return this.#socket.address().port;
      case 'key':
        return toBase64url(this.#whom(rest.join(':')).identity.signingKeySpki);
      case 'point':
        return toBase64url(this.#pointOf(rest));
      case 'extension':
        return rest[0] === 'node' ? this.#target(Number(rest[1])).extension : extensionOf(rest);
      case 'name':
        return `Hostile ${rest.join(' ')}`;
      default:
        throw new Error(`nothing is called §${name}`);
    }
  };

  #target(n: number): Target {
    return this.#targets[n % this.#targets.length]!;
  }

  #message(n: number): OwnMessage {
    return this.#own[n % OWN_MESSAGES]!;
  }

  #whom(name: string): Membership {
    const [kind, n] = name.split(':');
    return kind === 'puppet' ? this.#puppets[Number(n) % PUPPETS]! : this.#self;
  }

  #pointOf([kind = 'self', n = '0']: readonly string[]): Uint8Array {
    if (kind === 'node') return this.#target(Number(n)).hpkeKey;
    return this.#whom(`${kind}:${n}`).identity.hpkePublicKey;
  }

  #count(of: string): number {
    const next = of === 'revision' ? Date.now() : (this.#counts.get(of) ?? 0) + 1;
    this.#counts.set(of, next);
    return next;
  }

  async #compose(): Promise<OwnMessage> {
    const id = newMessageId();
    const ssrc = randomInt(2 ** 32);
    const secret = randomBytes(MESSAGE_KEY_BYTES);
    const key = {
      masterKey: secret.subarray(0, MASTER_KEY_BYTES),
      masterSalt: secret.subarray(MASTER_KEY_BYTES),
    };
    const fragments = sealFrames({ key, ssrc }, Array<Uint8Array>(OWN_FRAGMENTS).fill(SILENCE));
    const wraps = (binding: { readonly id: MessageId; readonly isSenderKey?: true }): Promise<WrappedKey[]> =>
      Promise.all(
        this.#targets.map((target) =>
          wrapMessageKey(secret, {
            ...{ ...binding, talker: this.id, recipient: target.id, recipientHpkeKey: target.hpkeKey },
          }),
        ),
      );
    const keys = await wraps({ id });
    const salt = newMessageId();
    const recipients = this.#targets.map((target) => target.id);
    const sheet = writeSheet({
      ...{ v: 1, talker: this.id, salt, recipients },
      keys: await wraps({ id: salt, isSenderKey: true }),
    });
    const sheeted = sealMessageKey(secret, secret, { id, talker: this.id, sheet: sheet.hash });
    const hash = hashFragments(fragments.map(({ bytes }) => bytes));
    return { id, ssrc, key, rtcp: new SrtcpSender(key), fragments, hash, keys, sheet, sheeted };
  }
}

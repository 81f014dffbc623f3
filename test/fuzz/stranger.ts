import { createSocket, type Socket as DatagramSocket } from 'node:dgram';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import {
  connect as connectTcp,
  createServer as createTcpServer,
  type AddressInfo,
  type Server,
  type Socket,
} from 'node:net';
import { join } from 'node:path';
import { connect as connectTls, createServer as createTlsServer, type TLSSocket } from 'node:tls';
import { commitmentTo } from '../../main/identity/joining/digits.ts';
import {
  callKey,
  loadOrCreateIdentity,
  officeTagOf,
  readJoinLink,
  sealCall,
  type Identity,
  type OfficeId,
} from '../../main/identity/index.ts';
import { fromBase64url, toBase64url, type NodeId } from '../../main/model/index.ts';
import { encodeFrame, FRAME_JSON } from '../../main/signalling/frames.ts';
import { ACCEPTED } from '../../main/signalling/office-answer.ts';
import { AS_OUTSIDER, tlsOptions } from '../../main/signalling/tls-peer.ts';
import { dnsMessage, dnsName, dnsText, srvData } from '../support/dns.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { bent, extensionOf, flipped, signedText } from './bending.ts';
import type { OnSent, Target } from './hostile-member.ts';
import { named } from './ledger-words.ts';
import { STRANGER_KEYS, type StrangerInput } from './stranger-inputs.ts';
import { writeTree, type Vocabulary } from './tree.ts';

const MDNS_GROUP = '224.0.0.251';
/** Beyond this many connections the oldest is broken off. */
const MAX_OPEN = 400;
/** How long an outsider waits for an answer, and for TLS, ms. */
const PATIENCE_MS = 4000;
/** How many bytes each thing has that a name stands for and that is nobody's. */
const NAMED_BYTES: Readonly<Record<string, number>> = {
  ...{ id: 16, own: 16, message: 16, nonce: 16, store: 8, proof: 32, hash: 32, digest: 32, statement: 32 },
  ...{ signature: 64, enc: 65, sealed: 44, 'sheet-hash': 32, sheeted: 44 },
};
type Via<T extends StrangerInput['via']> = StrangerInput & { readonly via: T };

/**
 * Whoever is on the LAN and is no member. It has keys and addresses of its own, and knows from an old link the office id; nobody of
 * the office lets it in.
 */
export class Stranger {
  readonly #folder: string;
  readonly #office: OfficeId;
  readonly #targets: readonly Target[];
  readonly #identities: readonly Identity[];
  readonly #mdnsPort: number;
  readonly #onSent: OnSent;
  readonly #udp: DatagramSocket;
  readonly #servers: Record<'tcp' | 'tls', Server>;
  /** How a handshake begins. */
  readonly #hello: Buffer;
  readonly #open = new Set<Socket>();
  #calls = 0;
  #visits = 0;

  /** @param mdnsPort at which the office speaks mDNS */
  static async start(
    joinLink: string,
    targets: readonly Target[],
    mdnsPort: number,
    onSent: OnSent = () => undefined,
  ): Promise<Stranger> {
    const folder = tempFolder('stranger');
    const identities = await Promise.all(
      Array.from({ length: STRANGER_KEYS }, (_, n) => loadOrCreateIdentity(join(folder, `${n}`))),
    );
    const stranger = new Stranger(
      folder,
      readJoinLink(joinLink).office,
      targets,
      identities,
      mdnsPort,
      onSent,
      {
        hello: await helloOf(identities[0]!),
        udp: createSocket('udp4'),
      },
    );
    await stranger.#listen();
    return stranger;
  }

  private constructor(
    folder: string,
    office: OfficeId,
    targets: readonly Target[],
    identities: readonly Identity[],
    mdnsPort: number,
    onSent: OnSent,
    { hello, udp }: { readonly hello: Buffer; readonly udp: DatagramSocket },
  ) {
    this.#folder = folder;
    this.#office = office;
    this.#targets = targets;
    this.#identities = identities;
    this.#mdnsPort = mdnsPort;
    this.#onSent = onSent;
    this.#hello = hello;
    this.#udp = udp;
    const options = { ...tlsOptions(identities[0]!), requestCert: true };
    this.#servers = {
      tcp: createTcpServer((socket) => this.#visited(socket)),
      tls: createTlsServer(options, (socket) => this.#visited(socket)),
    };
  }

  /** Nobody takes these for colleagues. */
  get ids(): readonly NodeId[] {
    return this.#identities.map(({ nodeId }) => nodeId);
  }

  /** How often nodes came to it: `calls` to an address that it announced, and `visits`, links after it called. */
  get counts(): { readonly calls: number; readonly visits: number } {
    return { calls: this.#calls, visits: this.#visits };
  }

  /** Sends it, as often as it says; a conversation goes on after that. */
  send(input: StrangerInput): void {
    const target = this.#targets[input.to % this.#targets.length]!;
    for (let n = 0; n < input.times; n += 1) {
      if (input.via === 'call') this.#call(input, target);
      else if (input.via === 'mdns') this.#announce(input);
      else void this.#converse(input, target);
    }
  }

  async close(): Promise<void> {
    for (const socket of this.#open) socket.destroy();
    this.#udp.close();
    for (const server of Object.values(this.#servers)) server.close();
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #listen(): Promise<void> {
    this.#udp.on('error', () => undefined);
    this.#udp.on('message', () => (this.#calls += 1));
    this.#udp.bind(0, '127.0.0.1');
    await once(this.#udp, 'listening');
    this.#udp.setMulticastInterface('127.0.0.1');
    for (const server of Object.values(this.#servers)) {
      server.on('tlsClientError', () => undefined);
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
    }
  }

  /** A node followed a call, or an announcement. It meets silence, nonsense, or an end. */
  #visited(socket: Socket): void {
    this.#keep(socket);
    this.#visits += 1;
    const answers = [
      Buffer.of(),
      Buffer.concat([Buffer.of(ACCEPTED), named('visit'), named('more')]),
      undefined,
    ];
    const answer = answers[this.#visits % answers.length];
    if (answer) socket.write(answer);
    else socket.end();
  }

  #keep(socket: Socket): void {
    socket.on('error', () => undefined);
    socket.resume();
    this.#open.add(socket);
    socket.on('close', () => this.#open.delete(socket));
    const [oldest] = this.#open;
    if (this.#open.size > MAX_OPEN) oldest?.destroy();
  }

  // ---- datagrams

  #call(input: Via<'call'>, { endpoints }: Target): void {
    const caller = this.#wordOf(0)(input.caller.slice(1)) as NodeId;
    const call = { caller, offer: Buffer.from(input.offer, 'hex'), control: this.#port(input.control) };
    const office = input.isOfOffice ? fromBase64url(this.#office) : named('another office').subarray(0, 16);
    const sealed = flipped(sealCall(callKey(office), call), input.flip);
    const bytes = sealed.subarray(0, sealed.length - input.cutBytes);
    this.#onSent(bytes, input);
    this.#udp.send(bytes, endpoints.beat, endpoints.address);
  }

  #announce(input: Via<'mdns'>): void {
    const name = (text: string): Buffer =>
      text.startsWith('hex:') ? Buffer.from(text.slice(4), 'hex') : dnsName(text);
    const answers = input.answers.map(({ data, length, ...of }) => ({
      ...{ ...of, name: name(of.name), data: this.#dataOf(data, name) },
      ...(length === null ? {} : { length }),
    }));
    const questions = input.questions.map((one) => ({ ...one, name: name(one.name) }));
    const { id, flags, counts } = input;
    const message = dnsMessage({ id, flags, questions, answers, ...(counts ? { counts } : {}) });
    const bytes = flipped(message, input.flip).subarray(0, message.length - input.cutBytes);
    this.#onSent(bytes, input);
    this.#udp.send(bytes, this.#mdnsPort, MDNS_GROUP, () => undefined);
  }

  #dataOf(data: Via<'mdns'>['answers'][number]['data'], name: (text: string) => Buffer): Buffer {
    switch (data.is) {
      case 'name':
        return name(data.name);
      case 'srv':
        return srvData(this.#port(data.port), name(data.target));
      case 'txt':
        return Buffer.concat(data.texts.map((text) => dnsText(this.#filled(text))));
      case 'hex':
        return Buffer.from(data.hex, 'hex');
    }
  }

  #filled(text: string): string {
    const tag = officeTagOf(this.#office).toString('hex');
    return text.replace('§tag', tag).replace('§port:udp', String(this.#udp.address().port));
  }

  #port(port: number | string): number {
    if (typeof port === 'number') return port;
    return (this.#servers[port.endsWith('tls') ? 'tls' : 'tcp'].address() as AddressInfo).port;
  }

  // ---- connections

  /** Whatever becomes of it is the node's to decide. */
  async #converse(input: Via<'outsider' | 'opening'>, { endpoints }: Target): Promise<void> {
    const at = {
      host: endpoints.address,
      port: endpoints.control,
      localAddress: `127.0.0.${2 + input.from}`,
    };
    const isPlain = input.via === 'opening' && input.through !== 'tls';
    const socket = isPlain ? connectTcp(at) : this.#tls(input, at);
    this.#keep(socket);
    const isConnected = await comes(socket, isPlain ? 'connect' : 'secureConnect');
    if (isConnected && input.via === 'outsider') await this.#ask(input, socket);
    else if (isConnected && input.via === 'opening') this.#say(socket, this.#openingOf(input), input);
    if (input.leaves === 'ends' || !isConnected) socket.end();
    else if (input.leaves === 'breaks off') socket.destroy();
  }

  #tls(input: Via<'outsider' | 'opening'>, at: object): TLSSocket {
    const identity = this.#identities[input.via === 'outsider' ? input.key : 0]!;
    const options = { ...tlsOptions(identity), ...at, checkServerIdentity: () => undefined };
    if (input.via === 'outsider') return connectTls(options);
    const { cert, key, ...bare } = options;
    const shown = input.hasCertificate ? { cert, key } : {};
    const spoken = input.protocol === '' ? [] : [input.protocol];
    return connectTls({ ...bare, ...shown, ALPNProtocols: spoken });
  }

  #openingOf({ through, bytes, cutAt, flip }: Via<'opening'>): Buffer {
    const said = Buffer.from(bytes, 'hex');
    if (through !== 'hello') return said;
    const hello = flipped(Buffer.from(this.#hello), flip).subarray(0, cutAt ?? this.#hello.length);
    return Buffer.concat([hello, said]);
  }

  async #ask(input: Via<'outsider'>, socket: Socket): Promise<void> {
    const vocabulary = this.#wordOf(input.key);
    const sign = (payload: string, by: string, how: string): string =>
      signedText(this.#whom(by, input.key), payload, how);
    socket.write(Buffer.of(AS_OUTSIDER));
    for (const word of input.says) {
      for (let n = 0; n < word.times; n += 1) {
        const [type, body] =
          'frame' in word
            ? [FRAME_JSON, Buffer.from(writeTree(word.frame, vocabulary, sign))]
            : [word.type, Buffer.from(word.bytes, 'hex')];
        const answer = input.isPatient && n === word.times - 1 ? comes(socket, 'data') : undefined;
        if (!this.#say(socket, encodeFrame(type, body), input)) return;
        await answer;
      }
    }
  }

  #say(socket: Socket, bytes: Buffer, input: StrangerInput): boolean {
    if (!socket.writable) return false;
    this.#onSent(bytes, input);
    socket.write(bytes);
    return true;
  }

  // ---- words of the office, as far as a stranger knows them

  #wordOf(key: number): Vocabulary {
    const word: Vocabulary = (name) => {
      const [kind = '', ...rest] = name.split(':');
      const bytes = NAMED_BYTES[kind];
      if (bytes)
        return toBase64url(
          Buffer.concat([named(name), named(`${name}.`), named(`${name}..`)]).subarray(0, bytes),
        );
      switch (kind) {
        case 'self':
        case 'puppet':
          return this.#whom(name, key).nodeId;
        case 'node':
          return this.#target(rest[0]).id;
        case 'key':
          return toBase64url(this.#whom(rest.join(':'), key).signingKeySpki);
        case 'point':
          return toBase64url(
            rest[0] === 'node'
              ? this.#target(rest[1]).hpkeKey
              : this.#whom(rest.join(':'), key).hpkePublicKey,
          );
        case 'commit':
          return toBase64url(this.#commitment(fromBase64url(String(word('nonce:0'))), key));
        case 'office':
          return this.#office;
        case 'tag':
          return toBase64url(rest[0] === 'other' ? named(name).subarray(0, 4) : officeTagOf(this.#office));
        case 'bent':
          return bent(String(word(rest.join(':'))));
        case 'link':
          return `corridor://join/${'A'.repeat(48)}`;
        case 'extension':
          return rest[0] === 'node' ? this.#target(rest[1]).extension : extensionOf(rest);
        case 'name':
          return `Stranger ${rest.join(' ')}`;
        case 'address':
          return '127.0.0.1';
        case 'port':
          return this.#port('tcp');
        case 'switch':
          return this.#target('0').id;
        case 'now':
          return Date.now() + Number(rest[0]);
        case 'sheet':
          return '{}';
        case 'boot':
        case 'count':
        case 'term':
        case 'ssrc':
          return 1000;
        default:
          throw new Error(`nothing is called §${name}`);
      }
    };
    return word;
  }

  #commitment(nonce: Uint8Array, key: number): Buffer {
    const { signingKeySpki: signingKey, hpkePublicKey: hpkeKey } = this.#identities[key]!;
    return commitmentTo(nonce, { signingKey, hpkeKey });
  }

  #target(n = '0'): Target {
    return this.#targets[Number(n) % this.#targets.length]!;
  }

  #whom(name: string, key: number): Identity {
    const [kind, n] = name.split(':');
    return this.#identities[kind === 'puppet' ? (key + 1 + Number(n)) % STRANGER_KEYS : key]!;
  }
}

/** Whether that comes before the end, and within a stranger's patience. */
async function comes(socket: Socket, event: string): Promise<boolean> {
  return new Promise((resolve) => {
    const done = (has: boolean) => () => {
      clearTimeout(timer);
      resolve(has);
    };
    const timer = setTimeout(done(false), PATIENCE_MS);
    socket.once(event, done(true));
    socket.once('close', done(false));
  });
}

/** The first bytes that a node sends to another: the ClientHello (RFC 8446 §4.1.2) in its record. */
async function helloOf(identity: Identity): Promise<Buffer> {
  const server = createTcpServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const client = connectTls({ ...tlsOptions(identity), host: '127.0.0.1', port });
  client.on('error', () => undefined);
  try {
    const [socket] = (await once(server, 'connection')) as [Socket];
    const [bytes] = (await once(socket, 'data')) as [Buffer];
    socket.destroy();
    return bytes;
  } finally {
    client.destroy();
    server.close();
  }
}

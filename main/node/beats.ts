import { createSocket, type Socket } from 'node:dgram';
import {
  decodeBeat,
  encodeBeat,
  type Audience,
  type Beat,
  type Election,
  type ElectionInput,
  type ElectionOutput,
  type PeerHealth,
} from '../election/index.ts';
import { openDatagram, sealDatagram, type OfficeKeys } from '../identity/index.ts';
import { signedSchema, type Endpoints, type NodeId, type Signed } from '../model/index.ts';
import * as v from 'valibot';

/** What a sealed datagram holds: its first byte. Append only. */
const KIND_BEAT = 1;
const KIND_HEADER = 2;
/** Peers remembered by address before they are known by name; a LAN's worth, not an attacker's. */
const MAX_CANDIDATES = 1000;

export interface BeatAddress {
  readonly address: string;
  readonly port: number;
}

export interface BeatsHandlers {
  onElection(outputs: readonly ElectionOutput[]): void;
  onHeader(header: Signed): void;
  log(line: string): void;
}

/**
 * The UDP socket for what is short and cannot wait: heartbeats, and headers that run beside the first fragments. Every
 * datagram is sealed with the office key, so a stranger reads nothing and is not heard. Drives the election's clock.
 */
export class Beats {
  readonly #socket: Socket;
  readonly #keys: OfficeKeys;
  readonly #handlers: BeatsHandlers;
  readonly #candidates = new Map<string, BeatAddress>();
  readonly #peers = new Map<NodeId, BeatAddress>();
  readonly #endpoints = new Map<NodeId, Endpoints>();
  #election: Election | undefined;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;
  /** Datagrams that no member sealed, or that hold nothing known. */
  #dropped = 0;

  private constructor(socket: Socket, keys: OfficeKeys, handlers: BeatsHandlers) {
    this.#socket = socket;
    this.#keys = keys;
    this.#handlers = handlers;
    socket.on('message', (bytes, from) => this.#receive(bytes, { address: from.address, port: from.port }));
    // An ICMP error on a UDP socket is news of somebody who is gone; the election finds that out by itself.
    socket.on('error', () => undefined);
  }

  static async open(
    address: string,
    port: number,
    keys: OfficeKeys,
    handlers: BeatsHandlers,
  ): Promise<Beats> {
    const socket = createSocket({ type: address.includes(':') ? 'udp6' : 'udp4' });
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject);
      socket.bind(port, address, () => {
        socket.off('error', reject);
        resolve();
      });
    });
    return new Beats(socket, keys, handlers);
  }

  get port(): number {
    return this.#socket.address().port;
  }

  run(election: Election): void {
    this.#election = election;
    this.#apply(election.step({ type: 'tick' }, performance.now()));
  }

  /** Somebody may be there: beats for everyone go there too, until it is known by name. */
  addCandidate({ address, port }: BeatAddress): void {
    if (this.#candidates.size >= MAX_CANDIDATES) return;
    this.#candidates.set(`${address} ${port}`, { address, port });
    this.input({ type: 'found', address, beat: port });
  }

  /** Asks a node for a beat, so that the way to it is known: `health` tells of the answer. */
  ask(node: NodeId): void {
    const at = this.#peers.get(node);
    if (at) this.input({ type: 'found', address: at.address, beat: at.port });
  }

  /** Round trips and loss, as far as nodes beat to this one. Times are of `performance.now`. */
  health(): readonly PeerHealth[] {
    return this.#election?.health() ?? [];
  }

  addressOf(node: NodeId): BeatAddress | undefined {
    return this.#peers.get(node);
  }

  /** Where the node listens by its own last beat, or by what another said of it. */
  endpointsOf(node: NodeId): Endpoints | undefined {
    return this.#endpoints.get(node);
  }

  /** Where a node is said to listen: used until it is heard. */
  addPeer(node: NodeId, endpoints: Endpoints): void {
    if (!this.#peers.has(node)) this.#peers.set(node, { address: endpoints.address, port: endpoints.beat });
    if (!this.#endpoints.has(node)) this.#endpoints.set(node, endpoints);
  }

  /** Gives a header to a node at once. Too large for a datagram (many recipients): false, the switch carries it. */
  sendHeader(to: BeatAddress, header: Signed): boolean {
    try {
      this.#send(to, KIND_HEADER, Buffer.from(JSON.stringify(header)));
      return true;
    } catch {
      return false;
    }
  }

  /** The office's own words on leaving or a change of network. */
  input(input: ElectionInput): void {
    if (this.#election) this.#apply(this.#election.step(input, performance.now()));
  }

  close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    return new Promise((resolve) => this.#socket.close(() => resolve()));
  }

  #receive(bytes: Buffer, from: BeatAddress): void {
    const opened = openDatagram(this.#keys, bytes);
    const body = opened?.subarray(1);
    if (opened?.[0] === KIND_BEAT && body) {
      const beat = decodeBeat(body);
      if (beat) return this.#heard(beat, from);
    } else if (opened?.[0] === KIND_HEADER && body) {
      const header = parseSigned(body);
      if (header) return this.#handlers.onHeader(header);
    }
    this.#drop(from);
  }

  /** Said once, and again at every tenfold: an office beside this one is no news every second. */
  #drop({ address }: BeatAddress): void {
    this.#dropped += 1;
    if (!/^10*$/.test(String(this.#dropped))) return;
    this.#handlers.log(
      `Dropped on the beat socket: no member sealed it, from ${address} (${this.#dropped} so far)`,
    );
  }

  #heard(beat: Beat, from: BeatAddress): void {
    this.#peers.set(beat.node, from);
    this.#endpoints.set(beat.node, { ...beat.endpoints, address: from.address });
    this.#candidates.delete(`${from.address} ${from.port}`);
    this.input({ type: 'heard', beat });
  }

  #apply(outputs: readonly ElectionOutput[]): void {
    for (const output of outputs) {
      if (output.type === 'hint') this.addPeer(output.node, output.endpoints);
      if (output.type !== 'send') continue;
      const bytes = Buffer.from(encodeBeat(output.beat));
      for (const address of this.#addressesOf(output.to)) this.#send(address, KIND_BEAT, bytes);
    }
    this.#handlers.onElection(outputs);
    this.#wake();
  }

  #addressesOf(to: Audience): BeatAddress[] {
    if (to === 'everyone') return [...this.#peers.values(), ...this.#candidates.values()];
    if ('address' in to) return [{ address: to.address, port: to.beat }];
    return to.flatMap((node) => this.#peers.get(node) ?? []);
  }

  #wake(): void {
    clearTimeout(this.#timer);
    if (this.#closed || !this.#election) return;
    const delay = Math.max(1, this.#election.nextWakeAt() - performance.now());
    if (!Number.isFinite(delay)) return;
    this.#timer = setTimeout(() => this.input({ type: 'tick' }), Math.ceil(delay));
  }

  #send(to: BeatAddress, kind: number, body: Buffer): void {
    if (this.#closed) return;
    const sealed = sealDatagram(this.#keys, Buffer.concat([Buffer.of(kind), body]));
    // Unreachable is no error here: silence is what the election listens for.
    this.#socket.send(sealed, to.port, to.address, () => undefined);
  }
}

function parseSigned(body: Buffer): Signed | undefined {
  try {
    const parsed = v.safeParse(signedSchema, JSON.parse(body.toString('utf8')));
    return parsed.success ? parsed.output : undefined;
  } catch {
    return undefined;
  }
}

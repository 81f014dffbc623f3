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
import {
  Emitter,
  faults,
  signedHeaderSchema,
  type Clock,
  type Endpoints,
  type NodeId,
  type Schedule,
  type Signed,
} from '../model/index.ts';
import * as v from 'valibot';
import { Candidates } from './candidates.ts';
import type { DatagramSocket, OfficeNetwork, SocketAddress } from './ports.ts';

/** What a sealed datagram holds: its first byte. Append only. */
const KIND_BEAT = 1;
const KIND_HEADER = 2;

export interface MemberDatagramEvents {
  election: readonly ElectionOutput[];
  header: Signed;
}

export interface MemberDatagramsParts {
  readonly network: OfficeNetwork;
  readonly keys: OfficeKeys;
  readonly clock: Clock;
  readonly schedule: Schedule;
  readonly log: (line: string) => void;
}

/**
 * The UDP socket for what is short and cannot wait: heartbeats, and headers that run beside the first fragments. Every
 * datagram is sealed with the office key, so a stranger reads nothing and is not heard. Drives the election's clock.
 */
export class MemberDatagrams {
  readonly events: Emitter<MemberDatagramEvents>;
  readonly #parts: MemberDatagramsParts;
  readonly #candidates = new Candidates();
  readonly #peers = new Map<NodeId, SocketAddress>();
  readonly #endpoints = new Map<NodeId, Endpoints>();
  /** Nodes whose address is hearsay alone: it is given up where nobody answers there. */
  readonly #hinted = new Set<NodeId>();
  #socket: DatagramSocket | undefined;
  #election: Election | undefined;
  #cancelTick: (() => void) | undefined;
  #closed = false;
  /** Datagrams that no member sealed, or that hold nothing known. */
  #dropped = 0;

  private constructor(parts: MemberDatagramsParts) {
    this.#parts = parts;
    this.events = new Emitter((error) => faults.tell('a datagram', error));
  }

  /** @throws ErrnoException where the address or the port cannot be had */
  static async open(at: SocketAddress, parts: MemberDatagramsParts): Promise<MemberDatagrams> {
    const datagrams = new MemberDatagrams(parts);
    datagrams.#socket = await parts.network.openDatagrams(at, (bytes, from) =>
      datagrams.#receive(bytes, from),
    );
    return datagrams;
  }

  get port(): number {
    return this.#socket?.port ?? 0;
  }

  run(election: Election): void {
    this.#election = election;
    this.#apply(election.step({ type: 'tick' }, this.#parts.clock.monotonic()));
  }

  /** A node may be at this saved or given address: beats for everyone go there too, until its name is known. */
  addCandidate(at: SocketAddress): void {
    if (this.#candidates.keep(at)) this.#askAt(at);
  }

  /** The computer `source` says that a node is there. `isNews`: it started, or is known since now. */
  foundCandidate(at: SocketAddress, source: string, isNews: boolean): void {
    const isKnown = [...this.#peers.values()].some(
      ({ address, port }) => address === at.address && port === at.port,
    );
    if (isKnown && !isNews) return;
    if (this.#candidates.found(at, source, this.#parts.clock.monotonic())) this.#askAt(at);
  }

  #askAt({ address, port }: SocketAddress): void {
    this.input({ type: 'found', address, beat: port });
  }

  /** Asks a node for a beat, so that the way to it is known: `health` tells of the answer. */
  ask(node: NodeId): void {
    const at = this.#peers.get(node);
    if (at) this.input({ type: 'found', address: at.address, beat: at.port });
  }

  /** Round trips and loss, as far as nodes beat to this one. Times are the clock's monotonic ones. */
  health(): readonly PeerHealth[] {
    return this.#election?.health() ?? [];
  }

  addressOf(node: NodeId): SocketAddress | undefined {
    return this.#peers.get(node);
  }

  /** Where the node listens by its own last beat, or by what another said of it. */
  endpointsOf(node: NodeId): Endpoints | undefined {
    return this.#endpoints.get(node);
  }

  /** Where a node is said to listen: used until it is heard. */
  addPeer(node: NodeId, endpoints: Endpoints): void {
    this.#hinted.delete(node);
    this.#learn(node, endpoints);
  }

  #learn(node: NodeId, endpoints: Endpoints): void {
    if (!this.#peers.has(node)) this.#peers.set(node, { address: endpoints.address, port: endpoints.beat });
    if (!this.#endpoints.has(node)) this.#endpoints.set(node, endpoints);
  }

  /** Gives a header to a node at once. Too large for a datagram (many recipients): false, the switch carries it. */
  sendHeader(to: SocketAddress, header: Signed): boolean {
    try {
      this.#send(to, KIND_HEADER, Buffer.from(JSON.stringify(header)));
      return true;
    } catch {
      return false;
    }
  }

  /** An input of the election: leaving, a link that ended, a change of the own record. */
  input(input: ElectionInput): void {
    if (this.#election) this.#apply(this.#election.step(input, this.#parts.clock.monotonic()));
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#cancelTick?.();
    await this.#socket?.close();
  }

  #receive(bytes: Buffer, from: SocketAddress): void {
    const opened = openDatagram(this.#parts.keys, bytes);
    const body = opened?.subarray(1);
    if (opened?.[0] === KIND_BEAT && body) {
      const beat = decodeBeat(body);
      if (beat) return this.#heard(beat, from);
    } else if (opened?.[0] === KIND_HEADER && body) {
      const header = parseSigned(body);
      if (header) return this.events.emit('header', header);
    }
    this.#drop(from);
  }

  /** Logged once, and again at every tenfold: an office beside this one is no news every second. */
  #drop({ address }: SocketAddress): void {
    this.#dropped += 1;
    if (!/^10*$/.test(String(this.#dropped))) return;
    this.#parts.log(
      `Dropped on the beat socket: no member sealed it, from ${address} (${this.#dropped} so far)`,
    );
  }

  #heard(beat: Beat, from: SocketAddress): void {
    // A stranger can record a beat and repeat it from elsewhere: that must not draw to it what is for its sender.
    if (!this.#election?.isNews(beat, this.#parts.clock.monotonic())) return;
    this.#hinted.delete(beat.node);
    this.#peers.set(beat.node, from);
    this.#endpoints.set(beat.node, { ...beat.endpoints, address: from.address });
    this.#candidates.heard(from);
    this.input({ type: 'heard', beat });
  }

  #apply(outputs: readonly ElectionOutput[]): void {
    for (const output of outputs) {
      if (output.type === 'hint') this.#hint(output.node, output.endpoints);
      if (output.type === 'forget') this.#forget(output.node);
      if (output.type !== 'send') continue;
      const bytes = Buffer.from(encodeBeat(output.beat));
      for (const address of this.#addressesOf(output.to)) this.#send(address, KIND_BEAT, bytes);
    }
    this.events.emit('election', outputs);
    this.#wake();
  }

  #hint(node: NodeId, endpoints: Endpoints): void {
    if (!this.#peers.has(node)) this.#hinted.add(node);
    this.#learn(node, endpoints);
  }

  #forget(node: NodeId): void {
    if (!this.#hinted.delete(node)) return;
    this.#peers.delete(node);
    this.#endpoints.delete(node);
  }

  #addressesOf(to: Audience): SocketAddress[] {
    if (to === 'everyone')
      return [...this.#peers.values(), ...this.#candidates.all(this.#parts.clock.monotonic())];
    if ('address' in to) return [{ address: to.address, port: to.beat }];
    return to.flatMap((node) => this.#peers.get(node) ?? []);
  }

  #wake(): void {
    this.#cancelTick?.();
    if (this.#closed || !this.#election) return;
    const delay = Math.max(1, this.#election.nextWakeAt() - this.#parts.clock.monotonic());
    if (!Number.isFinite(delay)) return;
    this.#cancelTick = this.#parts.schedule(() => this.input({ type: 'tick' }), Math.ceil(delay));
  }

  #send(to: SocketAddress, kind: number, body: Buffer): void {
    if (this.#closed) return;
    const sealed = sealDatagram(this.#parts.keys, Buffer.concat([Buffer.of(kind), body]));
    // Unreachable is no error here: silence is what the election listens for.
    this.#socket?.send(sealed, to);
  }
}

function parseSigned(body: Buffer): Signed | undefined {
  try {
    const parsed = v.safeParse(signedHeaderSchema, JSON.parse(body.toString('utf8')));
    return parsed.success ? parsed.output : undefined;
  } catch {
    return undefined;
  }
}

import {
  decodeBeat,
  encodeBeat,
  type Audience,
  type Election,
  type ElectionInput,
  type ElectionOutput,
  type PeerHealth,
} from '../election/index.ts';
import type { Packet } from '../identity/index.ts';
import {
  Emitter,
  faults,
  withoutWords,
  type CallSignal,
  type Clock,
  type Endpoints,
  type NodeId,
  type PickUp,
  type Random,
  type Schedule,
  type Signed,
} from '../model/index.ts';
import { tellNews } from './beat-news.ts';
import { Candidates } from './candidates.ts';
import { BEAT, CALL_SIGNAL, Freshness, HASHES, HEADER, PICK_UP, type FreshnessOutput } from './freshness.ts';
import { KnownEndpoints } from './known-endpoints.ts';
import type { MemberDatagramEvents } from './member-datagram-events.ts';
import { DIGEST_BYTES } from './datagram-office.ts';
import { PacketSocket, type PacketSocketParts } from './packet-socket.ts';
import type { SocketAddress } from './ports.ts';
import { bodyOf, isStatementKind, tellStatement, type StatementKind } from './statement-datagrams.ts';

interface MemberDatagramsParts extends PacketSocketParts {
  /** Higher than at any start before. */
  readonly boot: number;
  readonly clock: Clock;
  readonly schedule: Schedule;
  readonly random: Random;
}

/**
 * The UDP socket for short, urgent statements: heartbeats, headers and hashes beside fragments, and call signals. Every datagram is
 * sealed with a key that only its sender and its receiver have, and is read once it is known to be fresh (`Freshness`); only then its
 * sender's address is kept. Also drives the election's clock.
 */
export class MemberDatagrams {
  readonly events: Emitter<MemberDatagramEvents>;
  readonly #parts: MemberDatagramsParts;
  readonly #fresh: Freshness;
  readonly #endpoints = new KnownEndpoints((node) => this.events.emit('endpoints', node));
  /** Addresses that were found. One that is dropped from them is not called any more. */
  readonly #candidates = new Candidates((at) => this.#fresh.giveUp(at));
  #socket: PacketSocket | undefined;
  #election: Election | undefined;
  #cancelTick: (() => void) | undefined;
  #closed = false;

  private constructor(parts: MemberDatagramsParts) {
    const { identity, random, boot } = parts;
    this.#parts = parts;
    this.events = new Emitter((error) => faults.tell('a datagram', error));
    this.#fresh = new Freshness({
      ...{ self: identity.nodeId, boot, random },
      isMember: (node) => this.isMember(node),
      isAlone: () => !this.health().some(({ alive }) => alive),
    });
  }

  /** @throws ErrnoException where the address or the port cannot be had */
  static async open(at: SocketAddress, parts: MemberDatagramsParts): Promise<MemberDatagrams> {
    const datagrams = new MemberDatagrams(parts);
    datagrams.#socket = await PacketSocket.open(at, parts, {
      packet: (from, source, packet) =>
        datagrams.#act((fresh, now) => fresh.received(from, source, packet, now)),
      call: (source, call) => datagrams.#act((fresh, now) => fresh.called(call, source, now)),
    });
    return datagrams;
  }

  get port(): number {
    return this.#socket?.port ?? 0;
  }

  /** Begins to send. `controlPort`: the TCP port to which unknown nodes may connect. */
  run(election: Election, controlPort: number): void {
    this.#election = election;
    if (this.#socket) this.#socket.controlPort = controlPort;
    this.#apply(election.step({ type: 'tick' }, this.#look()));
  }

  /**
   * Adds an address at which a node may be. It is called at growing intervals until a node answers. `isLasting`: the address is saved,
   * or a person gave it; `isUrgent`: a person waits.
   */
  addCandidate(
    { address, port }: SocketAddress,
    how: { isLasting?: boolean; isUrgent?: boolean } = {},
  ): void {
    if (how.isLasting) this.#candidates.keep({ address, port });
    this.#act((fresh, now) => fresh.lookAt({ address, port }, now, how));
  }

  /** The computer `source` announces a node at that address. `isNews`: the node has just started, or was not known. */
  foundCandidate({ address, port }: SocketAddress, source: string, isNews: boolean): void {
    const at = { address, port };
    const isKnown = this.knows(at);
    if (isKnown && !isNews) return;
    const now = this.#look();
    if (!this.#candidates.found(at, source, now)) return;
    if (isKnown) return this.input({ type: 'found', address, beat: port });
    this.#act((fresh) => fresh.lookAt(at, now, { isFound: true }));
  }

  /** Whether a node is known at that address. */
  knows(at: SocketAddress): boolean {
    return this.#fresh.nodeAt(at) !== undefined;
  }

  isMember(node: NodeId): boolean {
    return this.#parts.membership.members.hpkeKeyOf(node) !== undefined;
  }

  /** Asks a node for a beat, to measure the path to it: `health` has the answer. False: its address is unknown. */
  ask(node: NodeId): boolean {
    const at = this.addressOf(node);
    if (at) this.input({ type: 'found', address: at.address, beat: at.port });
    return at !== undefined;
  }

  /** Round trips and loss of the nodes that beat to this one. Times are monotonic. */
  health(): readonly PeerHealth[] {
    return this.#election?.health() ?? [];
  }

  /** The address at which the node was believed last; undefined: it never was. */
  addressOf(node: NodeId): SocketAddress | undefined {
    return this.#fresh.addressOf(node);
  }

  /** As `KnownEndpoints.believed`. */
  believedEndpointsOf(node: NodeId): Endpoints | undefined {
    return this.#endpoints.believed(node);
  }

  /** The same, or as another node named them: enough for a link, whose handshake proves who answers. */
  endpointsOf(node: NodeId): Endpoints | undefined {
    return this.#endpoints.of(node);
  }

  /** Takes endpoints that are named for a node. It is greeted there, or called when there is something to send. */
  addPeer(node: NodeId, endpoints: Endpoints): void {
    this.#endpoints.say(node, endpoints);
    this.#hear(node, endpoints);
  }

  #hear(node: NodeId, endpoints: Endpoints): void {
    this.#fresh.hear(node, { address: endpoints.address, port: endpoints.beat }, this.#look());
    this.#wake();
  }

  /** To be called when members came, went or changed their keys. */
  membersChanged(): void {
    for (const node of this.#socket?.book.changed() ?? []) {
      this.#fresh.forget(node);
      this.#endpoints.forget(node);
    }
  }

  /** Sends a header to a node, with its words and its reader's own key if they fit. False: it fits no datagram, and only the switch carries it. */
  sendHeader(to: NodeId, header: Signed): boolean {
    const { ownKey: _, ...bare } = withoutWords(header);
    return [header, withoutWords(header), bare].some((one) => this.#sendStatement(to, HEADER, one));
  }

  /** Sends hashes of fragments in the same way. */
  sendHashes(to: NodeId, hashes: Signed): boolean {
    return this.#sendStatement(to, HASHES, hashes);
  }

  /** Sends a call signal or a pick-up datagram. It may be lost; the calls room repeats it. */
  sendCall(to: NodeId, signal: CallSignal | PickUp): void {
    this.#sendStatement(to, 'say' in signal ? PICK_UP : CALL_SIGNAL, signal);
  }

  /** Feeds the election: this node leaves, a link ended, its own record changed. */
  input(input: ElectionInput): void {
    const now = this.#look();
    if (this.#election) this.#apply(this.#election.step(input, now));
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#cancelTick?.();
    await this.#socket?.close();
  }

  #act(step: (fresh: Freshness, now: number) => readonly FreshnessOutput[]): void {
    const now = this.#look();
    this.#perform(step(this.#fresh, now));
    this.#wake();
  }

  #perform(outputs: readonly FreshnessOutput[]): void {
    for (const output of outputs) {
      if (output.type === 'send') this.#socket?.send(output.to, output.at, output.packet);
      else if (output.type === 'call') this.#socket?.call(output.at, output.offer);
      else if (output.type === 'settled') this.#endpoints.settle(output.node, output.at);
      else if (output.type === 'believed') this.#believe(output.from, output.at, output.packet);
      else if (output.type === 'stranger') this.events.emit('stranger', output);
      else this.input({ type: 'found', address: output.at.address, beat: output.at.port });
    }
  }

  #believe(from: NodeId, at: SocketAddress, { kind, body, boot, seq }: Packet): void {
    this.#endpoints.answered(from);
    this.#candidates.heard(at);
    if (isStatementKind(kind)) {
      if (!tellStatement(this.events, kind, from, body)) this.#socket?.drop(at);
    } else if (kind === BEAT) {
      const beat = decodeBeat(body.subarray(DIGEST_BYTES));
      if (beat?.node !== from) return this.#socket?.drop(at);
      this.#endpoints.believe(from, beat.endpoints, at);
      const digest = body.subarray(0, DIGEST_BYTES);
      const isOurs = Buffer.from(digest).equals(this.#parts.membership.ledgerDigest());
      if (!isOurs) this.events.emit('digest', { node: from, digest });
      // The packet's count replaces the beat's, which was filled in before this node raised its boot number for the peer.
      this.input({ type: 'heard', beat: { ...beat, boot, seq } });
      tellNews(this.events, from, beat, this.#parts.clock.monotonic());
    }
  }

  #apply(outputs: readonly ElectionOutput[]): void {
    if (outputs.some((output) => output.type === 'role' && output.role === 'switch'))
      this.#fresh.hurry(this.#parts.clock.monotonic());
    for (const output of outputs) {
      if (output.type === 'hint') this.#hint(output.node, output.endpoints);
      // No node answers at the endpoints that a beat named.
      if (output.type === 'forget' && this.#endpoints.giveUp(output.node)) this.#fresh.unsay(output.node);
      if (output.type !== 'send') continue;
      const body = Buffer.concat([this.#parts.membership.ledgerDigest(), encodeBeat(output.beat)]);
      this.#sendTo(output.to, body);
    }
    this.events.emit('election', outputs);
    this.#wake();
  }

  /** Takes endpoints that another node's beat named. They are only called until a node answers there. */
  #hint(node: NodeId, endpoints: Endpoints): void {
    this.#endpoints.hint(node, endpoints);
    this.#hear(node, endpoints);
    this.addCandidate({ address: endpoints.address, port: endpoints.beat }, { isUrgent: true });
  }

  #sendStatement(to: NodeId, kind: StatementKind, statement: Signed | CallSignal | PickUp): boolean {
    const body = bodyOf(statement);
    if (body) this.#act((fresh, now) => fresh.send(to, kind, body, now));
    return body !== undefined;
  }

  #sendTo(to: Audience, body: Buffer): void {
    const now = this.#parts.clock.monotonic();
    const isToAll = to === 'everyone';
    for (const node of this.#nodesOf(to)) this.#perform(this.#fresh.send(node, BEAT, body, now, { isToAll }));
  }

  #nodesOf(to: Audience): readonly NodeId[] {
    if (to === 'everyone') return this.#fresh.nodes();
    if (!('address' in to)) return to;
    const node = this.#fresh.nodeAt({ address: to.address, port: to.beat });
    return node === undefined ? [] : [node];
  }

  /** The time on the election's clock, ms. */
  #look(): number {
    const { clock } = this.#parts;
    const now = clock.monotonic();
    this.#fresh.look(now, clock.now());
    this.#candidates.end(now);
    return now;
  }

  #wake(): void {
    this.#cancelTick?.();
    if (this.#closed || !this.#election) return;
    const dueAt = Math.min(this.#election.nextWakeAt(), this.#fresh.nextWakeAt());
    const delay = Math.max(1, dueAt - this.#parts.clock.monotonic());
    if (!Number.isFinite(delay)) return;
    this.#cancelTick = this.#parts.schedule(() => this.#tick(), Math.ceil(delay));
  }

  #tick(): void {
    const now = this.#look();
    this.#perform(this.#fresh.tick(now));
    if (this.#election && this.#election.nextWakeAt() <= now) this.input({ type: 'tick' });
    else this.#wake();
  }
}

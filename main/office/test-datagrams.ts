import type { TestContext } from 'node:test';
import { HandTime } from '../../test/support/hand-time.ts';
import { Election, type ElectionOutput } from '../election/index.ts';
import type { Identity } from '../identity/index.ts';
import { nodePorts, type NodeId, type Signed } from '../model/index.ts';
import type { MemberDatagramEvents } from './member-datagram-events.ts';
import { MemberDatagrams } from './member-datagrams.ts';
import { DIGEST_BYTES, type DatagramOffice } from './datagram-office.ts';
import type { DatagramSocket, SocketAddress } from './ports.ts';
import { HandNetwork, newIdentity } from './test-network.ts';

export const ELSEWHERE = { address: '10.0.0.7', port: 9 };
export const NAMED = { address: ELSEWHERE.address, control: 1, beat: ELSEWHERE.port, media: 3 };
/** A packet with an empty body. */
export const LEAST_BYTES = 66;
export const CALL_BYTES = 80;

export const BEAT_PORT = 47_021;

interface Carried {
  readonly bytes: Buffer;
  readonly from: SocketAddress;
  readonly to: SocketAddress;
}

type Received = (bytes: Buffer, from: SocketAddress) => void;

/** A LAN in the test's hand: each datagram arrives a millisecond later, is written down, and can be said again by anybody. */
class Wire extends HandNetwork {
  readonly carried: Carried[] = [];
  /** What does not arrive. */
  loses: (datagram: Carried) => boolean = () => false;
  readonly #sockets = new Map<string, Received>();
  readonly #time: HandTime;

  constructor(time: HandTime) {
    super();
    this.#time = time;
  }

  override async openDatagrams(at: SocketAddress, received: Received): Promise<DatagramSocket> {
    const name = `${at.address} ${at.port}`;
    this.#sockets.set(name, received);
    return {
      port: at.port,
      send: (bytes, to) => {
        const datagram = { bytes: Buffer.from(bytes), from: at, to };
        this.carried.push(datagram);
        if (!this.loses(datagram)) this.bring(datagram.bytes, at, to);
      },
      close: async () => void this.#sockets.delete(name),
    };
  }

  bring(bytes: Buffer, from: SocketAddress, { address, port }: SocketAddress): void {
    this.#time.schedule(() => this.#sockets.get(`${address} ${port}`)?.(bytes, from), 1);
  }

  /** What went from one address to another. */
  between(from: SocketAddress, to: SocketAddress): Carried[] {
    return this.carried.filter(
      (one) => one.from.address === from.address && one.to.address === to.address && one.to.port === to.port,
    );
  }
}

export interface WiredNode {
  readonly identity: Identity;
  /** Its colleagues, itself included. */
  readonly knows: Map<NodeId, Identity>;
  readonly at: SocketAddress;
  readonly datagrams: MemberDatagrams;
  readonly headers: Signed[];
  readonly hashes: { readonly from: NodeId; readonly hashes: Signed }[];
  readonly digests: MemberDatagramEvents['digest'][];
  readonly strangers: MemberDatagramEvents['stranger'][];
  readonly outputs: ElectionOutput[];
  readonly log: string[];
  election: Election;
}

interface NodeChoices {
  readonly identity?: Identity;
  readonly boot?: number;
  readonly port?: number;
  readonly digest?: Uint8Array;
  /** Whom it knows besides those that were added before; none: nobody at all. */
  readonly isStranger?: boolean;
}

/** Nodes with real keys and real elections on a wire, in virtual time. */
export class WiredOffice {
  readonly time = new HandTime();
  readonly wire = new Wire(this.time);
  readonly officeId = nodePorts.random.bytes(16);
  readonly nodes: WiredNode[] = [];
  readonly #test: TestContext;

  constructor(t: TestContext) {
    this.#test = t;
    t.after(() => Promise.all(this.nodes.map(({ datagrams }) => datagrams.close())));
  }

  /** A member that knows the others, and is known by them, but not where anybody is. It is silent until `run`. */
  async add(address: string, choices: NodeChoices = {}): Promise<WiredNode> {
    const identity = choices.identity ?? (await newIdentity(this.#test));
    const knows = new Map([[identity.nodeId, identity]]);
    const { port = BEAT_PORT, boot = this.time.now() } = choices;
    const endpoints = { address, control: 1000, beat: port, media: 3000 };
    if (!choices.isStranger)
      for (const other of this.nodes) {
        for (const [node, colleague] of other.knows) knows.set(node, colleague);
        other.knows.set(identity.nodeId, identity);
        other.datagrams.membersChanged();
      }
    const { time, wire } = this;
    const log: string[] = [];
    const membership: DatagramOffice = {
      officeId: this.officeId,
      members: { hpkeKeyOf: (node) => knows.get(node)?.hpkePublicKey, nodes: () => knows.keys() },
      ledgerDigest: () => choices.digest ?? Buffer.alloc(DIGEST_BYTES),
    };
    const at = { address, port };
    const datagrams = await MemberDatagrams.open(at, {
      ...{ network: wire, identity, membership, boot, clock: time, schedule: time.schedule },
      ...{ random: { ...nodePorts.random, fraction: () => 0.5 } },
      log: (line) => void log.push(line),
    });
    const election = new Election({
      ...{ self: identity.nodeId, rank: 100 + this.nodes.length, random: () => 0.5, boot, revision: 1 },
      ...{ endpoints, now: time.monotonic() },
    });
    const node: WiredNode = {
      ...{ identity, knows, at, datagrams, election, log },
      ...{ headers: [], hashes: [], digests: [], strangers: [], outputs: [] },
    };
    datagrams.events.on('header', ({ header }) => node.headers.push(header));
    datagrams.events.on('hashes', (came) => node.hashes.push(came));
    datagrams.events.on('digest', (digest) => node.digests.push(digest));
    datagrams.events.on('stranger', (stranger) => node.strangers.push(stranger));
    datagrams.events.on('election', (outputs) => node.outputs.push(...outputs));
    this.nodes.push(node);
    return node;
  }

  run(node: WiredNode, ...candidates: readonly WiredNode[]): void {
    node.datagrams.run(node.election, 1000);
    for (const { at } of candidates) node.datagrams.addCandidate(at);
  }

  /** Nodes that have found each other and follow one switch. */
  async settled(...addresses: readonly string[]): Promise<WiredNode[]> {
    const nodes: WiredNode[] = [];
    for (const address of addresses) nodes.push(await this.add(address));
    for (const node of nodes) this.run(node, ...nodes.filter((other) => other !== node));
    this.time.pass(3000);
    return nodes;
  }

  async close(node: WiredNode): Promise<void> {
    this.nodes.splice(this.nodes.indexOf(node), 1);
    await node.datagrams.close();
  }
}

/** Who follows whom, and where each believes the others to be. */
export function beliefs(nodes: readonly WiredNode[]): unknown {
  return nodes.map(({ election, datagrams }) => ({
    state: election.state(),
    addresses: nodes.map(({ identity }) => datagrams.addressOf(identity.nodeId)),
  }));
}

export const idOf = ({ identity }: WiredNode): NodeId => identity.nodeId;

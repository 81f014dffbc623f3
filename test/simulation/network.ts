import {
  DEFAULT_BEAT_PORT,
  type DiscoveryEvents,
  type DiscoveryOptions,
  type Found,
} from '../../main/discovery/index.ts';
import type { MediaAddress } from '../../main/media/index.ts';
import { CorridorError, type Fragment, type NodeId } from '../../main/model/index.ts';
import type { DatagramSocket, Finder, OfficeNetwork, SocketAddress } from '../../main/office/index.ts';
import type {
  ConnectOptions,
  ControlLink,
  ControlMessage,
  ControlServerOptions,
} from '../../main/signalling/index.ts';
import type { Identity } from '../../main/identity/index.ts';
import type { Life } from './life.ts';
import { LinkEnd, type Wire } from './link.ts';
import type { SimulatedTime } from './time.ts';
import type { Sender, Variation } from './variation.ts';

/** How long a program waits for a computer that does not answer, ms. */
const CONNECT_TIMEOUT_MS = 3000;
const ANNOUNCE_MS = 60_000;

type Received = (bytes: Buffer, from: SocketAddress) => void;

/** A computer that is on, as the network sees it. */
export interface Host {
  readonly index: number;
  readonly address: string;
  readonly node: NodeId;
  readonly life: Life;
  readonly sender: Sender;
  readonly datagrams: Map<number, Received>;
  readonly servers: Map<number, ControlServerOptions>;
  readonly links: Set<LinkEnd>;
  /** Fragments come to the media socket. */
  media: ((fragments: readonly Fragment[], ssrc: number) => void) | undefined;
  finder: { readonly found: Found; readonly events: DiscoveryEvents } | undefined;
  /** Who was found there. */
  readonly met: Set<string>;
}

const addressOf = (index: number): string => `10.0.0.${index + 1}`;
export const mediaPortOf = (index: number): number => 50_001 + index;

/** What every computer of the office sends. */
export interface Traffic {
  datagrams: number;
  frames: number;
}

/** The network of an office: what is lost, late, doubled and cut is decided here. */
export class SimulatedNetwork {
  /** Share of datagrams that are lost, and that come twice. */
  loss = 0;
  duplicates = 0;
  /** How long a packet takes, ms. */
  delayMs: readonly [number, number] = [0.2, 3];
  /** Which host is on which side of a split network. */
  side: (index: number) => number = () => 0;
  /** What is sent by each host, by its index. */
  readonly traffic: Traffic[] = [];
  variation: Variation = {};
  onFrame: (from: Host, frame: ControlMessage) => void = () => undefined;
  onUnreadable: (what: string) => void = () => undefined;
  readonly #time: SimulatedTime;
  readonly #random: () => number;
  readonly #hosts = new Map<number, Host>();
  /** Ways that are cut, in one direction. */
  readonly #cuts = new Set<string>();
  #instances = 0;

  constructor(time: SimulatedTime, random: () => number) {
    this.#time = time;
    this.#random = random;
  }

  /** A computer is switched on. */
  attach(
    index: number,
    identity: Pick<Identity, 'nodeId' | 'sign'>,
    life: Life,
  ): { readonly host: Host; readonly network: OfficeNetwork } {
    const { nodeId: node } = identity;
    const sender: Sender = { node, sign: (statement) => identity.sign(statement), memory: new Map() };
    const host: Host = {
      sender,
      ...{ index, node, life, address: addressOf(index), datagrams: new Map(), servers: new Map() },
      ...{ links: new Set(), media: undefined, finder: undefined, met: new Set() },
    };
    this.#hosts.set(index, host);
    this.traffic[index] ??= { datagrams: 0, frames: 0 };
    return { host, network: this.#networkOf(host) };
  }

  /** A program ends. Its system tells the others so, unless it has no power either. */
  detach(host: Host, how: 'ended' | 'without-power'): void {
    if (this.#hosts.get(host.index) === host) this.#hosts.delete(host.index);
    for (const link of host.links) {
      if (how === 'ended') link.reset();
      else link.die();
    }
  }

  cut(from: number, to: number): void {
    this.#cuts.add(`${from} ${to}`);
  }

  mend(): void {
    this.#cuts.clear();
    this.side = () => 0;
    this.loss = this.duplicates = 0;
    this.delayMs = [0.2, 3];
  }

  /** Breaks one of the links there are. */
  breakOne(): boolean {
    const links = [...this.#hosts.values()].flatMap((host) => [...host.links]).filter((link) => !link.closed);
    const link = links[Math.floor(this.#random() * links.length)];
    link?.break();
    return link !== undefined;
  }

  isOpen(from: number, to: number): boolean {
    return this.side(from) === this.side(to) && !this.#cuts.has(`${from} ${to}`);
  }

  /** Fragments of one message go to those media sockets. */
  carry(from: Host, fragments: readonly Fragment[], ssrc: number, targets: readonly MediaAddress[]): void {
    for (const { address, port } of targets) {
      const to = this.#at(address);
      if (!to || port !== mediaPortOf(to.index)) continue;
      const left = fragments.filter(() => this.#random() >= this.loss);
      if (left.length > 0) this.#send(from, to, () => to.media?.(left, ssrc));
    }
  }

  #count({ index }: Host): Traffic {
    return (this.traffic[index] ??= { datagrams: 0, frames: 0 });
  }

  #at(address: string): Host | undefined {
    return [...this.#hosts.values()].find((host) => host.address === address);
  }

  #delay(): number {
    const [least, most] = this.delayMs;
    return least + this.#random() * (most - least);
  }

  /** One packet, or two. */
  #send(from: Host, to: Host, arrive: () => void): void {
    const times = this.#random() < this.duplicates ? 2 : 1;
    for (let n = 0; n < times; n += 1)
      to.life.after(this.#delay(), () => {
        if (this.isOpen(from.index, to.index)) arrive();
      });
  }

  #networkOf(host: Host): OfficeNetwork {
    return {
      interfaces: () => [],
      chooseAddress: () => host.address,
      isWireless: () => false,
      openDatagrams: async (at, received) => this.#openDatagrams(host, at, received),
      listen: async (options) => this.#listen(host, options),
      connect: (options) => this.#connect(host, options),
      connectAsOutsider: async () => {
        throw unreachable();
      },
      finder: (options, events) => this.#finder(host, options, events),
      lookUp: async (name) => name,
    };
  }

  #openDatagrams(host: Host, { port }: SocketAddress, received: Received): DatagramSocket {
    if (host.datagrams.has(port)) throw Object.assign(new Error('taken'), { code: 'EADDRINUSE' });
    const own = port === 0 ? DEFAULT_BEAT_PORT + 1 + host.datagrams.size : port;
    host.datagrams.set(own, received);
    return {
      port: own,
      send: (bytes, to) => {
        this.#count(host).datagrams += 1;
        const target = this.#at(to.address);
        if (host.life.isOver || !target || this.#random() < this.loss) return;
        const copy = Buffer.from(bytes);
        const from = { address: host.address, port: own };
        this.#send(host, target, () => target.datagrams.get(to.port)?.(Buffer.from(copy), from));
      },
      close: async () => void host.datagrams.delete(own),
    };
  }

  #listen(host: Host, options: ControlServerOptions): { readonly port: number; close(): Promise<void> } {
    const { port = 0 } = options;
    if (host.servers.has(port)) throw Object.assign(new Error('taken'), { code: 'EADDRINUSE' });
    const own = port === 0 ? DEFAULT_BEAT_PORT + 1 + host.servers.size : port;
    host.servers.set(own, options);
    return { port: own, close: async () => void host.servers.delete(own) };
  }

  #connect(host: Host, { address, port, expected }: ConnectOptions): Promise<ControlLink> {
    return new Promise((resolve, reject) => {
      const to = this.#at(address);
      const isOpen = to && this.isOpen(host.index, to.index) && this.isOpen(to.index, host.index);
      // A computer that is off, or a packet that is lost, answers nothing; a computer without that program refuses.
      if (!to || !isOpen || to.life.isFrozen)
        return host.life.after(CONNECT_TIMEOUT_MS, () => reject(unreachable()));
      // Three round trips: TCP, TLS, the office's proof.
      host.life.after(6 * this.#delay(), () => {
        const server = to.servers.get(port);
        if (to.life.isOver || !server || !this.isOpen(host.index, to.index)) return reject(unreachable());
        if (expected !== 'any-member' && expected !== to.node)
          return reject(new CorridorError('wrong-node', 'Another computer answers there.', { phrase: null }));
        const here = new LinkEnd(to.node, to.address, this.#wire(host, to));
        const there = new LinkEnd(host.node, host.address, this.#wire(to, host));
        LinkEnd.join(here, there);
        host.links.add(here);
        to.links.add(there);
        to.life.after(0, () => server.onLink(there.asLink));
        resolve(here.asLink);
      });
    });
  }

  #wire(host: Host, to: Host): Wire {
    const vary = this.variation.frames?.(host.sender, to.node);
    return {
      delayMs: () => this.#delay(),
      isOpen: () => this.isOpen(host.index, to.index),
      isAlive: () => !host.life.isOver && !host.life.isFrozen,
      after: (ms, run) => host.life.after(ms, run),
      now: () => this.#time.now,
      sent: (frame) => {
        const goes = frame && vary ? vary(frame) : frame;
        this.#count(host).frames += 1;
        if (goes) this.onFrame(host, goes);
        return goes;
      },
      unreadable: (text, why) => this.onUnreadable(`${text.slice(0, 200)}: ${String(why)}`),
    };
  }

  #finder(host: Host, { shown }: DiscoveryOptions, events: DiscoveryEvents): Finder {
    if (!shown) throw new Error('every node of the simulation announces itself');
    const { controlPort, beatPort, officeTag } = shown;
    const instance = `i${(this.#instances += 1)}`;
    const mine = { found: { instance, addresses: [host.address], controlPort, beatPort, officeTag }, events };
    const announce = (): void => {
      if (host.finder !== mine) return;
      for (const other of this.#hosts.values()) {
        if (other === host) continue;
        this.#find(host, other);
        this.#find(other, host);
      }
      host.life.after(ANNOUNCE_MS * (0.8 + 0.4 * this.#random()), announce);
    };
    return {
      start: () => {
        host.finder = mine;
        announce();
      },
      stop: async () => {
        if (host.finder === mine) host.finder = undefined;
      },
    };
  }

  /** The host `to` finds the other one. */
  #find(other: Host, to: Host): void {
    const { finder } = other;
    if (!finder || this.#random() < this.loss) return;
    this.#send(other, to, () => {
      const { instance } = finder.found;
      const isNews = !to.met.has(instance);
      to.met.add(instance);
      if (isNews) to.finder?.events.found(finder.found);
      else to.finder?.events.foundAgain?.(finder.found);
    });
  }
}

function unreachable(): CorridorError {
  return new CorridorError('unreachable', 'It is not there.', { phrase: null });
}

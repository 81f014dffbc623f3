import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { tempFolder } from '../../test/support/temp-folder.ts';
import type { DiscoveryEvents, DiscoveryOptions } from '../discovery/index.ts';
import { loadOrCreateIdentity, type Identity, type OfficeId } from '../identity/index.ts';
import {
  commonProtocol,
  CorridorError,
  toBase64url,
  type BudgetName,
  type Fragment,
  type MessageId,
  type NodeId,
  type NodeRecord,
  type ProtocolRange,
  type Signed,
} from '../model/index.ts';
import type {
  ConnectOptions,
  ControlLink,
  ControlMessage,
  ControlMessageType,
  ControlServerOptions,
  Credentials,
  OutsiderOptions,
} from '../signalling/index.ts';
import type { ControlListener, DatagramSocket, Finder, OfficeNetwork, SocketAddress } from './index.ts';

export async function newIdentity(t: TestContext): Promise<Identity> {
  const [identity] = await newIdentities(t, 1);
  return identity;
}

type Tuple<Item, Count extends number, Items extends Item[] = []> = Items['length'] extends Count
  ? Items
  : Tuple<Item, Count, [...Items, Item]>;

export async function newIdentities<Count extends number>(
  t: TestContext,
  count: Count,
): Promise<Tuple<Identity, Count>> {
  const folder = tempFolder('identities');
  t.after(() => rm(folder, { recursive: true, force: true }));
  const made = Array.from({ length: count }, (_, n) => loadOrCreateIdentity(join(folder, `${n}`)));
  return (await Promise.all(made)) as Tuple<Identity, Count>;
}

/** A member's record, as it signs it. */
export function recordOf(
  identity: Identity,
  change: Partial<NodeRecord> = {},
): { readonly signed: Signed; readonly record: NodeRecord } {
  const record: NodeRecord = {
    ...{ v: 1, node: identity.nodeId, revision: 1, name: 'Ann', presence: 'available' },
    signingKey: toBase64url(identity.signingKeySpki),
    hpkeKey: toBase64url(identity.hpkePublicKey),
    endpoints: { address: '10.0.0.9', control: 1000, beat: 2000, media: 3000 },
    ...change,
  };
  return { record, signed: identity.sign(record) };
}

/** What a link needs of its node; a network that is in the test's hand looks at none of it. */
export const HAND_CREDENTIALS: Credentials = {
  ...{ certificatePem: '', privateKeyPem: '' },
  office: 'A'.repeat(22) as OfficeId,
};

type LinkListener = Parameters<ControlLink['listen']>[0];

/** A control link whose other end is in the test's hand: keeps what was sent, and brings what a test lets it bring. */
export class HandLink {
  readonly peer: NodeId;
  readonly address: string;
  readonly sent: ControlMessage[] = [];
  isClosed = false;
  #listener: LinkListener | undefined;

  constructor(peer: NodeId, address = '10.0.0.9') {
    this.peer = peer;
    this.address = address;
  }

  /** As the room sees it. The real link is a class over a TLS socket, and no other object counts as one to the compiler. */
  get asLink(): ControlLink {
    return this as unknown as ControlLink;
  }

  listen(listener: LinkListener): void {
    this.#listener = listener;
  }

  send(message: ControlMessage): boolean {
    this.sent.push(message);
    return true;
  }

  sendFragments(): boolean {
    return true;
  }

  settle(theirs: ProtocolRange | undefined): boolean {
    const isCommon = commonProtocol(theirs) !== undefined;
    if (!isCommon) this.close();
    return isCommon;
  }

  drained(): Promise<void> {
    return Promise.resolve();
  }

  close(): void {
    this.#end('closed');
  }

  /** The other side goes away. */
  lose(): void {
    this.#end('lost');
  }

  bring(message: ControlMessage): void {
    this.#listener?.onMessage(message);
  }

  bringFragments(id: MessageId, fragments: Fragment[]): void {
    this.#listener?.onFragments(id, fragments);
  }

  /** The other side sends more than it may. */
  exceed(budget: BudgetName): void {
    this.#listener?.onOver?.(budget);
  }

  of<T extends ControlMessageType>(type: T): Extract<ControlMessage, { type: T }>[] {
    return this.sent.filter((one): one is Extract<ControlMessage, { type: T }> => one.type === type);
  }

  #end(reason: 'closed' | 'lost'): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.#listener?.onClose(reason);
  }
}

/** A connection that this node tries to make: a test lets it succeed or fail. */
export interface Attempt {
  readonly options: ConnectOptions;
  succeed(link: HandLink): void;
  fail(code?: string): void;
}

interface OpenedDatagrams {
  readonly at: SocketAddress;
  readonly received: (bytes: Buffer, from: SocketAddress) => void;
  readonly sent: { readonly bytes: Uint8Array; readonly to: SocketAddress }[];
  isClosed: boolean;
}

/** The network of one computer. */
export class HandNetwork implements OfficeNetwork {
  /** What the computer has: an address, or an error where the chosen interface is gone. */
  address: string | CorridorError = '10.0.0.1';
  readonly datagrams: OpenedDatagrams[] = [];
  readonly servers: { readonly options: ControlServerOptions; isClosed: boolean }[] = [];
  readonly attempts: Attempt[] = [];
  /** Lets the finder that was made last find a node. */
  found: DiscoveryEvents['found'] = () => undefined;
  readonly #taken = new Set<string>();
  #ports = 40_000;

  interfaces() {
    return [];
  }

  chooseAddress(): string {
    if (this.address instanceof CorridorError) throw this.address;
    return this.address;
  }

  isWireless(): boolean {
    return false;
  }

  /** Another program has this port. */
  take(port: number): void {
    this.#taken.add(String(port));
  }

  async openDatagrams(
    at: SocketAddress,
    received: (bytes: Buffer, from: SocketAddress) => void,
  ): Promise<DatagramSocket> {
    if (this.#taken.has(String(at.port))) throw Object.assign(new Error('taken'), { code: 'EADDRINUSE' });
    const opened: OpenedDatagrams = { at, received, sent: [], isClosed: false };
    this.datagrams.push(opened);
    return {
      port: at.port || (this.#ports += 1),
      send: (bytes, to) => void opened.sent.push({ bytes, to }),
      close: async () => void (opened.isClosed = true),
    };
  }

  async listen(options: ControlServerOptions): Promise<ControlListener> {
    const server = { options, isClosed: false };
    this.servers.push(server);
    const close = async () => void (server.isClosed = true);
    return {
      port: options.port === undefined || options.port === 0 ? (this.#ports += 1) : options.port,
      close,
    };
  }

  connect(options: ConnectOptions): Promise<ControlLink> {
    return new Promise((resolve, reject) => {
      this.attempts.push({
        options,
        succeed: (link) => resolve(link.asLink),
        fail: (code = 'unreachable') => reject(new CorridorError(code, 'It is not there.', { phrase: null })),
      });
    });
  }

  async connectAsOutsider(_options: OutsiderOptions): Promise<ControlLink> {
    throw new CorridorError('unreachable', 'It is not there.', { phrase: null });
  }

  finder(_options: DiscoveryOptions, events: DiscoveryEvents): Finder {
    this.found = events.found;
    return { start: () => undefined, stop: async () => undefined };
  }

  async lookUp(host: string): Promise<string> {
    return host;
  }
}

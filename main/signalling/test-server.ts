import assert from 'node:assert/strict';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls, type ConnectionOptions, type TLSSocket } from 'node:tls';
import { eventually } from '../../test/support/eventually.ts';
import { createCertificate, OFFICE_ALPN, officeProof, type OfficeId } from '../identity/index.ts';
import { toBase64url, type Fragment, type MessageId, type NodeId } from '../model/index.ts';
import { connectControl, type ConnectOptions } from './connect.ts';
import type { ControlLink, LinkCloseReason } from './control-link.ts';
import { ControlServer, type ControlServerOptions } from './control-server.ts';
import type { ControlMessage } from './schemas.ts';
import { AS_MEMBER, exportedForOffice, nodeIdOfCertificate, type Credentials } from './tls-peer.ts';

export const newOfficeId = (): OfficeId => toBase64url(randomBytes(16)) as OfficeId;

/** The tests' office. */
const ownOffice = newOfficeId();

/** A node's own, new each time. */
export function credentials(office: OfficeId = ownOffice): Credentials & { nodeId: NodeId } {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const certificatePem = createCertificate(privateKey);
  return {
    certificatePem,
    privateKeyPem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    office,
    nodeId: nodeIdOfCertificate(certificatePem) as NodeId,
  };
}

/** Keeps what comes over a link, and why the link ended. */
export class Ear {
  readonly messages: ControlMessage[] = [];
  readonly fragments: { id: MessageId; fragments: Fragment[] }[] = [];
  closed: LinkCloseReason | undefined;

  constructor(link: ControlLink) {
    link.listen({
      onMessage: (message) => this.messages.push(message),
      onFragments: (id, fragments) => this.fragments.push({ id, fragments }),
      onClose: (reason) => {
        assert.equal(this.closed, undefined, 'closed twice');
        this.closed = reason;
      },
    });
  }
}

export interface Room {
  readonly server: ControlServer;
  readonly own: Credentials & { nodeId: NodeId };
  readonly links: ControlLink[];
  readonly ears: Ear[];
  readonly log: string[];
  readonly connect: (options?: Partial<ConnectOptions>) => Promise<ControlLink>;
}

/** A listening node, to be used by one test. */
export async function withServer(
  use: (room: Room) => Promise<void>,
  options: Partial<ControlServerOptions> = {},
): Promise<void> {
  const own = credentials();
  const links: ControlLink[] = [];
  const ears: Ear[] = [];
  const log: string[] = [];
  const server = await ControlServer.listen({
    credentials: own,
    address: '127.0.0.1',
    log: (sentence) => log.push(sentence),
    onLink: (link) => {
      links.push(link);
      ears.push(new Ear(link));
    },
    ...options,
  });
  const outgoing: ControlLink[] = [];
  const connect = async (more: Partial<ConnectOptions> = {}) => {
    const link = await connectControl({
      credentials: credentials(),
      address: server.address,
      port: server.port,
      expected: own.nodeId,
      log: (sentence) => log.push(sentence),
      ...more,
    });
    outgoing.push(link);
    return link;
  };
  try {
    await use({ server, own, links, ears, log, connect });
  } finally {
    for (const link of outgoing) link.close();
    await server.close();
  }
}

/** A member still gets in, and is heard. */
export async function assertServes({ connect, ears }: Room): Promise<void> {
  const link = await connect();
  const before = ears.length;
  link.send({ type: 'inbox' });
  await eventually(() => ears.at(before - 1)?.messages.length === 1, 'a good client’s message');
  link.close();
}

/** A TCP connection that has said nothing yet. */
export async function rawConnection(server: ControlServer): Promise<Socket> {
  const socket = connectTcp(server.port, server.address);
  socket.on('error', () => undefined);
  await new Promise((resolve) => socket.once('connect', resolve));
  return socket;
}

/** A TLS connection as a member opens it, except for `change`. What it then says is the test's own. */
export function tlsConnection(
  { address, port }: Pick<ControlServer, 'address' | 'port'>,
  change: ConnectionOptions = {},
): TLSSocket {
  const { certificatePem: cert, privateKeyPem: key } = credentials();
  const asMembers = { cert, key, ALPNProtocols: [OFFICE_ALPN], rejectUnauthorized: false };
  const socket = connectTls({ host: address, port, ...asMembers, ...change });
  socket.on('error', () => undefined);
  return socket;
}

/** What a member of the tests' office says first on a TLS connection. */
export function memberOpening(socket: TLSSocket): Buffer {
  const proof = officeProof(ownOffice, exportedForOffice(socket), 'client');
  return Buffer.concat([Buffer.from([AS_MEMBER]), proof]);
}

/** Resolves when the socket is closed; reads what comes before. */
export const ended = (socket: Socket): Promise<void> =>
  new Promise((resolve) => {
    if (socket.destroyed) return resolve();
    socket.resume();
    socket.once('close', () => resolve());
  });

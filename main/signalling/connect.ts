import { isIP } from 'node:net';
import { connect, type TLSSocket } from 'node:tls';
import { isOfficeProof, OFFICE_PROOF_BYTES, officeProof } from '../identity/index.ts';
import { CorridorError, type NodeId } from '../model/index.ts';
import { ControlLink, type LinkOptions } from './control-link.ts';
import { ACCEPTED, readUntil } from './office-answer.ts';
import { OF_HOSTS } from './outsiders.ts';
import {
  AS_MEMBER,
  AS_OUTSIDER,
  exportedForOffice,
  HANDSHAKE_TIMEOUT_MS,
  nodeIdOfCertificate,
  peerOf,
  tlsOptions,
  tuneSocket,
  type Credentials,
  type OwnCertificate,
} from './tls-peer.ts';

const ANSWER_BYTES = 1 + OFFICE_PROOF_BYTES;
/** No TCP connection came about at all. */
const UNREACHABLE = new Set([
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EHOSTDOWN',
  'ETIMEDOUT',
  'EADDRNOTAVAIL',
]);
const BROKEN_OFF = new Set(['ECONNRESET', 'EPIPE']);

interface Reaching extends LinkOptions {
  readonly address: string;
  readonly port: number;
  /** The IP address of the interface to go out from. */
  readonly localAddress?: string | undefined;
  readonly handshakeTimeoutMs?: number | undefined;
}

export interface ConnectOptions extends Reaching {
  readonly credentials: Credentials;
  /** The node that must answer. 'any-member': at an address that a person gave, any node that proves the office id. */
  readonly expected: NodeId | 'any-member';
}

export interface OutsiderOptions extends Reaching {
  readonly credentials: OwnCertificate;
}

/**
 * Connects to a member of the office: TLS 1.3, the peer's identity pinned; both sides prove the office id.
 * @throws CorridorError `unreachable`, `not-corridor`, `wrong-node`, `own-address`, `wrong-office`, `control-timeout`
 * or `control-lost` (the connection broke; some TLS libraries give this error for a peer that does not speak TLS, too).
 */
export function connectControl(options: ConnectOptions): Promise<ControlLink> {
  return reach(options, (socket, place) => prove(socket, options, place));
}

/**
 * Connects to any node, to ask to be let in: TLS 1.3, the peer has a key, and nothing is known of it.
 * @throws CorridorError as `connectControl`, and neither `wrong-node` nor `wrong-office`
 */
export function connectAsOutsider(options: OutsiderOptions): Promise<ControlLink> {
  return reach(options, async (socket, place) => {
    const peer = await identify(socket, options.credentials, place);
    socket.write(Buffer.from([AS_OUTSIDER]));
    return new ControlLink(socket, peer, Buffer.alloc(0), { ...options, reads: OF_HOSTS });
  });
}

async function reach(
  options: ConnectOptions | OutsiderOptions,
  introduce: (socket: TLSSocket, place: string) => Promise<ControlLink>,
): Promise<ControlLink> {
  const { address, port, localAddress } = options;
  const place = isIP(address) === 6 ? `[${address}]:${port}` : `${address}:${port}`;
  const socket = connect({
    ...tlsOptions(options.credentials),
    host: address,
    port,
    ...(localAddress === undefined ? {} : { localAddress }),
    checkServerIdentity: () => undefined,
  });
  let failure: CorridorError | undefined;
  const timer = setTimeout(() => {
    failure = new CorridorError(
      'control-timeout',
      `${place} did not answer in time. Is it on the same network?`,
      { details: { place } },
    );
    socket.destroy();
  }, options.handshakeTimeoutMs ?? HANDSHAKE_TIMEOUT_MS);
  socket.on('error', (cause: Error) => {
    failure ??= failureOf(cause, place);
  });
  try {
    return await introduce(socket, place);
  } catch (error) {
    socket.destroy();
    if (error instanceof CorridorError) throw error;
    throw (
      failure ??
      new CorridorError('control-lost', `${place} broke the connection off.`, {
        cause: error,
        details: { place },
      })
    );
  } finally {
    clearTimeout(timer);
  }
}

/** Whose key answers. */
async function identify(socket: TLSSocket, credentials: OwnCertificate, place: string): Promise<NodeId> {
  await secured(socket);
  const peer = peerOf(socket);
  if (!peer) throw notCorridor(place);
  if (peer === nodeIdOfCertificate(credentials.certificatePem)) {
    throw new CorridorError(
      'own-address',
      `${place} is this node itself. Give the address of a colleague’s computer.`,
      { details: { place } },
    );
  }
  tuneSocket(socket);
  return peer;
}

async function prove(socket: TLSSocket, options: ConnectOptions, place: string): Promise<ControlLink> {
  const { expected, credentials } = options;
  const peer = await identify(socket, credentials, place);
  if (expected !== 'any-member' && peer !== expected) {
    throw new CorridorError(
      'wrong-node',
      `At ${place} another node answers than the one that is looked for.`,
      { details: { place } },
    );
  }
  const { office } = credentials;
  const exported = exportedForOffice(socket);
  socket.write(Buffer.concat([Buffer.from([AS_MEMBER]), officeProof(office, exported, 'client')]));
  const answer = await readUntil(
    socket,
    (bytes) => bytes.length >= ANSWER_BYTES || (bytes.length > 0 && bytes[0] !== ACCEPTED),
  );
  const accepted =
    answer[0] === ACCEPTED && isOfficeProof(answer.subarray(1, ANSWER_BYTES), office, exported, 'server');
  if (!accepted) {
    throw new CorridorError(
      'wrong-office',
      `The node at ${place} belongs to another office. Join with the link that your colleagues use.`,
      { details: { place } },
    );
  }
  return new ControlLink(socket, peer, answer.subarray(ANSWER_BYTES), options);
}

function secured(socket: TLSSocket): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('secureConnect', resolve);
    socket.once('close', () => reject(new Error('closed during the handshake')));
  });
}

function failureOf(cause: NodeJS.ErrnoException, place: string): CorridorError {
  const code = cause.code ?? '';
  if (UNREACHABLE.has(code)) {
    return new CorridorError('unreachable', `Nothing answers at ${place}. Is Corridor running there?`, {
      cause,
      details: { place },
    });
  }
  if (BROKEN_OFF.has(code)) {
    return new CorridorError('control-lost', `${place} broke the connection off. It is tried again.`, {
      cause,
      details: { place },
    });
  }
  return notCorridor(place, cause);
}

function notCorridor(place: string, cause?: unknown): CorridorError {
  return new CorridorError(
    'not-corridor',
    `What answers at ${place} is not Corridor. Check address and port.`,
    {
      cause,
      details: { place },
    },
  );
}

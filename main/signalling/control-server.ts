import type { AddressInfo, Socket } from 'node:net';
import { createServer, type Server, type TLSSocket } from 'node:tls';
import { isOfficeProof, OFFICE_PROOF_BYTES, officeProof } from '../identity/index.ts';
import { Admission, BUDGETS, CorridorError, faults, type NodeId } from '../model/index.ts';
import { ControlLink, type LinkOptions } from './control-link.ts';
import { ACCEPTED, readUntil, REFUSED } from './office-answer.ts';
import { mayAsk, OF_OUTSIDERS } from './outsiders.ts';
import {
  AS_MEMBER,
  AS_OUTSIDER,
  exportedForOffice,
  HANDSHAKE_TIMEOUT_MS,
  peerOf,
  PROOF_TIMEOUT_MS,
  tlsOptions,
  tuneSocket,
  type Credentials,
} from './tls-peer.ts';

/** How long a refused peer has to read the refusal. */
const REFUSAL_LINGER_MS = 500;
/** How long a server that closes waits for its links' last frames to leave. */
const CLOSE_LINGER_MS = 1000;

export interface ControlServerOptions extends LinkOptions {
  readonly credentials: Credentials;
  /** The IP address to listen on. */
  readonly address: string;
  /** 0, or left out: any free port. */
  readonly port?: number | undefined;
  /** A member has connected. The callback calls `link.listen` before it returns. */
  onLink(link: ControlLink): void;
  /** Somebody who is no member asks to be let in; the same holds. Left out: nobody is heard. */
  onOutsider?(link: ControlLink): void;
  /** Whether a member is likely to connect from this IP address: such get in while strangers crowd the door. */
  readonly isFavoured?: ((address: string) => boolean) | undefined;
  /** How long TLS may take. */
  readonly handshakeTimeoutMs?: number | undefined;
  /** How long the proof may take after that. */
  readonly proofTimeoutMs?: number | undefined;
}

/** Connections: those that became links, and those that did not, by why. */
export interface ControlServerCounts {
  readonly accepted: number;
  /** No members, who ask to be let in. */
  readonly outsiders: number;
  readonly wrongOffice: number;
  /** Not TLS 1.3, not Corridor, no P-256 certificate, or broken off. */
  readonly noHandshake: number;
  readonly timedOut: number;
  /** The oldest that had proven nothing, when too many came. */
  readonly tooMany: number;
}

/** Why a connection became no link. */
type Refusal = Exclude<keyof ControlServerCounts, 'accepted' | 'outsiders'>;

/** A connection that has proven nothing yet. */
interface Pending {
  readonly raw: Socket;
  timer: NodeJS.Timeout;
}

/** Listens for other members of the office, and closes every connection that does not prove to come from one. */
export class ControlServer {
  readonly #options: ControlServerOptions;
  readonly #server: Server;
  readonly #admission: Admission<Pending>;
  readonly #pending = new Map<string, Pending>();
  readonly #links = new Set<TLSSocket>();
  readonly #outsiders = new Set<TLSSocket>();
  readonly #told = new Set<Refusal>();
  #counts = { accepted: 0, outsiders: 0, wrongOffice: 0, noHandshake: 0, timedOut: 0, tooMany: 0 };

  /** @throws CorridorError `control-address` where it cannot listen there. */
  static async listen(options: ControlServerOptions): Promise<ControlServer> {
    const server = new ControlServer(options);
    await server.#listen();
    return server;
  }

  private constructor(options: ControlServerOptions) {
    this.#options = options;
    this.#admission = new Admission(BUDGETS.unproven, options.isFavoured ?? (() => false));
    this.#server = createServer({
      ...tlsOptions(options.credentials),
      requestCert: true,
    });
    this.#server.on('connection', (raw: Socket) => this.#arrive(raw));
    this.#server.on('tlsClientError', (_error, socket) => socket.destroy());
    this.#server.on('secureConnection', (socket) => {
      this.#admit(socket).catch((error: Error) => {
        socket.destroy();
        faults.tell('a new link', error);
      });
    });
  }

  get address(): string {
    return (this.#server.address() as AddressInfo).address;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get counts(): ControlServerCounts {
    return { ...this.#counts };
  }

  /** Stops listening and ends every link that came in here. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const [key, { raw }] of this.#pending) {
      this.#settle(key);
      raw.destroy();
    }
    for (const socket of this.#links) socket.destroySoon();
    for (const socket of this.#outsiders) socket.destroy();
    const impatience = setTimeout(() => this.#links.forEach((socket) => socket.destroy()), CLOSE_LINGER_MS);
    await closed;
    clearTimeout(impatience);
  }

  #listen(): Promise<void> {
    const { address, port = 0 } = this.#options;
    return new Promise((resolve, reject) => {
      this.#server.once('error', (cause) => {
        reject(
          new CorridorError(
            'control-address',
            `Corridor cannot listen on ${address}${port ? `, port ${port}` : ''}. Is that address this computer’s, and free?`,
            { cause, details: { address, port: port || null } },
          ),
        );
      });
      this.#server.listen({ host: address, port }, () => {
        this.#server.removeAllListeners('error');
        this.#server.on('error', (error: Error) =>
          this.#options.log(`The control channel: ${error.message}`),
        );
        resolve();
      });
    });
  }

  /** A TCP connection, before any TLS: counted, timed, and bounded in number. */
  #arrive(raw: Socket): void {
    raw.on('error', () => undefined);
    const { remoteAddress } = raw;
    if (remoteAddress === undefined) return;
    const key = keyOf(raw);
    const timer = this.#timeOut(key, this.#options.handshakeTimeoutMs ?? HANDSHAKE_TIMEOUT_MS);
    const pending = { raw, timer };
    this.#pending.set(key, pending);
    raw.once('close', () => {
      if (this.#settle(key)) this.#refuse('noHandshake', remoteAddress);
    });
    const goes = this.#admission.arrive(pending, remoteAddress);
    if (goes) this.#turnAway(keyOf(goes.raw), 'tooMany');
  }

  #timeOut(key: string, afterMs: number): NodeJS.Timeout {
    const timer = setTimeout(() => this.#turnAway(key, 'timedOut'), afterMs);
    timer.unref();
    return timer;
  }

  #turnAway(key: string, why: 'tooMany' | 'timedOut'): void {
    const pending = this.#pending.get(key);
    if (!pending) return;
    this.#settle(key);
    this.#refuse(why, pending.raw.remoteAddress);
    pending.raw.destroy();
  }

  /** A finished handshake: the peer's identity is known, its membership is not. */
  async #admit(socket: TLSSocket): Promise<void> {
    const key = keyOf(socket);
    socket.on('error', () => undefined);
    const peer = peerOf(socket);
    const pending = this.#pending.get(key);
    if (!peer || !pending) {
      socket.destroy();
      return;
    }
    clearTimeout(pending.timer);
    pending.timer = this.#timeOut(key, this.#options.proofTimeoutMs ?? PROOF_TIMEOUT_MS);
    tuneSocket(socket);
    const opening = await readUntil(
      socket,
      (bytes) => bytes[0] !== AS_MEMBER || bytes.length > OFFICE_PROOF_BYTES,
    ).catch(() => undefined);
    if (!opening || socket.destroyed) {
      socket.destroy();
      return;
    }
    this.#settle(key);
    const [kind, proof] = [opening[0], opening.subarray(1)];
    if (kind === AS_OUTSIDER) {
      this.#hear(socket, peer, proof);
      return;
    }
    const { office } = this.#options.credentials;
    const exported = exportedForOffice(socket);
    if (kind !== AS_MEMBER || !isOfficeProof(proof, office, exported, 'client')) {
      this.#refuse('wrongOffice', socket.remoteAddress);
      socket.end(Buffer.from([REFUSED]));
      socket.resume();
      setTimeout(() => socket.destroy(), REFUSAL_LINGER_MS).unref();
      return;
    }
    if (this.#links.size >= BUDGETS.links.inAll.atOnce) {
      this.#refuse('tooMany', socket.remoteAddress);
      socket.destroy();
      return;
    }
    this.#counts.accepted += 1;
    this.#links.add(socket);
    socket.once('close', () => this.#links.delete(socket));
    socket.write(Buffer.concat([Buffer.from([ACCEPTED]), officeProof(office, exported, 'server')]));
    this.#options.onLink(new ControlLink(socket, peer, Buffer.alloc(0), this.#options));
  }

  /** Somebody who has proven a key, and nothing of the office. */
  #hear(socket: TLSSocket, peer: NodeId, early: Buffer): void {
    const asking = [...this.#outsiders].map(({ remoteAddress }) => remoteAddress);
    if (!this.#options.onOutsider || !mayAsk(socket.remoteAddress, asking)) {
      this.#refuse('tooMany', socket.remoteAddress);
      socket.destroy();
      return;
    }
    this.#counts.outsiders += 1;
    this.#outsiders.add(socket);
    socket.once('close', () => this.#outsiders.delete(socket));
    this.#options.onOutsider(new ControlLink(socket, peer, early, { ...this.#options, reads: OF_OUTSIDERS }));
  }

  /** Takes a connection off the list of those that have proven nothing; false where it was not on it. */
  #settle(key: string): boolean {
    const pending = this.#pending.get(key);
    if (!pending) return false;
    clearTimeout(pending.timer);
    this.#admission.leave(pending);
    return this.#pending.delete(key);
  }

  /** Counts every refusal and logs the first of each kind, so that an attack cannot fill the log. */
  #refuse(why: Refusal, address: string | undefined): void {
    this.#counts[why] += 1;
    if (this.#told.has(why)) return;
    this.#told.add(why);
    this.#options.log(`${SENTENCES[why]} (${address ?? 'gone already'}). More of the same is counted only.`);
  }
}

const SENTENCES: Readonly<Record<Refusal, string>> = {
  wrongOffice: 'A node of another office was turned away',
  noHandshake: 'Something that is not Corridor was turned away',
  timedOut: 'A connection that said nothing in time was turned away',
  tooMany: 'A connection was turned away, since too many came at once',
};

/** A server's connections differ in where they come from; a TLS socket and the TCP socket below it do not. */
function keyOf(socket: Socket): string {
  return `${socket.remoteAddress}|${socket.remotePort}`;
}

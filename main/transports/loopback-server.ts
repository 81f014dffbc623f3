import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { CorridorError } from '../model/index.ts';

export const LOOPBACK = '127.0.0.1';
const LOOPBACK_IPV6 = '::1';
const MAX_CONNECTIONS = 64;
const REQUEST_TIMEOUT_MS = 10_000;
/** How long browsers are given to close their connections, ms. */
const HANG_UP_MS = 500;

export type OnUpgrade = (request: IncomingMessage, socket: Socket, head: Buffer) => void;

/** An HTTP server on this computer's loopback addresses alone. */
export class LoopbackServer {
  readonly port: number;
  readonly #servers: readonly Server[];
  readonly #connections: ReadonlySet<Socket>;

  private constructor(port: number, servers: readonly Server[], connections: ReadonlySet<Socket>) {
    this.port = port;
    this.#servers = servers;
    this.#connections = connections;
  }

  /** `port` 0: any that is free. Errors: `port-taken`. */
  static async open(port: number, onRequest: RequestListener, onUpgrade: OnUpgrade): Promise<LoopbackServer> {
    const connections = new Set<Socket>();
    const make = (): Server => {
      const server = createServer(onRequest);
      server.maxConnections = MAX_CONNECTIONS;
      server.requestTimeout = REQUEST_TIMEOUT_MS;
      server.headersTimeout = REQUEST_TIMEOUT_MS;
      server.on('clientError', (_error, socket) => socket.destroy());
      server.on('upgrade', onUpgrade);
      server.on('connection', (socket) => {
        connections.add(socket);
        socket.on('close', () => connections.delete(socket));
      });
      return server;
    };
    const servers = [make()];
    const [first] = servers;
    const taken = first && (await listen(first, LOOPBACK, port));
    if (!taken) {
      throw new CorridorError(
        'port-taken',
        `The panel cannot be served on port ${port}: another program uses it, or this user may not. Choose another one with --panel PORT.`,
      );
    }
    const second = make();
    // Some computers have no IPv6; the shown address is the IPv4 one.
    if (await listen(second, LOOPBACK_IPV6, taken)) servers.push(second);
    return new LoopbackServer(taken, servers, connections);
  }

  /** Accepts no more connections, and ends those that do not end by themselves. */
  async close(): Promise<void> {
    const closed = this.#servers.map(
      (server) => new Promise<void>((resolve) => server.close(() => resolve())),
    );
    const cut = setTimeout(() => {
      for (const socket of this.#connections) socket.destroy();
    }, HANG_UP_MS);
    await Promise.all(closed);
    clearTimeout(cut);
  }
}

/** Listens. Resolves with the port; undefined where it cannot listen. */
function listen(server: Server, host: string, port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    server.once('error', () => resolve(undefined));
    server.listen({ host, port, exclusive: true }, () => resolve((server.address() as AddressInfo).port));
  });
}

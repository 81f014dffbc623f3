import type { RawData, WebSocket } from 'ws';
import type { NodeApi } from '../../preload/api.ts';
import { ApiRequests } from './api-requests.ts';
import { HeldTalk } from './held-talk.ts';
import type { Answer } from './wire.ts';

/** The interval of pings, ms. A browser that has not answered before the next one is gone: its computer sleeps, or its tunnel broke. */
const PING_MS = 4000;
/** RFC 6455 §7.4.1: going away. */
const GOING_AWAY = 1001;

/** One page of the panel: each text message is a request, like a line on the local socket. */
export class WebSession {
  readonly #socket: WebSocket;
  readonly #calls: ApiRequests;
  readonly #pinging: NodeJS.Timeout;
  #isAlive = true;

  constructor(socket: WebSocket, node: Promise<NodeApi>, log: (line: string) => void) {
    this.#socket = socket;
    const api = node.then((started) => new HeldTalk(started, log));
    // Each call reports a node that does not start.
    api.catch(() => undefined);
    const carrier = {
      name: 'the browser panel',
      isOpen: () => socket.readyState === socket.OPEN,
      behind: () => socket.bufferedAmount,
      send: (answer: Answer) => {
        if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(answer));
      },
      hangUp: () => socket.terminate(),
    };
    this.#calls = new ApiRequests({ api, carrier, log });
    socket.on('message', (data, isBinary) => this.#calls.handle(isBinary ? '' : textOf(data)));
    socket.on('pong', () => (this.#isAlive = true));
    // The library ends the connection if a message is too large, not UTF-8, or badly framed.
    socket.on('error', () => undefined);
    socket.on('close', () => {
      clearInterval(this.#pinging);
      this.#calls.end();
      api.then((held) => held.gone()).catch(() => undefined);
    });
    this.#pinging = setInterval(() => this.#ping(), PING_MS);
    this.#pinging.unref();
  }

  /** Sends the pending answers, and closes. */
  end(): void {
    this.#calls.end();
    this.#socket.close(GOING_AWAY);
  }

  #ping(): void {
    if (!this.#isAlive) return this.#socket.terminate();
    this.#isAlive = false;
    this.#socket.ping();
  }
}

function textOf(data: RawData): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString();
  return (data instanceof ArrayBuffer ? Buffer.from(data) : data).toString();
}

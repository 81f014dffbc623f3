import type { Socket } from 'node:net';
import type { NodeApi } from '../../preload/api.ts';
import { ApiRequests, SLOW_BYTES } from './api-requests.ts';
import { HeldTalk } from './held-talk.ts';
import { LineReader } from './lines.ts';
import { MAX_LINE_BYTES, requestLimit, type Answer } from './wire.ts';

interface SocketSessionOptions {
  readonly socket: Socket;
  readonly api: Promise<NodeApi>;
  readonly log: (line: string) => void;
  readonly own: Readonly<Record<string, () => Promise<unknown>>>;
}

/** One client on the local socket; its lines are requests. */
export class SocketSession {
  readonly #socket: Socket;
  readonly #calls: ApiRequests;
  readonly #reader = new LineReader(MAX_LINE_BYTES, requestLimit);

  constructor({ socket, api: node, log, own }: SocketSessionOptions) {
    this.#socket = socket;
    const api = node.then((started) => new HeldTalk(started, log));
    // Each call reports a node that does not start.
    api.catch(() => undefined);
    const carrier = {
      name: 'the local socket',
      isOpen: () => !socket.destroyed,
      behind: () => socket.writableLength,
      send: (answer: Answer) => this.#send(answer),
      hangUp: () => void socket.destroy(),
    };
    this.#calls = new ApiRequests({ api, carrier, log, own });
    socket.on('data', (chunk: Buffer) => this.#read(chunk));
    socket.on('drain', () => socket.resume());
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.#calls.end();
      api.then((held) => held.gone()).catch(() => undefined);
    });
  }

  /** Sends the pending answers, and closes. */
  end(): void {
    this.#calls.end();
    this.#socket.end();
    this.#socket.unref();
  }

  #read(chunk: Buffer): void {
    for (const line of this.#reader.push(chunk)) {
      if (this.#socket.destroyed) return;
      if (typeof line === 'string') this.#calls.handle(line);
      else this.#calls.refuse(null, 'too-long', 'That request is too long.');
    }
  }

  #send(answer: Answer): void {
    if (this.#socket.destroyed || !this.#socket.writable) return;
    // A client that does not read its answers is not read either until it does.
    if (!this.#socket.write(`${JSON.stringify(answer)}\n`) && this.#socket.writableLength > SLOW_BYTES) {
      this.#socket.pause();
    }
  }
}

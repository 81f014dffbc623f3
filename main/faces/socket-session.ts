import type { Socket } from 'node:net';
import type { MethodName, NodeApi, NodeEvent } from '../../preload/api.ts';
import { isMethodName } from '../../preload/api.ts';
import { CorridorError } from '../model/index.ts';
import { LineReader } from './lines.ts';
import { MAX_LINE_BYTES, parseLine, requestLimit, requestSchema, type Answer } from './wire.ts';

/** More calls at once than this are refused. */
const MAX_PENDING = 64;
/** After so many lines that were no requests, it is no face of ours. */
const MAX_GARBAGE = 100;
/** Bytes a reader may be behind: over the first, levels are left out; over the second, it is disconnected. */
const SLOW_BYTES = 256 * 1024;
const LOST_BYTES = 8 * 1024 * 1024;

/** One program on the local socket. Whatever it sends, the node lives. */
export class SocketSession {
  readonly #socket: Socket;
  readonly #api: Promise<NodeApi>;
  readonly #log: (line: string) => void;
  readonly #reader = new LineReader(MAX_LINE_BYTES, requestLimit);
  #pending = 0;
  #garbage = 0;
  #stopEvents: (() => void) | null = null;

  constructor(socket: Socket, api: Promise<NodeApi>, log: (line: string) => void) {
    this.#socket = socket;
    this.#api = api;
    this.#log = log;
    socket.on('data', (chunk: Buffer) => this.#read(chunk));
    socket.on('drain', () => socket.resume());
    socket.on('error', () => undefined);
    socket.on('close', () => this.#stopEvents?.());
  }

  /** Lets what was answered go out, and closes. */
  end(): void {
    this.#stopEvents?.();
    this.#socket.end();
    this.#socket.unref();
  }

  #read(chunk: Buffer): void {
    for (const line of this.#reader.push(chunk)) {
      if (this.#socket.destroyed) return;
      if (typeof line !== 'string') this.#refuse(null, 'too-long', 'That request is too long.');
      else this.#handle(line);
    }
  }

  #handle(line: string): void {
    const request = parseLine(line, requestSchema);
    if (!request) {
      this.#garbage += 1;
      this.#refuse(null, 'bad-request', 'That line is not a request: {"id":1,"method":"status"} is one.');
      if (this.#garbage === MAX_GARBAGE) {
        this.#log(`the local socket: a program that sent ${MAX_GARBAGE} lines of garbage was disconnected`);
        this.#socket.destroy();
      }
      return;
    }
    const { id, method } = request;
    if (method === 'events') {
      void this.#startEvents(id);
    } else if (!isMethodName(method)) {
      this.#refuse(id, 'unknown-method', `There is no method ${method.replace(/[^\w-]/g, '?')}.`);
    } else if (this.#pending >= MAX_PENDING) {
      this.#refuse(id, 'busy', `More than ${MAX_PENDING} calls at once are not taken.`);
    } else {
      void this.#call(id, method, request.args);
    }
  }

  async #call(id: number, method: MethodName, args: unknown): Promise<void> {
    this.#pending += 1;
    try {
      const api = await this.#api;
      // The node checks the arguments by the method's schema; here they are still anything.
      const result = await api.call(method, args as never);
      this.#send({ id, ok: true, result });
    } catch (error) {
      if (!(error instanceof CorridorError)) this.#log(`${method} failed: ${String(error)}`);
      const code = error instanceof CorridorError ? error.code : 'failed';
      this.#refuse(id, code, error instanceof Error ? error.message : String(error));
    } finally {
      this.#pending -= 1;
    }
  }

  async #startEvents(id: number): Promise<void> {
    try {
      const api = await this.#api;
      if (this.#socket.destroyed) return;
      this.#stopEvents ??= api.onEvent((event) => this.#tell(event));
      this.#send({ id, ok: true, result: null });
    } catch (error) {
      this.#refuse(id, 'failed', error instanceof Error ? error.message : String(error));
    }
  }

  #tell(event: NodeEvent): void {
    const behind = this.#socket.writableLength;
    if (behind > LOST_BYTES) {
      this.#log('the local socket: a program that does not read its events was disconnected');
      this.#socket.destroy();
    } else if (event.type !== 'level' || behind <= SLOW_BYTES) {
      this.#send({ event });
    }
  }

  #refuse(id: number | null, code: string, error: string): void {
    this.#send({ id, ok: false, code, error });
  }

  #send(answer: Answer): void {
    if (this.#socket.destroyed || !this.#socket.writable) return;
    // Who does not read its answers is not read either, until it does.
    if (!this.#socket.write(`${JSON.stringify(answer)}\n`) && this.#socket.writableLength > SLOW_BYTES) {
      this.#socket.pause();
    }
  }
}

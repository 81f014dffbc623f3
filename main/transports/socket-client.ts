import { connect, type Socket } from 'node:net';
import type { Arguments, MethodName, NodeApi, NodeEvent, Result } from '../../preload/api.ts';
import { CorridorError } from '../model/index.ts';
import { LineReader } from './lines.ts';
import { socketPlace } from './profile-path.ts';
import { answerSchema, MAX_BULK_LINE_BYTES, parseLine, type Answer } from './wire.ts';

const CONNECT_TIMEOUT_MS = 5000;
/** A node that does not answer for this long is stuck, ms. It is long because one call may read and check a large recording. */
const CALL_TIMEOUT_MS = 60_000;

/** The API of a running node, over a connection. `closed` resolves once the connection has ended for any reason. */
export type RemoteNode = NodeApi & {
  close(): void;
  readonly closed: Promise<void>;
  /** Calls a method of the running program itself, not of the node; see `LocalSocketOptions.own`. */
  ask(what: string): Promise<unknown>;
};

/**
 * Connects to the node that runs with a profile: a headless one or the desktop app. Errors: `no-node` where none does,
 * `not-yours` where it belongs to another user.
 */
export async function connectLocalSocket(profile: string): Promise<RemoteNode> {
  const { path } = socketPlace(profile);
  return new Client(await open(path, profile));
}

interface Pending {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
  readonly timer: NodeJS.Timeout;
}

class Client implements RemoteNode {
  readonly closed: Promise<void>;
  readonly #socket: Socket;
  readonly #reader = new LineReader(MAX_BULK_LINE_BYTES);
  readonly #pending = new Map<number, Pending>();
  readonly #listeners = new Set<(event: NodeEvent) => void>();
  #lastId = 0;
  #subscribed = false;

  constructor(socket: Socket) {
    this.#socket = socket;
    this.closed = new Promise((resolve) => {
      socket.on('close', () => {
        this.#fail(
          new CorridorError('node-gone', 'Corridor ended before it answered. Start it again: corridor node'),
        );
        resolve();
      });
    });
    socket.on('error', () => undefined);
    socket.on('data', (chunk: Buffer) => {
      for (const line of this.#reader.push(chunk)) if (typeof line === 'string') this.#handle(line);
    });
  }

  async call<M extends MethodName>(method: M, args?: Arguments<M>): Promise<Result<M>> {
    // The node runs the same program for the same user, so the answer has the method's form.
    return (await this.#request(method, args)) as Result<M>;
  }

  ask(what: string): Promise<unknown> {
    return this.#request(what, undefined);
  }

  onEvent(listener: (event: NodeEvent) => void): () => void {
    this.#listeners.add(listener);
    if (!this.#subscribed) {
      this.#subscribed = true;
      this.#request('events', undefined).catch(() => undefined);
    }
    return () => this.#listeners.delete(listener);
  }

  close(): void {
    this.#socket.end();
    this.#socket.destroySoon();
  }

  #request(method: string, args: unknown): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (this.#socket.destroyed || this.#socket.writableEnded) {
        reject(
          new CorridorError(
            'node-gone',
            'The connection to Corridor has ended. Start it again: corridor node',
          ),
        );
        return;
      }
      const id = ++this.#lastId;
      const timer = setTimeout(() => {
        this.#pending.delete(id);
        reject(new CorridorError('no-answer', `Corridor did not answer within ${CALL_TIMEOUT_MS / 1000} s.`));
      }, CALL_TIMEOUT_MS);
      this.#pending.set(id, { resolve, reject, timer });
      // The order of the fields matters: by it a long recording is accepted (see `requestLimit`).
      this.#socket.write(`${JSON.stringify({ id, method, args })}\n`);
    });
  }

  #handle(line: string): void {
    const answer = parseLine(line, answerSchema) as Answer | undefined;
    if (!answer) return;
    if ('event' in answer) {
      for (const listener of [...this.#listeners]) listener(answer.event);
      return;
    }
    const pending = answer.id === null ? undefined : this.#pending.get(answer.id);
    if (!pending || answer.id === null) return;
    this.#pending.delete(answer.id);
    clearTimeout(pending.timer);
    if (answer.ok) pending.resolve(answer.result);
    else pending.reject(new CorridorError(answer.code, answer.error, { phrase: null }));
  }

  #fail(error: Error): void {
    for (const { reject, timer } of this.#pending.values()) {
      clearTimeout(timer);
      reject(error);
    }
    this.#pending.clear();
  }
}

function open(path: string, profile: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(path);
    const failed = (error: NodeJS.ErrnoException): void => {
      socket.destroy();
      reject(whyNot(error, profile));
    };
    socket.setTimeout(CONNECT_TIMEOUT_MS, () => failed(new Error('it does not answer')));
    socket.once('error', failed);
    socket.once('connect', () => {
      socket.off('error', failed);
      socket.setTimeout(0);
      resolve(socket);
    });
  });
}

function whyNot(error: NodeJS.ErrnoException, profile: string): CorridorError {
  const options = { cause: error };
  if (error.code === 'EACCES' || error.code === 'EPERM') {
    return new CorridorError(
      'not-yours',
      `The Corridor with the profile ${profile} belongs to another user.`,
      options,
    );
  }
  if (error.code === 'ENOENT' || error.code === 'ECONNREFUSED' || error.code === 'ENOTDIR') {
    return new CorridorError(
      'no-node',
      `No Corridor runs with the profile ${profile}. Start the desktop app, or: corridor node --profile ${profile}`,
      options,
    );
  }
  return new CorridorError('no-node', `Corridor cannot be reached: ${error.message}.`, options);
}

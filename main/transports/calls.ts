import type { MethodName, NodeApi, NodeEvent, Phrase } from '../../preload/api.ts';
import { isMethodName } from '../../preload/api.ts';
import { CorridorError, refusalOf } from '../model/index.ts';
import { parseLine, requestSchema, type Answer } from './wire.ts';

/** More calls at once than this are refused. */
const MAX_PENDING = 64;
/** After so many requests that were none, it is no face of ours. */
const MAX_GARBAGE = 100;
/** Bytes a reader may be behind: over the first, levels are left out; over the second, it is disconnected. */
export const SLOW_BYTES = 256 * 1024;
const LOST_BYTES = 8 * 1024 * 1024;

/** What carries requests and answers: a line of a local socket, a message of a WebSocket. */
export interface Carrier {
  /** For the log. */
  readonly name: string;
  readonly isOpen: () => boolean;
  /** Bytes that were sent and not yet taken. */
  readonly behind: () => number;
  readonly send: (answer: Answer) => void;
  readonly hangUp: () => void;
}

export interface CallsOptions {
  /** The node. While it is still starting, calls wait for it. */
  readonly api: Promise<NodeApi>;
  readonly carrier: Carrier;
  readonly log: (line: string) => void;
  /** What can be asked of this face besides the node's methods. */
  readonly own?: Readonly<Record<string, () => Promise<unknown>>>;
}

/** The calls of one program, and the events it is told. Whatever it sends, the node lives. */
export class Calls {
  readonly #api: Promise<NodeApi>;
  readonly #carrier: Carrier;
  readonly #log: (line: string) => void;
  readonly #own: ReadonlyMap<string, () => Promise<unknown>>;
  #pending = 0;
  #garbage = 0;
  #stopEvents: (() => void) | null = null;

  constructor({ api, carrier, log, own = {} }: CallsOptions) {
    this.#api = api;
    this.#carrier = carrier;
    this.#log = log;
    this.#own = new Map(Object.entries(own));
  }

  /** The program is gone, or is to go: it is told nothing more. */
  end(): void {
    this.#stopEvents?.();
    this.#stopEvents = null;
  }

  refuse(id: number | null, code: string, error: string, phrase: Phrase | null = null): void {
    this.#carrier.send({ id, ok: false, code, error, phrase });
  }

  /** Answers one request, given as JSON text. */
  handle(text: string): void {
    const request = parseLine(text, requestSchema);
    if (!request) {
      this.#garbage += 1;
      this.refuse(null, 'bad-request', 'That line is not a request: {"id":1,"method":"status"} is one.');
      if (this.#garbage === MAX_GARBAGE) {
        const { name } = this.#carrier;
        this.#log(`${name}: a program that sent ${MAX_GARBAGE} lines of garbage was disconnected`);
        this.#carrier.hangUp();
      }
      return;
    }
    const { id, method } = request;
    const own = this.#own.get(method);
    if (method === 'events') {
      void this.#startEvents(id);
    } else if (this.#pending >= MAX_PENDING) {
      this.refuse(id, 'busy', `More than ${MAX_PENDING} calls at once are not taken.`);
    } else if (own) {
      void this.#answer(id, method, own);
    } else if (isMethodName(method)) {
      void this.#answer(id, method, () => this.#call(method, request.args));
    } else {
      this.refuse(id, 'unknown-method', `There is no method ${method.replace(/[^\w-]/g, '?')}.`);
    }
  }

  async #call(method: MethodName, args: unknown): Promise<unknown> {
    const api = await this.#api;
    // The node checks the arguments by the method's schema; here they are still anything.
    return api.call(method, args as never);
  }

  async #answer(id: number, method: string, work: () => Promise<unknown>): Promise<void> {
    this.#pending += 1;
    try {
      this.#carrier.send({ id, ok: true, result: await work() });
    } catch (error) {
      if (!(error instanceof CorridorError)) this.#log(`${method} failed: ${String(error)}`);
      this.#carrier.send({ id, ok: false, ...refusalOf(error) });
    } finally {
      this.#pending -= 1;
    }
  }

  async #startEvents(id: number): Promise<void> {
    try {
      const api = await this.#api;
      if (!this.#carrier.isOpen()) return;
      this.#stopEvents ??= api.onEvent((event) => this.#tell(event));
      this.#carrier.send({ id, ok: true, result: null });
    } catch (error) {
      this.refuse(id, 'failed', error instanceof Error ? error.message : String(error));
    }
  }

  #tell(event: NodeEvent): void {
    const behind = this.#carrier.behind();
    if (behind > LOST_BYTES) {
      this.#log(`${this.#carrier.name}: a program that does not read its events was disconnected`);
      this.#carrier.hangUp();
    } else if (event.type !== 'level' || behind <= SLOW_BYTES) {
      this.#carrier.send({ event });
    }
  }
}

import type { MethodName, NodeApi, NodeEvent, Phrase } from '../../preload/api.ts';
import { isMethodName } from '../../preload/api.ts';
import { CorridorError, refusalOf, whyOf } from '../model/index.ts';
import { parseLine, requestSchema, type Answer } from './wire.ts';

/** More calls at once than this are refused. */
const MAX_PENDING = 64;
/** A client that has sent this many invalid requests is disconnected. */
const MAX_GARBAGE = 100;
/** How many bytes a client may be behind. Over the first limit, level events are skipped; over the second, it is disconnected. */
export const SLOW_BYTES = 256 * 1024;
const LOST_BYTES = 8 * 1024 * 1024;

/** The connection that carries requests and answers: lines of a local socket, or messages of a WebSocket. */
interface Carrier {
  /** For the log. */
  readonly name: string;
  readonly isOpen: () => boolean;
  /** The bytes that were sent and the client has not taken yet. */
  readonly behind: () => number;
  readonly send: (answer: Answer) => void;
  readonly hangUp: () => void;
}

interface ApiRequestsOptions {
  /** The node's API. While the node is starting, calls wait for it. */
  readonly api: Promise<NodeApi>;
  readonly carrier: Carrier;
  readonly log: (line: string) => void;
  /** Methods of this transport itself, besides the node's. */
  readonly own?: Readonly<Record<string, () => Promise<unknown>>>;
}

/** The API calls of one client, and the events that it gets. Nothing that a client sends can stop the node. */
export class ApiRequests {
  readonly #api: Promise<NodeApi>;
  readonly #carrier: Carrier;
  readonly #log: (line: string) => void;
  readonly #own: ReadonlyMap<string, () => Promise<unknown>>;
  #pending = 0;
  #garbage = 0;
  #stopEvents: (() => void) | null = null;

  constructor({ api, carrier, log, own = {} }: ApiRequestsOptions) {
    this.#api = api;
    this.#carrier = carrier;
    this.#log = log;
    this.#own = new Map(Object.entries(own));
  }

  /** The client has disconnected, or will be: sends no more events. */
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
    // The arguments are unchecked here; the node checks them by the method's schema.
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
      this.refuse(id, 'failed', whyOf(error));
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

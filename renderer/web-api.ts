import type {
  Arguments,
  MethodName,
  NodeApi,
  NodeEvent,
  Refusal,
  Reply,
  Result,
  Phrase,
} from '../preload/api.ts';

/** connecting: at first; lost: reconnecting automatically; refused: only a new address helps. */
type LinkState = 'connecting' | 'open' | 'lost' | 'refused';

/** The form of the token after `#` in the page's address, and of a session's secret. */
const SECRET = /^[A-Za-z0-9_-]{32}$/;
/** The key of the session in the tab's own storage, which ends with the tab. */
const KEPT = 'corridor-session';
const SUBPROTOCOL = 'corridor';
const FIRST_RETRY_MS = 300;
const LAST_RETRY_MS = 4000;

/** A refusal of the node, with its code. */
class Refused extends Error {
  readonly code: string;
  readonly phrase: Phrase | null;
  constructor({ code, error, phrase }: Refusal) {
    super(error);
    this.code = code;
    this.phrase = phrase;
  }
}

interface Pending {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

/**
 * The node's API for a page in a browser: over a WebSocket to the node that served the page, opened again whenever it is
 * lost. The address's one-time token is exchanged for a session, and removed from the address bar.
 */
export class WebApi implements NodeApi {
  state: LinkState = 'connecting';
  /** The error of a call while there is no connection. */
  readonly #lost: () => string;
  readonly #listeners = new Set<(event: NodeEvent) => void>();
  readonly #stateListeners = new Set<(state: LinkState) => void>();
  readonly #pending = new Map<number, Pending>();
  /** Calls from before the first connection. */
  #waiting: (() => void)[] = [];
  #socket: WebSocket | undefined;
  #session: string | null = null;
  #lastId = 0;
  #retryMs = FIRST_RETRY_MS;

  constructor(lost: () => string) {
    this.#lost = lost;
    // Pasting another address into the same tab changes only the part after `#`.
    window.addEventListener('hashchange', () => location.reload());
    void this.#enter();
  }

  async call<M extends MethodName>(method: M, args?: Arguments<M>): Promise<Result<M>> {
    if (this.state === 'connecting') await new Promise<void>((resolve) => this.#waiting.push(resolve));
    return (await this.#ask(method, args)) as Result<M>;
  }

  onEvent(listener: (event: NodeEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  onState(listener: (state: LinkState) => void): () => void {
    this.#stateListeners.add(listener);
    return () => this.#stateListeners.delete(listener);
  }

  /** Exchanges the token; a tab that was reloaded has its session still. */
  async #enter(): Promise<void> {
    const token = location.hash.slice(1);
    history.replaceState(null, '', location.pathname);
    this.#session = sessionStorage.getItem(KEPT);
    if (SECRET.test(token)) {
      const answer = await fetch('/session', {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ token }),
      }).catch(() => undefined);
      if (answer?.ok) {
        this.#session = ((await answer.json()) as { session: string }).session;
        sessionStorage.setItem(KEPT, this.#session);
      }
    }
    await this.#connect();
  }

  async #connect(): Promise<void> {
    const session = this.#session;
    if (session === null) {
      this.#turn('refused');
      return;
    }
    // A WebSocket does not say why it was refused; this does.
    const headers = { Authorization: `Bearer ${session}` };
    const answer = await fetch('/session', { headers }).catch(() => undefined);
    if (answer?.status === 401) {
      sessionStorage.removeItem(KEPT);
      this.#turn('refused');
      return;
    }
    if (!answer?.ok) {
      this.#retry();
      return;
    }
    const socket = new WebSocket(`ws://${location.host}/api`, [SUBPROTOCOL, session]);
    this.#socket = socket;
    socket.onopen = () => {
      this.#retryMs = FIRST_RETRY_MS;
      // Events are requested first, so that nothing after an answer is missed.
      this.#send('events', undefined).catch(() => undefined);
      this.#turn('open');
    };
    socket.onmessage = ({ data }) => this.#read(String(data));
    socket.onclose = () => this.#retry();
  }

  #retry(): void {
    this.#socket = undefined;
    for (const { reject } of this.#pending.values()) reject(this.#refusal());
    this.#pending.clear();
    this.#turn('lost');
    setTimeout(() => void this.#connect(), this.#retryMs);
    this.#retryMs = Math.min(LAST_RETRY_MS, this.#retryMs * 2);
  }

  #turn(state: LinkState): void {
    if (this.state === state) return;
    this.state = state;
    for (const resume of this.#waiting.splice(0)) resume();
    for (const listener of this.#stateListeners) listener(state);
  }

  #ask(method: string, args: unknown): Promise<unknown> {
    if (this.#socket?.readyState === WebSocket.OPEN) return this.#send(method, args);
    return Promise.reject(this.#refusal());
  }

  /** A refusal by the panel itself, in its own language. */
  #refusal(): Refused {
    return new Refused({ code: 'lost', error: this.#lost(), phrase: null });
  }

  #send(method: string, args: unknown): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const id = ++this.#lastId;
      this.#pending.set(id, { resolve, reject });
      this.#socket?.send(JSON.stringify({ id, method, args }));
    });
  }

  #read(text: string): void {
    const message = JSON.parse(text) as { event: NodeEvent } | ({ id: number | null } & Reply<unknown>);
    if ('event' in message) {
      for (const listener of this.#listeners) listener(message.event);
      return;
    }
    const pending = message.id === null ? undefined : this.#pending.get(message.id);
    if (!pending || message.id === null) return;
    this.#pending.delete(message.id);
    if (message.ok) pending.resolve(message.result);
    else pending.reject(new Refused(message));
  }
}

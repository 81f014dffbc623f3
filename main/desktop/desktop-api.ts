import type {
  Arguments,
  MethodName,
  NodeApi,
  NodeEvent,
  Result,
  Status,
  Trouble,
} from '../../preload/api.ts';
import type { LocalizedText } from '../../i18n/index.ts';

/** The node's API with the desktop's own troubles among the node's: panel, tray and command line show both alike. */
export class DesktopApi implements NodeApi {
  readonly #node: NodeApi;
  readonly #troubles = new Map<string, LocalizedText>();
  readonly #listeners = new Set<(event: NodeEvent) => void>();

  constructor(node: NodeApi) {
    this.#node = node;
    node.onEvent((event) => {
      this.#publish(event.type === 'status' ? { ...event, status: this.#completed(event.status) } : event);
    });
  }

  async call<M extends MethodName>(method: M, args?: Arguments<M>): Promise<Result<M>> {
    const result: unknown = await this.#node.call(method, args);
    return (isStatus(result) ? this.#completed(result) : result) as Result<M>;
  }

  onEvent(listener: (event: NodeEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Sets a trouble of the desktop; `text` undefined: the trouble is over. */
  setTrouble(code: string, text: LocalizedText | undefined): void {
    if (this.#troubles.get(code)?.sentence === text?.sentence) return;
    if (text === undefined) this.#troubles.delete(code);
    else this.#troubles.set(code, text);
    void this.call('status').then((status) => this.#publish({ type: 'status', at: Date.now(), status }));
  }

  #completed(status: Status): Status {
    const own: Trouble[] = [...this.#troubles].map(([code, text]) => ({ code, ...text }));
    return { ...status, troubles: [...status.troubles, ...own] };
  }

  #publish(event: NodeEvent): void {
    for (const listener of this.#listeners) listener(event);
  }
}

/** `status` and several methods that change the status answer with it. */
function isStatus(result: unknown): result is Status {
  return typeof result === 'object' && result !== null && 'troubles' in result && 'presence' in result;
}

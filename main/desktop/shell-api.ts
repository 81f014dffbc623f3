import type {
  Arguments,
  MethodName,
  NodeApi,
  NodeEvent,
  Result,
  Status,
  Trouble,
} from '../../preload/api.ts';

/** The node's API with what is wrong on the desktop told beside what is wrong in the node: a person need not care which. */
export class ShellApi implements NodeApi {
  readonly #node: NodeApi;
  readonly #troubles = new Map<string, string>();
  readonly #listeners = new Set<(event: NodeEvent) => void>();

  constructor(node: NodeApi) {
    this.#node = node;
    node.onEvent((event) =>
      this.#tell(event.type === 'status' ? { ...event, status: this.#with(event.status) } : event),
    );
  }

  async call<M extends MethodName>(method: M, args?: Arguments<M>): Promise<Result<M>> {
    const result = await this.#node.call(method, args);
    return isStatus(method, result) ? (this.#with(result) as Result<M>) : result;
  }

  onEvent(listener: (event: NodeEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** null: mended. */
  async trouble(code: string, sentence: string | null): Promise<void> {
    if ((this.#troubles.get(code) ?? null) === sentence) return;
    if (sentence === null) this.#troubles.delete(code);
    else this.#troubles.set(code, sentence);
    this.#tell({ type: 'status', at: Date.now(), status: await this.call('status') });
  }

  #with(status: Status): Status {
    const own: Trouble[] = [...this.#troubles].map(([code, sentence]) => ({ code, sentence }));
    return { ...status, troubles: [...status.troubles, ...own] };
  }

  #tell(event: NodeEvent): void {
    for (const listener of this.#listeners) listener(event);
  }
}

function isStatus(method: MethodName, _result: unknown): _result is Status {
  return method === 'status' || method === 'setup' || method === 'setPresence' || method === 'setSound';
}

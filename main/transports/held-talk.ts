import type { Arguments, MethodName, NodeApi, Result } from '../../preload/api.ts';

/**
 * The API for a client that can disappear while its talk key is held, such as a browser or a command: its talk ends then, unless it was
 * `isLatched`.
 */
export class HeldTalk implements NodeApi {
  readonly #node: NodeApi;
  readonly #log: (line: string) => void;
  #talk: string | null = null;
  #isGone = false;

  constructor(node: NodeApi, log: (line: string) => void) {
    this.#node = node;
    this.#log = log;
  }

  async call<M extends MethodName>(method: M, args?: Arguments<M>): Promise<Result<M>> {
    if (method === 'talkRelease') this.#talk = null;
    const result = await this.#node.call(method, args);
    if (method === 'talkPress' && !isLatched(args)) {
      this.#talk = (result as Result<'talkPress'>).id;
      if (this.#isGone) await this.#release();
    }
    return result;
  }

  onEvent(listener: Parameters<NodeApi['onEvent']>[0]): () => void {
    return this.#node.onEvent(listener);
  }

  /** The client has disappeared. */
  gone(): void {
    this.#isGone = true;
    void this.#release();
  }

  /** Releases the talk key, if the present talk is still the one that this client began. */
  async #release(): Promise<void> {
    const talk = this.#talk;
    this.#talk = null;
    if (talk === null) return;
    try {
      const { talking } = await this.#node.call('status');
      if (talking?.pressed === talk) await this.#node.call('talkRelease');
    } catch (error) {
      this.#log(`a talk whose browser or command is gone could not be ended: ${String(error)}`);
    }
  }
}

/** @param args unchecked, unless the node has taken them */
function isLatched(args: unknown): boolean {
  return (args as Arguments<'talkPress'> | undefined)?.isLatched === true;
}

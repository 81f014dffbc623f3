import type { NodeId } from '../model/index.ts';

/** What a colleague can send too much of. */
export type Excess = 'messages at once' | 'notifications' | 'messages for nobody';

/** How often something of a colleague was dropped because it was too much. Only of nodes whose signature was seen. */
export class Overruns {
  readonly #dropped = new Map<NodeId, number>();
  readonly #told = new Set<string>();
  readonly #log: (line: string) => void;

  constructor(log: (line: string) => void) {
    this.#log = log;
  }

  tell(node: NodeId, what: Excess): void {
    this.#dropped.set(node, this.droppedOf(node) + 1);
    const key = `${node} ${what}`;
    if (this.#told.has(key)) return;
    this.#told.add(key);
    this.#log(`${node} sends too much (${what}). What is too much is dropped and counted.`);
  }

  droppedOf(node: NodeId): number {
    return this.#dropped.get(node) ?? 0;
  }

  /** The worst first. */
  list(): readonly { readonly node: NodeId; readonly dropped: number }[] {
    return [...this.#dropped]
      .map(([node, dropped]) => ({ node, dropped }))
      .sort((a, b) => b.dropped - a.dropped);
  }
}

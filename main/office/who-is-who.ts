import type { Standing } from '../identity/index.ts';
import type { NodeId } from '../model/index.ts';

/** A standing, looked up by person. */
export class WhoIsWho {
  readonly #nodes = new Map<NodeId, NodeId[]>();
  readonly #extensions: ReadonlyMap<NodeId, string>;

  constructor({ members, extensions }: Standing) {
    for (const { node, person } of members.values()) {
      const theirs = this.#nodes.get(person);
      if (theirs) theirs.push(node);
      else this.#nodes.set(person, [node]);
    }
    this.#extensions = new Map([...extensions].map(([number, person]) => [person, number]));
  }

  nodesOf(person: NodeId): readonly NodeId[] {
    return this.#nodes.get(person) ?? [];
  }

  extensionOf(person: NodeId): string | undefined {
    return this.#extensions.get(person);
  }
}

import type { Endpoints, NodeId } from '../model/index.ts';

/** Where nodes listen: by their own believed beats, else by what others say of them. */
export class KnownEndpoints {
  readonly #believed = new Map<NodeId, Endpoints>();
  readonly #said = new Map<NodeId, Endpoints>();
  /** Nodes of which a beat said where they are, and nothing else did: given up where nobody answers there. */
  readonly #hinted = new Set<NodeId>();

  /** By the node's own last beat, which was believed. */
  believed(node: NodeId): Endpoints | undefined {
    return this.#believed.get(node);
  }

  /** The same, or what another said of it: good for a link, which proves who answers. */
  of(node: NodeId): Endpoints | undefined {
    return this.#believed.get(node) ?? this.#said.get(node);
  }

  /** A packet of the node was believed. */
  answered(node: NodeId): void {
    this.#hinted.delete(node);
  }

  believe(node: NodeId, endpoints: Endpoints): void {
    this.#believed.set(node, endpoints);
  }

  /** Its record, or a colleague, says so. */
  say(node: NodeId, endpoints: Endpoints): void {
    this.#hinted.delete(node);
    this.#said.set(node, endpoints);
  }

  /** A beat of another node says so. */
  hint(node: NodeId, endpoints: Endpoints): void {
    if (!this.of(node)) this.#hinted.add(node);
    this.#said.set(node, endpoints);
  }

  /** Nobody answers where a beat said that the node is. False: more than a beat said so. */
  giveUp(node: NodeId): boolean {
    return this.#hinted.delete(node) && this.#said.delete(node);
  }

  forget(node: NodeId): void {
    this.#believed.delete(node);
    this.#said.delete(node);
    this.#hinted.delete(node);
  }
}

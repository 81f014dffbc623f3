import type { Endpoints, NodeId } from '../model/index.ts';

/** The endpoints at which nodes listen: by their own believed beats, otherwise as others name them. */
export class KnownEndpoints {
  readonly #believed = new Map<NodeId, Endpoints>();
  readonly #said = new Map<NodeId, Endpoints>();
  /** Nodes whose endpoints only another node's beat named. They are given up if nobody answers there. */
  readonly #hinted = new Set<NodeId>();

  /** By the node's own latest believed beat. */
  believed(node: NodeId): Endpoints | undefined {
    return this.#believed.get(node);
  }

  /** The same, or as another node named them: enough for a link, whose handshake proves who answers. */
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

  /** The node's record, or a colleague, names them. */
  say(node: NodeId, endpoints: Endpoints): void {
    this.#hinted.delete(node);
    this.#said.set(node, endpoints);
  }

  /** Another node's beat names them. */
  hint(node: NodeId, endpoints: Endpoints): void {
    if (!this.of(node)) this.#hinted.add(node);
    this.#said.set(node, endpoints);
  }

  /** Forgets endpoints at which nobody answers and which only a beat named. False: they were named otherwise too, and stay. */
  giveUp(node: NodeId): boolean {
    return this.#hinted.delete(node) && this.#said.delete(node);
  }

  forget(node: NodeId): void {
    this.#believed.delete(node);
    this.#said.delete(node);
    this.#hinted.delete(node);
  }
}

import type { Clock, MessageId, NodeId } from '../model/index.ts';

/** A node that was asked to keep a message is not asked again before this, ms. */
const ASK_AGAIN_MS = 10 * 60 * 1000;

/** A request to a node to keep a message. While it lasts, the node may fetch the message and report that it holds it. */
interface Asked {
  /** When the node was asked, by the clock that never goes back, ms. */
  readonly at: number;
  readonly store: string | undefined;
}

/** Which nodes were asked to keep which of this node's messages. */
export class AskedKeepers {
  readonly #clock: Pick<Clock, 'monotonic'>;
  readonly #asked = new Map<MessageId, Map<NodeId, Asked>>();

  constructor(clock: Pick<Clock, 'monotonic'>) {
    this.#clock = clock;
  }

  has(id: MessageId, node: NodeId): boolean {
    return this.#asked.get(id)?.has(node) ?? false;
  }

  /** Whether it was asked not long ago, and has that store still. */
  wasAsked(id: MessageId, node: NodeId, store: string | undefined): boolean {
    const before = this.#asked.get(id)?.get(node);
    const isLate = !before || before.at <= this.#clock.monotonic() - ASK_AGAIN_MS;
    return !isLate && before.store === store;
  }

  add(id: MessageId, node: NodeId, store: string | undefined): void {
    const asked = this.#asked.get(id) ?? new Map<NodeId, Asked>();
    this.#asked.set(id, asked.set(node, { at: this.#clock.monotonic(), store }));
  }

  /** It may be asked again at once: it was out of reach, or has made room since. */
  mayAskAgain(node: NodeId, id?: MessageId): void {
    for (const [of, asked] of this.#asked) {
      const one = asked.get(node);
      if (one && (id === undefined || of === id)) asked.set(node, { ...one, at: -Infinity });
    }
  }

  /** Nobody need keep the message any more. Returns who was asked to. */
  forget(id: MessageId): Iterable<NodeId> {
    const nodes = this.#asked.get(id)?.keys() ?? [];
    this.#asked.delete(id);
    return nodes;
  }
}

import type { PeerHealth } from '../election/index.ts';
import type { NodeId } from '../model/index.ts';

/** The set is computed at most this often, ms: it is asked for at every connection, and a flood makes many. */
const LOOK_EVERY_MS = 1000;

interface FavouredAddressesParts {
  readonly health: () => readonly Pick<PeerHealth, 'node' | 'alive'>[];
  /** The IP address that a node's beats come from. */
  readonly addressOf: (node: NodeId) => string | undefined;
  /** Milliseconds. */
  readonly now: () => number;
}

/** The IP addresses of nodes that are alive. Connections from there probably come from members. */
export class FavouredAddresses {
  readonly #parts: FavouredAddressesParts;
  #addresses: ReadonlySet<string> = new Set();
  #lookedAt = -Infinity;

  constructor(parts: FavouredAddressesParts) {
    this.#parts = parts;
  }

  has(address: string): boolean {
    const { health, addressOf, now } = this.#parts;
    if (now() - this.#lookedAt >= LOOK_EVERY_MS) {
      this.#lookedAt = now();
      this.#addresses = new Set(
        health().flatMap(({ node, alive }) => (alive ? (addressOf(node) ?? []) : [])),
      );
    }
    return this.#addresses.has(address);
  }
}

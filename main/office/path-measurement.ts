import type { PeerHealth } from '../election/index.ts';
import type { NodeId, Schedule } from '../model/index.ts';
import { Probes } from './probes.ts';

/** At most this many nodes are asked at once; the others of a large office are asked next time. */
const MAX_ASKED = 64;
/** How long the first answers are awaited, ms; on a LAN they come sooner. */
const FIRST_ANSWER_MS = 80;

/** The network path to one node and back. Undefined: not measured yet. */
export interface Path {
  readonly latencyMs: number | undefined;
  /** The share of the last beats that was lost, 0 to 1. */
  readonly loss: number | undefined;
}

interface PathMeasurementParts {
  readonly health: () => readonly PeerHealth[];
  /** False: the node's address is unknown, so it could not be asked. */
  readonly ask: (node: NodeId) => boolean;
  /** Whether that node sends beats to this one anyway, often enough to count the loss. */
  readonly beatsToMe: (node: NodeId) => boolean;
  /** Monotonic, ms: the clock of `health`. */
  readonly now: () => number;
  readonly schedule: Schedule;
  /** Calls the listener when `health` may have another answer. Returns a function that ends this. */
  readonly onHeard: (listener: () => void) => () => void;
}

/** Latency and loss to each colleague's computer. Nodes that do not send beats to this one are asked. */
export class PathMeasurement {
  readonly #parts: PathMeasurementParts;
  readonly #probes = new Probes();
  #turn = 0;

  constructor(parts: PathMeasurementParts) {
    this.#parts = parts;
  }

  /** The latest measurements of these nodes. Asks each of them again, for the next call. */
  measure(nodes: readonly NodeId[]): ReadonlyMap<NodeId, Path> {
    const { health, ask, beatsToMe, now } = this.#parts;
    const peers = new Map(health().map((peer) => [peer.node, peer]));
    const at = now();
    this.#probes.keepOnly(new Set(nodes));
    const paths = new Map<NodeId, Path>();
    const turn = new Set(this.#nextOf(nodes));
    for (const node of nodes) {
      const peer = peers.get(node);
      this.#probes.answered(node, peer?.echoedAt);
      const loss = peer && beatsToMe(node) ? peer.loss : this.#probes.loss(node, at);
      paths.set(node, { latencyMs: peer?.roundTripMs, loss });
      if (!turn.has(node) || this.#probes.isWaiting(node, at)) continue;
      if (ask(node)) this.#probes.asked(node, at);
    }
    return paths;
  }

  /** The same, but waits a moment for nodes that were never measured. */
  async measureAll(nodes: readonly NodeId[]): Promise<ReadonlyMap<NodeId, Path>> {
    const paths = this.measure(nodes);
    if (nodes.every((node) => paths.get(node)?.latencyMs !== undefined)) return paths;
    await this.#firstAnswers(nodes);
    return this.measure(nodes);
  }

  #firstAnswers(nodes: readonly NodeId[]): Promise<void> {
    const { health, schedule, onHeard } = this.#parts;
    return new Promise((resolve) => {
      const end = (): void => {
        stop();
        cancel();
        resolve();
      };
      const cancel = schedule(end, FIRST_ANSWER_MS);
      const stop = onHeard(() => {
        const answered = new Set(
          health().flatMap((peer) => (peer.roundTripMs === undefined ? [] : peer.node)),
        );
        if (nodes.every((node) => answered.has(node))) end();
      });
    });
  }

  #nextOf(nodes: readonly NodeId[]): readonly NodeId[] {
    if (nodes.length <= MAX_ASKED) return nodes;
    const from = this.#turn % nodes.length;
    this.#turn = from + MAX_ASKED;
    return [...nodes, ...nodes].slice(from, from + MAX_ASKED);
  }
}

import { BUDGETS, type Clock, type Emitter, type NodeId, PeerBudget } from '../model/index.ts';
import type { MessageEvents } from './events.ts';

interface LogOfPeersParts {
  readonly clock: Clock;
  readonly events: Emitter<MessageEvents>;
  readonly log: (line: string) => void;
}

/** Writes the log lines that other nodes cause, a few for each node. Lines beyond that are counted, and shown on the health page. */
export class LogOfPeers {
  readonly #parts: LogOfPeersParts;
  readonly #budget = new PeerBudget(BUDGETS.logLines);

  constructor(parts: LogOfPeersParts) {
    this.#parts = parts;
  }

  /** Logs a line that `peer` caused. */
  say(peer: NodeId, line: string): void {
    const { clock, events, log } = this.#parts;
    if (this.#budget.take(peer, clock.monotonic())) log(line);
    else events.emit('over', { node: peer, budget: 'logLines' });
  }
}

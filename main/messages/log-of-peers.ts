import { BUDGETS, type Clock, type Emitter, type NodeId, PeerBudget } from '../model/index.ts';
import type { MessageEvents } from './events.ts';

export interface LogOfPeersParts {
  readonly clock: Clock;
  readonly events: Emitter<MessageEvents>;
  readonly log: (line: string) => void;
}

/** Lines of the log that other nodes cause: a few for each. What exceeds that is counted, and shown on the health page. */
export class LogOfPeers {
  readonly #parts: LogOfPeersParts;
  readonly #budget = new PeerBudget(BUDGETS.logLines);

  constructor(parts: LogOfPeersParts) {
    this.#parts = parts;
  }

  /** `peer` sent what the line is about. */
  say(peer: NodeId, line: string): void {
    const { clock, events, log } = this.#parts;
    if (this.#budget.take(peer, clock.monotonic())) log(line);
    else events.emit('over', { node: peer, budget: 'logLines' });
  }
}

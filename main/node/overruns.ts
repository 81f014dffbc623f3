import type { BudgetName, Clock, NodeId } from '../model/index.ts';

/** How long the health page tells of it, ms. */
const TELL_MS = 10 * 60_000;
/** More nodes than an office has. */
const MAX_NODES = 1000;

/** What one colleague's computer sent beyond the budgets of this one. */
interface Overrun {
  readonly node: NodeId;
  /** How many frames waited or were left out. */
  readonly count: number;
}

/** The nodes that sent more than this node takes: counted for each node, and logged once for each node and budget. */
export class Overruns {
  readonly #clock: Clock;
  readonly #log: (line: string) => void;
  readonly #byNode = new Map<NodeId, { count: number; lastAt: number; readonly told: Set<BudgetName> }>();

  constructor(clock: Clock, log: (line: string) => void) {
    this.#clock = clock;
    this.#log = log;
  }

  add(node: NodeId, budget: BudgetName): void {
    const now = this.#clock.monotonic();
    const known = this.#byNode.get(node) ?? { count: 0, lastAt: now, told: new Set() };
    if (now - known.lastAt > TELL_MS) known.count = 0;
    known.count += 1;
    known.lastAt = now;
    if (this.#byNode.size >= MAX_NODES && !this.#byNode.has(node)) return;
    this.#byNode.set(node, known);
    if (known.told.has(budget)) return;
    known.told.add(budget);
    this.#log(`${node} sends more than this node takes (${budget}). More of the same is counted only.`);
  }

  /** Of the last minutes, the worst first. */
  get recent(): Overrun[] {
    const since = this.#clock.monotonic() - TELL_MS;
    return [...this.#byNode]
      .filter(([, { lastAt }]) => lastAt >= since)
      .map(([node, { count }]) => ({ node, count }))
      .sort((a, b) => b.count - a.count);
  }
}

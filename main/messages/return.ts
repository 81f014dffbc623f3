import type { Clock, MessageId, Random, Schedule } from '../model/index.ts';
import type { OfficePort } from './ports.ts';

/**
 * A node that had no link for this long has been away, ms. After a shorter time, as at a change of the switch, it has missed nothing.
 */
const AWAY_MS = 10_000;
/** Each node asks the standby at a random moment within this time, ms, in case all nodes come at once, as in the morning. */
const SPREAD_MS = 10_000;

interface ReturnParts {
  readonly office: OfficePort;
  /** This person's messages that somebody has yet to hear. */
  readonly lacking: () => MessageId[];
  readonly clock: Clock;
  readonly schedule: Schedule;
  readonly random: Random;
}

/** When this node comes back, it asks the standby as well for messages that wait for it, since the switch may withhold some. */
export class Return {
  readonly #parts: ReturnParts;
  #lostAt: number | undefined = -Infinity;
  #cancel: (() => void) | undefined;

  constructor(parts: ReturnParts) {
    this.#parts = parts;
  }

  /** The link to the switch is up. */
  linkUp(): void {
    const { clock, schedule, random } = this.#parts;
    const wasAway = this.#lostAt !== undefined && clock.monotonic() - this.#lostAt >= AWAY_MS;
    this.#lostAt = undefined;
    if (!wasAway) return;
    this.#cancel?.();
    // By then it is also known which node is the standby.
    this.#cancel = schedule(() => void this.#ask(), SPREAD_MS * (0.1 + 0.9 * random.fraction()));
  }

  linkDown(): void {
    this.#lostAt ??= this.#parts.clock.monotonic();
  }

  close(): void {
    this.#cancel?.();
  }

  async #ask(): Promise<void> {
    const { office, lacking } = this.#parts;
    const { self, switchNode, standbyNode } = office;
    if (standbyNode === undefined || standbyNode === self || switchNode === self) return;
    // A node of an earlier version, whose record names no store, takes every link for one of a node that follows it as the switch.
    if (office.storeIdOf(standbyNode) === undefined) return;
    (await office.reach(standbyNode))?.send({ type: 'inbox', receiptsOf: lacking() });
  }
}

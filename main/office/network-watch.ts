import { isMeant, type LanInterface } from '../discovery/index.ts';
import type { Schedule } from '../model/index.ts';

/** The computer's addresses are read at this interval, ms; that takes well under a millisecond. */
const LOOK_EVERY_MS = 3000;
/** If a look comes this much later than it was due, ms, the computer has slept. */
const SLEPT_MS = 20_000;

export type ComputerChange = 'network' | 'wake';

/**
 * Compares one look at the computer's addresses with the next. A network that comes up changes several times within a second, so a
 * change is reported when two looks find the same. Pure.
 */
export class ComputerChanges {
  #told: string | undefined;
  #seen: string | undefined;
  #due: number | undefined;

  readonly #chosen: readonly string[];

  /** @param chosen the interfaces that a person chose, by address or name */
  constructor(chosen: readonly string[] = []) {
    this.#chosen = chosen;
  }

  /**
   * `interfaces`: the likeliest first. `now`: ms of a clock that goes on while the computer sleeps. `everyMs`: when the next look is due.
   */
  look(
    interfaces: readonly LanInterface[],
    now: number,
    everyMs: number = LOOK_EVERY_MS,
  ): ComputerChange | undefined {
    const slept = this.#due !== undefined && now - this.#due > SLEPT_MS;
    this.#due = now + everyMs;
    const found = describe(interfaces, this.#chosen);
    const settled = found === this.#seen;
    this.#seen = found;
    if (this.#told === undefined) this.#told = found;
    else if (settled && found !== this.#told) {
      this.#told = found;
      return 'network';
    }
    return slept ? 'wake' : undefined;
  }
}

interface NetworkWatchParts {
  /** The likeliest first. */
  readonly interfaces: () => readonly LanInterface[];
  /** The interfaces that a person chose, by address or name. */
  readonly chosen: readonly string[];
  /** Milliseconds of a clock that goes on while the computer sleeps. */
  readonly now: () => number;
  readonly schedule: Schedule;
  readonly everyMs?: number;
}

/** Watches the computer's addresses, and reports when they have changed or the computer has slept. Returns a function that stops it. */
export function watchNetwork(
  changed: (change: ComputerChange) => void,
  { interfaces, chosen, now, schedule, everyMs = LOOK_EVERY_MS }: NetworkWatchParts,
): () => void {
  const changes = new ComputerChanges(chosen);
  let cancel: () => void = () => undefined;
  const look = (): void => {
    const change = changes.look(interfaces(), now(), everyMs);
    if (change) changed(change);
    cancel = schedule(look, everyMs);
  };
  look();
  return () => cancel();
}

/**
 * Describes the real networks, and the interface that is used. Of the others, containers and tunnels come and go without effect on the
 * office.
 */
function describe(interfaces: readonly LanInterface[], chosen: readonly string[]): string {
  const isUsed = (one: LanInterface, place: number): boolean =>
    chosen.length === 0 ? place === 0 : chosen.some((wanted) => isMeant(one, wanted));
  return interfaces
    .filter((one, place) => !one.loopback && (!one.virtual || isUsed(one, place)))
    .map(({ name, address, netmask }) => `${name} ${address} ${netmask}`)
    .sort()
    .join(', ');
}

import type { LanInterface } from '../discovery/index.ts';
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

  /** `now`: ms of a clock that goes on while the computer sleeps. `everyMs`: when the next look is due. */
  look(
    interfaces: readonly LanInterface[],
    now: number,
    everyMs: number = LOOK_EVERY_MS,
  ): ComputerChange | undefined {
    const slept = this.#due !== undefined && now - this.#due > SLEPT_MS;
    this.#due = now + everyMs;
    const found = describe(interfaces);
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
  readonly interfaces: () => readonly LanInterface[];
  /** Milliseconds of a clock that goes on while the computer sleeps. */
  readonly now: () => number;
  readonly schedule: Schedule;
  readonly everyMs?: number;
}

/** Watches the computer's addresses, and reports when they have changed or the computer has slept. Returns a function that stops it. */
export function watchNetwork(
  changed: (change: ComputerChange) => void,
  { interfaces, now, schedule, everyMs = LOOK_EVERY_MS }: NetworkWatchParts,
): () => void {
  const changes = new ComputerChanges();
  let cancel: () => void = () => undefined;
  const look = (): void => {
    const change = changes.look(interfaces(), now(), everyMs);
    if (change) changed(change);
    cancel = schedule(look, everyMs);
  };
  look();
  return () => cancel();
}

/** Describes the real networks alone, since containers and tunnels come and go without effect on the office. */
function describe(interfaces: readonly LanInterface[]): string {
  return interfaces
    .filter(({ virtual, loopback }) => !virtual && !loopback)
    .map(({ name, address, netmask }) => `${name} ${address} ${netmask}`)
    .sort()
    .join(', ');
}

import type { Clock, KnownNode, Schedule } from '../model/index.ts';
import type { ReachableSets } from './ports.ts';
import type { SenderKeys } from './sender-keys.ts';

/** After news the keys are looked at once more has come, ms. */
const SETTLE_MS = 1_000;
/** Without news they are looked at this often, since they are renewed by age, ms. */
const LOOK_AGAIN_MS = 60 * 60_000;
/**
 * This many keys are wrapped ahead for all sets of people together: a second of work each day, and half a megabyte. The sets that come
 * after these get theirs at key down.
 */
export const MAX_READY = 2_000;
/** Between two rounds this much time passes for each key that was wrapped, ms: wrapping one takes a thirtieth of it. */
const PAUSE_MS = 20;

interface ReadyKeysParts {
  readonly senderKeys: Pick<SenderKeys, 'prepare'>;
  readonly clock: Clock;
  readonly schedule: Schedule;
  readonly log: (line: string) => void;
}

/**
 * Has sender keys made ahead for all whom one key press can reach: for a page, a group, a favourite. They depend on who is a member, and not
 * on who is online. Nothing is sent: a message takes its keys along.
 */
export class ReadyKeys {
  readonly #parts: ReadyKeysParts;
  #sets: ReachableSets = () => [];
  #next: { readonly at: number; readonly cancel: () => void } | undefined;
  /** No round begins before this time, ms. */
  #restUntil = -Infinity;
  #isBusy = false;
  #isClosed = false;

  constructor(parts: ReadyKeysParts) {
    this.#parts = parts;
  }

  /** To be called when there is news of people or groups, however often. */
  look(sets: ReachableSets): void {
    this.#sets = sets;
    this.#in(SETTLE_MS);
  }

  close(): void {
    this.#isClosed = true;
    this.#next?.cancel();
  }

  #in(ms: number): void {
    const { clock, schedule } = this.#parts;
    const now = clock.monotonic();
    const at = Math.max(now + ms, this.#restUntil);
    if (this.#isClosed || (this.#next && this.#next.at <= at)) return;
    this.#next?.cancel();
    this.#next = { at, cancel: schedule(() => void this.#round(), at - now) };
  }

  async #round(): Promise<void> {
    const { senderKeys, clock, log } = this.#parts;
    this.#next = undefined;
    if (this.#isBusy) {
      this.#in(SETTLE_MS);
      return;
    }
    this.#isBusy = true;
    const sets = withinBudget(this.#sets());
    const wrapped = await senderKeys.prepare(sets).catch((error: Error) => {
      log(`A sender key could not be made: ${error.message}`);
      return MAX_READY;
    });
    this.#isBusy = false;
    this.#restUntil = clock.monotonic() + wrapped * PAUSE_MS;
    this.#in(LOOK_AGAIN_MS);
  }
}

function withinBudget(sets: readonly (readonly KnownNode[])[]): readonly (readonly KnownNode[])[] {
  let room = MAX_READY;
  return sets.filter((set) => {
    if (set.length > room) return false;
    room -= set.length;
    return true;
  });
}

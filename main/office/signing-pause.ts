import type { Schedule } from '../model/index.ts';

/** A node that is alone may sign after this time, ms, since no other node can send it what it missed. */
export const FRESH_AFTER_MS = 10_000;

/** A node that may have missed statements signs nothing until it has met a member, or was alone for a while. */
export class SigningPause {
  readonly #schedule: Schedule;
  #over: Promise<void> = Promise.resolve();
  #end: () => void = () => undefined;
  #cancel: (() => void) | undefined;

  constructor(schedule: Schedule) {
    this.#schedule = schedule;
  }

  /** Whether the node may sign now. */
  get isOver(): boolean {
    return this.#cancel === undefined;
  }

  /** Resolves when the node may sign. */
  get over(): Promise<void> {
    return this.#over;
  }

  /** This node may have missed statements. */
  begin(): void {
    if (this.#cancel) return;
    this.#over = new Promise((resolve) => (this.#end = resolve));
    this.#cancel = this.#schedule(() => this.end(), FRESH_AFTER_MS);
  }

  /** Statements were exchanged with a member. */
  end(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#end();
  }
}

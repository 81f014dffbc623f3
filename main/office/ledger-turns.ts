/** Runs the same work whenever it is asked for, never twice at once. All requests during one run share the next run. */
export class LedgerTurns {
  readonly #work: () => Promise<void>;
  /** The last run that began. Never rejects. */
  #current: Promise<void> = Promise.resolve();
  /** The run that waits for the present one. */
  #next: Promise<void> | undefined;
  #isClosed = false;

  constructor(work: () => Promise<void>) {
    this.#work = work;
  }

  /** Resolves at the end of a run that begins after this call. @throws what the work throws */
  run(): Promise<void> {
    if (this.#next) return this.#next;
    const next = this.#current.then(() => {
      this.#next = undefined;
      return this.#isClosed ? undefined : this.#work();
    });
    this.#next = next;
    this.#current = next.catch(() => undefined);
    return next;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Resolves when nothing runs or waits to run. Never rejects. */
  get idle(): Promise<void> {
    return this.#current;
  }

  /** Prevents further runs, and resolves when the present one has ended. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#current;
  }
}

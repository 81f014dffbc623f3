/** Runs one piece of work again and again, never two at once. Whoever asks during one run shares the next. */
export class LedgerTurns {
  readonly #work: () => Promise<void>;
  /** The last that began. Never rejects. */
  #current: Promise<void> = Promise.resolve();
  /** The one that has not begun yet. */
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

  /** What has not begun does not begin any more. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#current;
  }
}

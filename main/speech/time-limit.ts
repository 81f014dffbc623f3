import { schedule } from '../model/index.ts';

/** Calls `over` once after a time, of which pauses are no part. */
export class TimeLimit {
  readonly #over: () => void;
  #remainingMs: number;
  #since = 0;
  #cancel: (() => void) | undefined;

  constructor(ms: number, over: () => void) {
    this.#remainingMs = ms;
    this.#over = over;
    this.resume();
  }

  pause(): void {
    if (!this.#cancel) return;
    this.end();
    this.#remainingMs -= performance.now() - this.#since;
  }

  resume(): void {
    if (this.#cancel) return;
    this.#since = performance.now();
    this.#cancel = schedule(this.#over, Math.max(0, this.#remainingMs));
  }

  end(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }
}

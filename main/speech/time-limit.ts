import { schedule, type Clock, type Schedule } from '../model/index.ts';

/** What time is told by. */
export interface LimitTime {
  readonly monotonic: Clock['monotonic'];
  readonly schedule: Schedule;
}
const REAL_TIME: LimitTime = { monotonic: () => performance.now(), schedule };

/** Calls `over` once after a time, of which pauses are no part. */
export class TimeLimit {
  readonly #over: () => void;
  readonly #time: LimitTime;
  #remainingMs: number;
  #since = 0;
  #cancel: (() => void) | undefined;

  constructor(ms: number, over: () => void, time: LimitTime = REAL_TIME) {
    this.#time = time;
    this.#remainingMs = ms;
    this.#over = over;
    this.resume();
  }

  pause(): void {
    if (!this.#cancel) return;
    this.end();
    this.#remainingMs -= this.#time.monotonic() - this.#since;
  }

  resume(): void {
    if (this.#cancel) return;
    this.#since = this.#time.monotonic();
    this.#cancel = this.#time.schedule(this.#over, Math.max(0, this.#remainingMs));
  }

  end(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }
}

import { nextTurn } from '../../main/model/index.ts';
import { EventQueue } from '../office/event-queue.ts';
import { isKeyWorkPending } from '../support/key-work.ts';

/** The time of a simulated office: one queue of everything that will happen. */
export class SimulatedTime {
  /** Since the simulation began, ms. */
  now = 0;
  /** How many events have happened. */
  events = 0;
  readonly #queue = new EventQueue();

  after(ms: number, run: () => void): void {
    this.#queue.push(this.now + Math.max(0, ms), run);
  }

  /** Lets time pass until `untilMs`. Between two events everything that follows from the first one happens, as far as it waits for no time. */
  async pass(untilMs: number): Promise<void> {
    for (let next = this.#queue.peek(); next && next.at <= untilMs; next = this.#queue.peek()) {
      this.#queue.pop();
      this.now = Math.max(this.now, next.at);
      this.events += 1;
      next.run();
      do await nextTurn();
      while (isKeyWorkPending());
    }
    this.now = untilMs;
  }
}

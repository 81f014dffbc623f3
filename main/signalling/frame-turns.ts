import { BUDGETS } from '../model/index.ts';

const TURN_MS = BUDGETS.frameTime.inAll.atOnce;

/** Does one piece of work. Returns whether there is more that can be done now. */
export type Step = () => boolean;

/**
 * Shares the thread out among links: in one turn of the loop all of them together handle frames for a few milliseconds,
 * then timers and other sockets have theirs.
 */
export class FrameTurns {
  readonly #now: () => number;
  readonly #nextTurn: (task: () => void) => void;
  #waiting: Step[] = [];
  #spentMs = 0;
  #isTurnAwaited = false;

  /** @param nextTurn runs a task in the next turn of the loop */
  constructor(now: () => number, nextTurn: (task: () => void) => void) {
    this.#now = now;
    this.#nextTurn = nextTurn;
  }

  /** Does the steps of one link, now as far as this turn has time, and the rest in the next turns. */
  run(step: Step): void {
    this.#awaitTurn();
    if (this.#waiting.length > 0 || !this.#doSteps(step)) this.#waiting.push(step);
  }

  /** False where the turn's time is over and there is more to do. */
  #doSteps(step: Step): boolean {
    let at = this.#now();
    while (this.#spentMs < TURN_MS) {
      const isMore = step();
      const now = this.#now();
      this.#spentMs += now - at;
      at = now;
      if (!isMore) return true;
    }
    return false;
  }

  #awaitTurn(): void {
    if (this.#isTurnAwaited) return;
    this.#isTurnAwaited = true;
    this.#nextTurn(() => {
      this.#isTurnAwaited = false;
      this.#spentMs = 0;
      const links = this.#waiting;
      const interrupted: Step[] = [];
      this.#waiting = [];
      for (const step of links) {
        const isServed = this.#spentMs < TURN_MS;
        if (!this.#doSteps(step)) (isServed ? interrupted : this.#waiting).push(step);
      }
      // Links that had their turn wait behind those that had none.
      this.#waiting.push(...interrupted);
      if (this.#waiting.length > 0) this.#awaitTurn();
    });
  }
}

/** Of this thread. */
export const frameTurns = new FrameTurns(
  () => performance.now(),
  (task) => void setImmediate(task),
);

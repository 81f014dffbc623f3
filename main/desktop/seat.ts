import type { Arguments } from '../../preload/api.ts';

/** After so long without a key or a move of the mouse nobody is taken to be there, s. */
export const IDLE_S = 300;

/** As the system tells it; `unknown`: it does not. */
export type SeatState = 'active' | 'idle' | 'locked' | 'unknown';
export type News = Arguments<'computer'>['event'];

/** Whether somebody sits in front of the computer, from what its system says now and then. Pure: it returns what is news. */
export class Seat {
  #isLocked = false;
  #isIdle = false;

  take(state: SeatState): readonly News[] {
    if (state === 'unknown') return [];
    return [...this.lock(state === 'locked'), ...this.#idle(state === 'idle')];
  }

  /** The system tells this by itself, too, where it can. */
  lock(isLocked: boolean): readonly News[] {
    if (isLocked === this.#isLocked) return [];
    this.#isLocked = isLocked;
    return [isLocked ? 'lock' : 'unlock'];
  }

  #idle(isIdle: boolean): readonly News[] {
    // Behind a locked screen nobody knows.
    if (this.#isLocked || isIdle === this.#isIdle) return [];
    this.#isIdle = isIdle;
    return [isIdle ? 'idle' : 'active'];
  }
}

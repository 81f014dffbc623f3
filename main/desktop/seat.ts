import type { Arguments } from '../../preload/api.ts';

/** After this long without a key or a move of the mouse the person is taken to be away, s. */
export const IDLE_S = 300;

/** The state by the system; `unknown`: it does not know. */
export type SeatState = 'active' | 'idle' | 'locked' | 'unknown';
export type News = Arguments<'computer'>['event'];

/** Whether somebody sits in front of the computer, from the system's state at each look. Pure: returns the changes. */
export class Seat {
  #isLocked = false;
  #isIdle = false;

  take(state: SeatState): readonly News[] {
    if (state === 'unknown') return [];
    return [...this.lock(state === 'locked'), ...this.#idle(state === 'idle')];
  }

  /** Takes a lock or unlock that the system reports by an event. */
  lock(isLocked: boolean): readonly News[] {
    if (isLocked === this.#isLocked) return [];
    this.#isLocked = isLocked;
    return [isLocked ? 'lock' : 'unlock'];
  }

  #idle(isIdle: boolean): readonly News[] {
    // Behind a locked screen the idle time does not matter.
    if (this.#isLocked || isIdle === this.#isIdle) return [];
    this.#isIdle = isIdle;
    return [isIdle ? 'idle' : 'active'];
  }
}

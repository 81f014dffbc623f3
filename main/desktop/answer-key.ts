import type { CallStatus } from '../../preload/api.ts';

/** An impatient second press, or a press for a ring that has just ended, hangs up nothing. */
export const SETTLES_MS = 1500;

interface Order {
  readonly id: string;
  readonly action: 'answer' | 'hang-up';
}

/**
 * The keys for calls, as the button of a headset: what rings is answered, also during another call, which is held then; where nothing
 * rings, the call in which the person is ends. A second key puts off what rings. Time is given in milliseconds of any steady clock.
 */
export class AnswerKey {
  #calls: readonly CallStatus[] = [];
  /** When a ring ended, a call became active, or the person answered one. */
  #changedAt = -Infinity;
  #answered: string | undefined;

  /** The calls have changed, or not. */
  see(calls: readonly CallStatus[], now: number): void {
    const isOver = (one: CallStatus): boolean => one.isIncoming && !has(calls, one.id, rings);
    const isNew = (one: CallStatus): boolean => isActive(one) && !has(this.#calls, one.id, isActive);
    if (this.#calls.some(isOver) || calls.some(isNew)) this.#changedAt = now;
    this.#calls = calls;
  }

  /** What the key does that goes down now; undefined: nothing. */
  press(key: 'answer' | 'later', now: number): Order | undefined {
    const isSettled = now - this.#changedAt >= SETTLES_MS;
    const ringing = this.#calls.find(rings);
    if (ringing && key === 'later') return { id: ringing.id, action: 'hang-up' };
    if (ringing) {
      // An answer takes a moment, in which it still rings. One that failed may be tried again.
      if (ringing.id === this.#answered && !isSettled) return undefined;
      this.#answered = ringing.id;
      this.#changedAt = now;
      return { id: ringing.id, action: 'answer' };
    }
    if (key === 'later' || !isSettled) return undefined;
    const ended = this.#calls.find(isActive) ?? this.#calls.find(isOwn);
    return ended && { id: ended.id, action: 'hang-up' };
  }
}

function rings({ isIncoming }: CallStatus): boolean {
  return isIncoming;
}

/** The person speaks in it: a call that is held stays, whatever is pressed. */
function isActive({ state, isHeld }: CallStatus): boolean {
  return state === 'active' && !isHeld;
}

/** The person calls somebody, who has not answered yet. */
function isOwn({ direction, state }: CallStatus): boolean {
  return direction === 'out' && state !== 'active' && state !== 'ended';
}

function has(calls: readonly CallStatus[], id: string, fits: (call: CallStatus) => boolean): boolean {
  return calls.some((call) => call.id === id && fits(call));
}

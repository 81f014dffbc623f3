import type { RingName } from '../media/index.ts';
import type { CallView } from './call.ts';

/** The tone to play for these calls; null: none. Nothing rings behind a locked screen. */
export function ringOf(calls: readonly CallView[], isLocked: boolean): RingName | null {
  if (calls.some(isToRing) && !isLocked)
    return calls.some(({ state }) => state === 'active') ? 'waiting' : 'ring';
  // A person who is called into a party is called while the others talk, so no ringback covers their voices.
  const isOutgoing = ({ direction, state, party }: CallView): boolean =>
    direction === 'out' && state === 'ringing' && party === null;
  return calls.some(isOutgoing) ? 'ringback' : null;
}

/** Whether the person is to hear that it comes. */
export function isToRing({ isIncoming, state }: CallView): boolean {
  return isIncoming && state !== 'notified';
}

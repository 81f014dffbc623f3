import type { RingName } from '../media/index.ts';
import type { ShownCall } from './call-machine.ts';

/** What is to be heard of these calls before they are answered; null: nothing. Behind a locked screen nothing rings. */
export function ringOf(calls: readonly ShownCall[], isLocked: boolean): RingName | null {
  const isTold = ({ direction, state }: ShownCall): boolean =>
    direction === 'in' && (state === 'ringing' || state === 'waiting');
  if (calls.some(isTold) && !isLocked)
    return calls.some(({ state }) => state === 'active') ? 'waiting' : 'ring';
  return calls.some(({ direction, state }) => direction === 'out' && state === 'ringing') ? 'ringback' : null;
}

import type { ChosenPresence } from '../model/index.ts';

/** What decides whether a call may ring here. */
export interface CallFacts {
  readonly presence: ChosenPresence;
  /** The screen is locked. */
  readonly isLocked: boolean;
  /** The person has muted this colleague. */
  readonly isMuted: boolean;
}

/** What becomes of a call at the called computer. `notify`: a silent notification. `miss`: it is only listed as missed. */
export type CallReception = 'ring' | 'notify' | 'miss';

/** Decides how a call is received. Pure. */
export function receiveCall({ presence, isLocked, isMuted }: CallFacts): CallReception {
  if (presence === 'busy' || presence === 'dnd') return 'miss';
  return isLocked || isMuted || presence === 'away' ? 'notify' : 'ring';
}

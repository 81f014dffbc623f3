import type { ChosenPresence } from '../model/index.ts';

/** What the person and the computer allow when somebody calls. */
export interface CallFacts {
  readonly presence: ChosenPresence;
  /** The screen is locked. */
  readonly isLocked: boolean;
  /** The person lets nothing of this colleague sound unasked. */
  readonly isMuted: boolean;
}

/** What becomes of a call at the computer that is called. `ring`: it rings. `notify`: nothing sounds, its person is told. `miss`: it is listed. */
export type CallReception = 'ring' | 'notify' | 'miss';

/** Decides, by these facts alone. Pure. */
export function receiveCall({ presence, isLocked, isMuted }: CallFacts): CallReception {
  if (presence === 'busy' || presence === 'dnd') return 'miss';
  return isLocked || isMuted || presence === 'away' ? 'notify' : 'ring';
}

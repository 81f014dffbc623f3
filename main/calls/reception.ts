import type { ChosenPresence } from '../model/index.ts';

/** What the person and the computer allow when somebody calls. */
export interface CallFacts {
  readonly presence: ChosenPresence;
  /** The screen is locked. */
  readonly isLocked: boolean;
}

/** What becomes of a call at the computer that is called. `ring`: it rings. `notify`: nothing sounds, its person is told. `miss`: it is listed. */
export type CallReception = 'ring' | 'notify' | 'miss';

/** Decides, by these facts alone. Pure. */
export function receiveCall({ presence, isLocked }: CallFacts): CallReception {
  if (presence === 'busy' || presence === 'dnd') return 'miss';
  return isLocked || presence === 'away' ? 'notify' : 'ring';
}

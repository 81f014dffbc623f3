import type { ChosenPresence, NodeId } from '../model/index.ts';
import type { CallListener } from './ports.ts';

/** What decides whether a call may ring here. */
export interface CallFacts {
  readonly presence: ChosenPresence;
  /** The screen is locked. */
  readonly isLocked: boolean;
  /** Nobody has touched the computer for minutes. */
  readonly isIdle: boolean;
  /** The person has muted this colleague. */
  readonly isMuted: boolean;
  /** The person chose that calls of this colleague are answered by themselves. */
  readonly isChosen: boolean;
  /** As far as anybody knows, the person is at this one of their computers. */
  readonly isHere: boolean;
  /** There is a loudspeaker, from which the person hears that they are in a call. */
  readonly canPlay: boolean;
  /** They talk to somebody, or listen to what somebody said. */
  readonly isEngaged: boolean;
}

/**
 * What becomes of a call at the called computer. `answer`: it is answered automatically, after a tone. `notify`: a silent notification.
 * `miss`: it is only listed as missed.
 */
export type CallReception = 'answer' | 'ring' | 'notify' | 'miss';

/**
 * Decides how a call is received. A call to a person who is away by idle time rings: perhaps nobody is there, and an open microphone
 * would let the caller hear who else is. Pure.
 */
export function receiveCall(facts: CallFacts): CallReception {
  const { presence, isLocked, isIdle, isMuted, isChosen, isHere, canPlay, isEngaged } = facts;
  if (presence === 'busy' || presence === 'dnd') return 'miss';
  if (isLocked || isMuted || presence === 'away') return 'notify';
  return isChosen && isHere && canPlay && !isIdle && !isEngaged ? 'answer' : 'ring';
}

/** What becomes of a call of that computer's person, as everything is now. */
export function receptionOf(listener: CallListener, from: NodeId, person: NodeId): CallReception {
  const { presence, isLocked, isIdle, isHere, canPlay, isEngaged } = listener;
  return receiveCall({
    ...{ presence, isLocked, isIdle, isHere, canPlay, isEngaged },
    isMuted: listener.isMuted(from),
    isChosen: listener.isChosen(person),
  });
}

import type { ChosenPresence, NodeId } from '../model/index.ts';
import type { ListenerPort } from './ports.ts';

/** A message that began this much earlier is not played by itself: its person is notified of it instead. Milliseconds. */
const LIVE_WITHIN_MS = 15_000;

/** What the person and the devices allow. */
export interface Listening {
  readonly presence: ChosenPresence;
  /** A loudspeaker is there to play on. */
  readonly canPlay: boolean;
  /** The screen is locked. */
  readonly isLocked: boolean;
  /** The person wants to hear nothing of this talker unasked. */
  readonly isMuted: boolean;
}

export interface DeliveryFacts extends Listening {
  /** Another voice has the person's ear. */
  readonly isListening: boolean;
  /** Its manifest is known: the talker has let go of the key. */
  readonly ended: boolean;
  /** Nobody speaks it now: the talker forwards what somebody said. */
  readonly forwarded: boolean;
  /** It is for the mailbox. */
  readonly isQuiet: boolean;
  /** Since key down, ms; negative where the talker's clock is ahead. */
  readonly ageMs: number;
}

/**
 * What becomes of a message at its recipient. `play`: it sounds as it arrives. `queue`: it plays as soon as what is heard now has
 * ended. `notify`: it is kept, and its person is notified.
 */
export type Delivery = 'play' | 'queue' | 'notify';

/** Decides, by these facts alone. Pure. */
export function deliver(facts: DeliveryFacts): Delivery {
  const { ended, forwarded, isQuiet, ageMs, isListening } = facts;
  if (ended || forwarded || isQuiet || ageMs >= LIVE_WITHIN_MS || !maySound(facts)) return 'notify';
  return isListening ? 'queue' : 'play';
}

/** Whether anything may sound by itself. */
export function maySound({ presence, canPlay, isLocked, isMuted }: Listening): boolean {
  return presence === 'available' && canPlay && !isLocked && !isMuted;
}

/** What the person and the devices allow a message of this talker at this moment. */
export function listeningTo(listener: ListenerPort, talker: NodeId): Listening {
  const { presence, canPlay, isLocked } = listener;
  return { presence, canPlay, isLocked, isMuted: listener.isMuted(talker) };
}

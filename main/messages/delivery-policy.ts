import type { ChosenPresence } from '../model/index.ts';

/** A message that began this much earlier is not played by itself: its person is notified of it instead. Milliseconds. */
const LIVE_WITHIN_MS = 15_000;

export interface DeliveryFacts {
  readonly presence: ChosenPresence;
  /** A loudspeaker is there to play on. */
  readonly canPlay: boolean;
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
 * What becomes of a message at its recipient. `play`: it sounds as it arrives. `notify`: it is kept, and its person is
 * notified. A later version adds queueing and refusing.
 */
export type Delivery = 'play' | 'notify';

/** Decides, by these facts alone. Pure. */
export function deliver(facts: DeliveryFacts): Delivery {
  const { presence, canPlay, ended, forwarded, isQuiet, ageMs } = facts;
  if (ended || forwarded || isQuiet || ageMs >= LIVE_WITHIN_MS) return 'notify';
  return presence === 'available' && canPlay ? 'play' : 'notify';
}

import type { ChosenPresence } from '../model/index.ts';

/** A message that began this much earlier is not played by itself: its person is notified of it instead. Milliseconds. */
const LIVE_WITHIN_MS = 15_000;

/** What the person and the devices allow. */
export interface Listening {
  readonly presence: ChosenPresence;
  /** A loudspeaker is there to play on. */
  readonly canPlay: boolean;
  /** The screen is locked. */
  readonly isLocked: boolean;
}

export interface DeliveryFacts extends Listening {
  /** Another voice has the person's ear. */
  readonly isListening: boolean;
  /** All that has the person's ear is what they chose to play: nobody speaks to them. */
  readonly isOwnChoice: boolean;
  /** Its manifest is known: the talker has let go of the key. */
  readonly ended: boolean;
  /** Nobody speaks it now: the talker forwards what somebody said. */
  readonly forwarded: boolean;
  /** It is for the mailbox. */
  readonly isQuiet: boolean;
  /** `page`: live speech with priority, kept for whoever does not hear it. `passing-page`: one that is not. */
  readonly kind: 'message' | 'page' | 'passing-page';
  /** Since key down, ms; negative where the talker's clock is ahead. */
  readonly ageMs: number;
}

/**
 * What becomes of a message at its recipient. `play`: it sounds as it arrives. `queue`: it plays as soon as what is heard now has
 * ended. `notify`: it is kept, and its person is notified. `pass`: nothing sounds, and nothing is kept for this person.
 */
export type Delivery = 'play' | 'queue' | 'notify' | 'pass';

/** Decides, by these facts alone. Pure. */
export function deliver(facts: DeliveryFacts): Delivery {
  const { ended, forwarded, isQuiet, ageMs, isListening, isOwnChoice, kind } = facts;
  if (ended || forwarded || isQuiet || ageMs >= LIVE_WITHIN_MS || !maySound(facts))
    return kind === 'passing-page' ? 'pass' : 'notify';
  // A page sounds above what the person plays; whoever speaks to them is heard out.
  const isInTheWay = isListening && (kind === 'message' || !isOwnChoice);
  return isInTheWay ? 'queue' : 'play';
}

/** Whether anything may sound by itself. */
export function maySound({ presence, canPlay, isLocked }: Listening): boolean {
  return presence === 'available' && canPlay && !isLocked;
}

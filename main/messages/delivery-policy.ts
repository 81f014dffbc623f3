import type { ChosenPresence, Header } from '../model/index.ts';
import type { ListenerPort, OfficePort } from './ports.ts';

/** What the person and the devices allow for a message of one talker. */
interface ListenerFacts {
  readonly presence: ChosenPresence;
  /** A loudspeaker is there to play on. */
  readonly canPlay: boolean;
  /** The screen is locked. */
  readonly isLocked: boolean;
  /** The person wants to hear nothing of this talker unasked. */
  readonly isMuted: boolean;
  /** It is marked to override do not disturb, and its talker has that right. */
  readonly isOverride: boolean;
  /** The person wants to hear an override also behind a locked screen, and when they chose to be away. */
  readonly hearsOverrideAway: boolean;
}

export interface DeliveryFacts extends ListenerFacts {
  /** What the person hears now. `own`: a message that they play; `somebody`: a live voice; `override`: an override. */
  readonly hears: 'nobody' | 'own' | 'somebody' | 'override';
  /** Somebody is speaking it now, as far as what arrives tells. */
  readonly isSpoken: boolean;
  /** The person is at another of their computers, and hears it there. */
  readonly isElsewhere: boolean;
  /** Nobody is speaking it: it was forwarded. */
  readonly forwarded: boolean;
  /** It is for the mailbox, and never sounds by itself. */
  readonly isQuiet: boolean;
  /** `page`: live speech with priority, kept for whoever does not hear it. `passing-page`: one that is not. */
  readonly kind: 'message' | 'page' | 'passing-page';
}

/**
 * What becomes of a message at its recipient. `play`: it sounds as it arrives; an override sounds beside any other voice, and a page
 * beside a message that the person plays, which is softer meanwhile. `queue`: it plays as soon as the present voice has ended.
 * `notify`: it is kept, and its person is notified. `leave`: it is kept silently, since another computer of theirs plays it. `pass`:
 * it neither sounds nor is kept for this person.
 */
export type Delivery = 'play' | 'queue' | 'notify' | 'leave' | 'pass';

/** Decides how a message is delivered. Pure. */
export function deliver(facts: DeliveryFacts): Delivery {
  const { isSpoken, forwarded, isQuiet, kind } = facts;
  if (!isSpoken || forwarded || isQuiet || !maySound(facts))
    return kind === 'passing-page' ? 'pass' : 'notify';
  if (facts.isElsewhere) return kind === 'passing-page' ? 'pass' : 'leave';
  return waits(facts) ? 'queue' : 'play';
}

/** Whether the message waits until what is heard now has ended. */
function waits({ isOverride, kind, hears }: DeliveryFacts): boolean {
  if (isOverride) return hears === 'override';
  if (kind === 'message') return hears !== 'nobody';
  // A page sounds above what the person plays. It waits while somebody speaks to them.
  return hears === 'somebody' || hears === 'override';
}

/** Whether it may sound by itself. */
export function maySound(facts: ListenerFacts): boolean {
  const { presence, canPlay, isLocked, isMuted, isOverride, hearsOverrideAway } = facts;
  const isAway = isLocked || presence === 'away';
  if (isOverride) return canPlay && (hearsOverrideAway || !isAway);
  return presence === 'available' && canPlay && !isLocked && !isMuted;
}

/** Whether a message that sounded by itself to its end counts as heard. It does not where perhaps nobody was there. */
export function isHeardBy({ isIdle, isLocked }: Pick<ListenerPort, 'isIdle' | 'isLocked'>): boolean {
  return !isIdle && !isLocked;
}

/** What the person and the devices allow this message at this moment. */
export function listenerFactsOf(
  listener: ListenerPort,
  office: Pick<OfficePort, 'mayOverride'>,
  header: Pick<Header, 'talker' | 'isOverride'>,
): ListenerFacts {
  const { presence, canPlay, isLocked, hearsOverrideAway } = listener;
  const isMuted = listener.isMuted(header.talker);
  return { presence, canPlay, isLocked, hearsOverrideAway, isMuted, isOverride: isOverride(office, header) };
}

/** Whether the message overrides do not disturb: its talker says so, and has the right by this node's ledger. */
export function isOverride(
  office: Pick<OfficePort, 'mayOverride'>,
  header: Pick<Header, 'talker' | 'isOverride'>,
): boolean {
  return header.isOverride === true && office.mayOverride(header.talker);
}

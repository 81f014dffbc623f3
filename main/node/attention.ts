import type { ChosenPresence } from '../model/index.ts';

/** What the computer reports of the person in front of it. */
type AttentionNews = 'lock' | 'unlock' | 'idle' | 'active';

/**
 * Whether anybody is in front of this computer, as far as its system tells. Where nobody can tell, as on a computer without a
 * desktop, the person counts as being there.
 */
export class Attention {
  /** The screen is locked: anybody may be in front of it. */
  isLocked = false;
  /** Nobody has touched a key or the mouse for minutes. */
  isIdle = false;
  /** The person calls somebody, or is in a call. */
  isCalling = false;

  /** Returns whether that changed anything. */
  take(news: AttentionNews): boolean {
    const before = [this.isLocked, this.isIdle];
    if (news === 'lock' || news === 'unlock') this.isLocked = news === 'lock';
    else this.isIdle = news === 'idle';
    return before[0] !== this.isLocked || before[1] !== this.isIdle;
  }

  /**
   * The presence that colleagues are told. What the person chose stands; a person who is available and in a call is busy, and one
   * who is not there is away.
   */
  presenceOf(chosen: ChosenPresence): ChosenPresence {
    if (chosen === 'available' && this.isCalling) return 'busy';
    return chosen === 'available' && (this.isLocked || this.isIdle) ? 'away' : chosen;
  }
}

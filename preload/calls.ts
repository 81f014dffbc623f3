/** A call of this computer. */
export interface CallStatus {
  readonly id: string;
  /** The person at the other end, and what they are called and dialled as. */
  readonly person: string;
  readonly name: string;
  readonly extension: string;
  readonly direction: 'out' | 'in';
  /**
   * calling: nothing is heard of the other side yet; ringing; waiting: it rings during another call; notified: nothing rings at the
   * person who is called, since they are away; active: both speak; ended: it shows why.
   */
  readonly state: 'calling' | 'ringing' | 'waiting' | 'notified' | 'active' | 'ended';
  /**
   * Why it ended, where that is to be shown. undisturbed: the person does not want to be disturbed; vanished: nothing came any more;
   * full: too many calls there; failed: the sound of one of both computers.
   */
  readonly reason: CallEnd | null;
  /** Since when it has been in this state, ms since the epoch. */
  readonly since: number;
  readonly isMuted: boolean;
  /** This side does not listen for a while; the other one does not. */
  readonly isHeld: boolean;
  readonly isHeldByThem: boolean;
  /** Who was dialled, where their divert led to who is called; null: that person themself. */
  readonly meant: CalledAs | null;
  /**
   * The call of several that it is in: all with the same one go on together, and are muted, held and hung up together; null: it is a
   * call of two.
   */
  readonly party: string | null;
  /** Who else is in that, besides the person at the other end. */
  readonly alsoIn: readonly CalledAs[];
  /** Who picked up what rang here; null: nobody. */
  readonly pickedUpBy: CalledAs | null;
  /** The person to whom the other side is put through here; null: nobody. failed: they did not take it, and the other side is back. */
  readonly transfer:
    | (CalledAs & {
        readonly state: 'calling' | 'ringing' | 'waiting' | 'notified' | 'failed';
        readonly reason: CallEnd | null;
      })
    | null;
  /** To whom the other side puts this one through; null: nobody. */
  readonly transferredTo: CalledAs | null;
}

/** A person, and what they are called and dialled as. */
export interface CalledAs {
  readonly person: string;
  readonly name: string;
  readonly extension: string;
}

export type CallEnd =
  | 'hung-up'
  | 'cancelled'
  | 'declined'
  | 'unanswered'
  | 'elsewhere'
  | 'undisturbed'
  | 'full'
  | 'vanished'
  | 'failed'
  | 'transferred'
  | 'picked-up'
  | 'unreachable'
  | 'other';

/** Somebody called and was not answered. */
export interface MissedCall {
  readonly person: string;
  readonly name: string;
  readonly extension: string;
  /** The last time, ms since the epoch. */
  readonly at: number;
  /** How often since the list was looked at. */
  readonly times: number;
}

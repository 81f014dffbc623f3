import type { Phrase } from '../i18n/index.ts';

/** A call of this computer. */
export interface CallStatus {
  readonly id: string;
  /** The person at the other end: id, name and extension. */
  readonly person: string;
  readonly name: string;
  readonly extension: string;
  readonly direction: 'out' | 'in';
  /**
   * calling: no computer of the other side has replied yet; ringing; waiting: it rings during another call; notified: it does not ring at
   * the called person, who is away and gets a notification; active; ended: the reason is shown.
   */
  readonly state: 'calling' | 'ringing' | 'waiting' | 'notified' | 'active' | 'ended';
  /** It came in, and was not answered yet: it waits for its person, also where nothing sounds. */
  readonly isIncoming: boolean;
  /**
   * Why it ended, if that is to be shown. undisturbed: the person chose do not disturb; vanished: nothing came any more; full: too many
   * calls there; failed: sound failed at one of the computers; asleep: the other computer went to sleep; slept: this one did.
   */
  readonly reason: CallEnd | null;
  /** When this state began, ms since the epoch. */
  readonly since: number;
  readonly isMuted: boolean;
  /** This side records it. asked: nothing is kept before the other side confirms that its person is told. null: it does not. */
  readonly recording: 'asked' | 'on' | null;
  readonly isRecordedByThem: boolean;
  /** This person muted the other side during the call, and hears nothing of them in it; the other side is not told. */
  readonly isSilenced: boolean;
  /** This side holds the call; the other side holds it. */
  readonly isHeld: boolean;
  readonly isHeldByThem: boolean;
  /** It was answered automatically, since the called person chose that for the caller. */
  readonly isAutomatic: boolean;
  /** The person who was dialled, where their divert led to `person`; null: `person` was dialled. */
  readonly meant: CalledAs | null;
  /**
   * The call of several that it belongs to. Calls with the same one are muted, held and hung up together. null: it is a call of two.
   */
  readonly party: string | null;
  /** The further people in that, besides the person at the other end. */
  readonly alsoIn: readonly CalledAs[];
  /** The person who picked up this call, which rang here; null: nobody. */
  readonly pickedUpBy: CalledAs | null;
  /** A transfer of the other side by this person; null: none. failed: the target did not take the call, and the other side is back. */
  readonly transfer:
    | (CalledAs & {
        readonly state: 'calling' | 'ringing' | 'waiting' | 'notified' | 'failed';
        readonly reason: CallEnd | null;
      })
    | null;
  /** The person to whom the other side transfers this one; null: nobody. */
  readonly transferredTo: CalledAs | null;
  /** Of a call that rings here: who puts the caller through, by their own word; null: nobody, or they have not said so. */
  readonly putThroughBy: CalledAs | null;
}

/** A person: id, name and extension. */
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
  | 'asleep'
  | 'slept'
  | 'other';

/** A recording of a call: the one that goes on, or the last one. */
export interface CallRecording {
  /** Its path. null: it is over, and nothing was kept. */
  readonly file: string | null;
  /** Whom the call is with: names, with commas between them. */
  readonly name: string;
  readonly isOver: boolean;
  /** How much was kept, once it is over. */
  readonly durationMs: number;
  /** Why it ended, where nobody ended it; null: somebody did, or it goes on. */
  readonly sentence: string | null;
  readonly phrase: Phrase | null;
}

/** The missed calls of one person. */
export interface MissedCall {
  readonly person: string;
  readonly name: string;
  readonly extension: string;
  /** The time of the last one, ms since the epoch. */
  readonly at: number;
  /** The number of missed calls since the person looked at the list. */
  readonly times: number;
}

import type { Phrase } from '../i18n/index.ts';
import type { GroupName } from './groups.ts';

/** How far a message has come at one recipient. It claims nothing that is not proven. */
export interface RecipientStatus {
  /** The person. */
  readonly id: string;
  /** `Bo → Kim` where Kim has it in Bo’s place. */
  readonly name: string;
  readonly extension: string;
  /**
   * hearing: their node plays it as it is spoken; queued: they listen to somebody else, and hear it next; notified: their
   * node raised a notification; waiting: nothing is known of them yet; received / heard: their signed receipt is here;
   * removed: they are in the office no more, and nobody waits for them; refused: their node has no room for more of this
   * talker's messages, and is asked again; handed-on: they are diverted, and their signed receipt says that their node handed it on;
   * missed: they did not hear the page, and nothing is kept of it for them.
   */
  readonly state:
    | 'hearing'
    | 'queued'
    | 'notified'
    | 'waiting'
    | 'received'
    | 'heard'
    | 'removed'
    | 'refused'
    | 'handed-on'
    | 'missed';
  /** Of `handed-on`: to whom. */
  readonly handedTo: string | null;
  readonly at: number | null;
}

/** Live speech with priority. */
export interface PageStatus {
  /** It is for everybody in the office. */
  readonly isToAll: boolean;
  /** Whoever does not hear it finds it as a message; otherwise nothing is kept for them. */
  readonly isKept: boolean;
  /** It is heard also where somebody does not want to be disturbed. */
  readonly isUrgent: boolean;
}

export interface PageTalkStatus extends PageStatus {
  /** It is being recorded: nobody hears it yet. It is sent at key up. */
  readonly isRecording: boolean;
}

export interface TalkStatus {
  readonly id: string;
  /** The message that key down began: another one where a recipient was removed meanwhile, and the talk went on as a new one. */
  readonly pressed: string;
  readonly to: string;
  /** The group that it is to. */
  readonly group: GroupName | null;
  /** null: it is a message. */
  readonly page: PageTalkStatus | null;
  readonly startedAt: number;
  readonly recipients: readonly RecipientStatus[];
}

export interface PlaybackStatus {
  readonly id: string;
  readonly state: 'live' | 'catching-up' | 'playing' | 'paused';
  readonly positionMs: number;
  readonly speed: number;
  /** How many unheard messages follow by themselves. */
  readonly following: number;
}

export interface MessageSummary {
  readonly id: string;
  readonly direction: 'in' | 'out';
  /**
   * The other person: the talker of an incoming message, the recipient of an outgoing one. Several recipients stand apart by commas,
   * and so do their extensions.
   */
  readonly name: string;
  readonly extension: string;
  /** The group that it is to; null: to people, or to several groups. */
  readonly group: GroupName | null;
  /** Of an incoming message: the people besides this one whom it is for, too. */
  readonly others: readonly { readonly id: string; readonly name: string }[];
  readonly startedAt: number;
  readonly durationMs: number;
  /** It is still being spoken. */
  readonly live: boolean;
  /** All of it is on this computer. */
  readonly complete: boolean;
  readonly heard: boolean;
  /** Retrieval number: plays this message when dialled. */
  readonly number: string;
  /** How many computers besides the talker's hold all of it: they have proven it to their talker. Else this one, if it does. */
  readonly storedOn: number;
  readonly recipients: readonly RecipientStatus[];
  /** The person who spoke it, where somebody else forwarded it; otherwise null. */
  readonly forwardedFrom: string | null;
  /** It is, or was, a page; otherwise null. */
  readonly page: PageStatus | null;
  /** For whom it was meant, where this person has it in their place; otherwise null. */
  readonly meantFor: string | null;
  /** To whom this computer handed it on, since this person was diverted; otherwise null. */
  readonly handedTo: string | null;
  /**
   * It was said before this computer was this person's, and cannot be played yet: which computer has to be on once to hand over the
   * key. null: the key is here.
   */
  readonly keyWanted: { readonly sentence: string; readonly phrase: Phrase } | null;
  /** It was to be heard also by who does not want to be disturbed, and its talker has that right. */
  readonly isOverride: boolean;
}

/** Loudness over time: `peaks` are 0 to 255, evenly spread over the message as far as it is here. */
export interface Waveform {
  readonly peaks: readonly number[];
  readonly durationMs: number;
}

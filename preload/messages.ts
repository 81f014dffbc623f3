import type { Phrase } from '../i18n/index.ts';
import type { GroupName } from './groups.ts';

/** How far a message has come at one recipient, never more than is proven. */
export interface RecipientStatus {
  /** The person. */
  readonly id: string;
  /** The name; `Bo → Kim` if Kim gets the message instead of Bo. */
  readonly name: string;
  readonly extension: string;
  /**
   * hearing: their node plays it live; queued: they listen to somebody else, and hear it next; notified: their node raised a notification;
   * waiting: nothing has come from their node yet; received / heard / read: their signed receipt is here; removed: they are no member any more,
   * and nobody waits for them; refused: their node has no room for more messages of this talker, and is asked again; handed-on: they are
   * diverted, and their signed receipt says that their node handed it on; missed: they did not hear the page, which is not kept for them;
   * gone: their computers were off for so long that the message waits for them no longer.
   */
  readonly state:
    | 'hearing'
    | 'queued'
    | 'notified'
    | 'waiting'
    | 'received'
    | 'heard'
    | 'read'
    | 'removed'
    | 'refused'
    | 'handed-on'
    | 'missed'
    | 'gone';
  /** For `handed-on`: the stand-in's name. */
  readonly handedTo: string | null;
  /** For `queued`: why it waits, as far as their node says it; null: it does not say. */
  readonly waitsFor: WaitsFor | null;
  /** Their node said that it raised a notification. True beside `received`, too. */
  readonly isNotified: boolean;
  /** For `heard`: none of their computers has said that it has all of it. */
  readonly isPart: boolean;
  readonly at: number | null;
}

/** What a person does for whom a message waits. `you`: they hear what this person said before. With whom a call is, is not told. */
export type WaitsFor =
  { readonly kind: 'voice'; readonly name: string } | { readonly kind: 'you' } | { readonly kind: 'call' };

/** Live speech with priority. */
export interface PageStatus {
  /** It is for everybody in the office. */
  readonly isToAll: boolean;
  /** People who do not hear it find it as a message; otherwise it is not kept for them. */
  readonly isKept: boolean;
  /** It overrides do not disturb. */
  readonly isUrgent: boolean;
}

export interface PageTalkStatus extends PageStatus {
  /** It is only being recorded, and is sent at key up. */
  readonly isRecording: boolean;
}

export interface TalkStatus {
  readonly id: string;
  /** The message that key down began. It differs from `id` if the talk went on as a new message after a recipient was removed. */
  readonly pressed: string;
  readonly to: string;
  /** The group that it is for. */
  readonly group: GroupName | null;
  /** null: it is a message. */
  readonly page: PageTalkStatus | null;
  /** The microphone gives no sound: it is muted, or the wrong one. */
  readonly isSilent: boolean;
  readonly startedAt: number;
  readonly recipients: readonly RecipientStatus[];
}

export interface PlaybackStatus {
  readonly id: string;
  readonly state: 'live' | 'catching-up' | 'playing' | 'paused';
  readonly positionMs: number;
  readonly speed: number;
  /** The number of unheard messages that follow automatically. */
  readonly following: number;
}

export interface MessageSummary {
  readonly id: string;
  readonly direction: 'in' | 'out';
  /**
   * The other person: the talker of an incoming message, the recipient of an outgoing one. Names of several recipients are separated by
   * commas, as are their extensions.
   */
  readonly name: string;
  readonly extension: string;
  /** The group that it is for; null: it is for people, or for several groups. */
  readonly group: GroupName | null;
  /** The further recipients of an incoming message. */
  readonly others: readonly { readonly id: string; readonly name: string }[];
  /**
   * Key down, by this computer's clock: as the talker's clock says, corrected by how far that one was measured to be off. To be shown; `place`
   * orders.
   */
  readonly startedAt: number;
  /** When it came to this computer, or began here, by this computer's clock. */
  readonly arrivedAt: number;
  /** Orders messages: of two the one with the higher place came later, whatever any clock says. */
  readonly place: number;
  readonly durationMs: number;
  /** It is still being spoken. */
  readonly live: boolean;
  /** It is not, and its end was never said: the talker's computer died. */
  readonly isBrokenOff: boolean;
  /**
   * Of an own message: recipients who have not heard it have been away for months, and it waits for them until then, ms since the epoch;
   * null: it waits for nobody, or as long as it takes.
   */
  readonly endsAt: number | null;
  /** It sounds here as it is spoken, or is about to. It goes on for a moment after the last word was spoken. */
  readonly soundsLive: boolean;
  /** All of it is on this computer. */
  readonly complete: boolean;
  readonly heard: boolean;
  /** Retrieval number: plays this message when dialled. */
  readonly number: string;
  /** Of an own message: how many other computers have proven that they hold all of it. Of others: 1 if this computer holds all of it. */
  readonly storedOn: number;
  readonly recipients: readonly RecipientStatus[];
  /** The name of the person who spoke it, if somebody else forwarded it; otherwise null. */
  readonly forwardedFrom: string | null;
  /** It is, or was, a page; otherwise null. */
  readonly page: PageStatus | null;
  /** The name of the diverted person for whom it was meant; otherwise null. */
  readonly meantFor: string | null;
  /** The name of the stand-in to whom this computer handed it on; otherwise null. */
  readonly handedTo: string | null;
  /**
   * It is older than this computer's membership, and its key is not here yet: the sentence names the computer that has to be online once to
   * give it. null: the key is here.
   */
  readonly keyWanted: { readonly sentence: string; readonly phrase: Phrase } | null;
  /** It overrides do not disturb, and its talker has that right. */
  readonly isOverride: boolean;
  /** What was typed; null: it was spoken. */
  readonly words: WordsStatus | null;
  /** What an engine of this computer understood of it; null: nobody asked it. */
  readonly transcript: TranscriptStatus | null;
}

/** How far the transcript of a message is. */
export interface TranscriptStatus {
  readonly state: 'waiting' | 'working' | 'failed' | 'done';
  /** 0 to 1. */
  readonly part: number;
  /** It waits while somebody talks. */
  readonly isPaused: boolean;
  /** null: not done, or being opened. Empty: nothing was understood. */
  readonly text: string | null;
  /** How sure the engine is, 0 to 1; null: it does not say. */
  readonly confidence: number | null;
  /** The text is a guess: to be shown as one. */
  readonly isUnsure: boolean;
  /** Why it failed. */
  readonly why: { readonly sentence: string; readonly phrase: Phrase } | null;
}

/** A word of a transcript, and when it was spoken, from the beginning of the message. */
export interface TranscriptWord {
  readonly text: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly confidence: number | null;
  /** The word is a guess. */
  readonly isUnsure: boolean;
}

export interface Transcript {
  readonly text: string;
  /** Empty: the engine gives no times. */
  readonly words: readonly TranscriptWord[];
  readonly confidence: number | null;
  /** The text is a guess. */
  readonly isUnsure: boolean;
}

/** The words of a message that was typed. */
export interface WordsStatus {
  /** null: they have not come yet, or their key is not here. */
  readonly text: string | null;
  /** A BCP 47 tag; null: unknown. */
  readonly language: string | null;
  /** There is no voice: the talker's computer could make none. */
  readonly isAlone: boolean;
}

/** Loudness over time: `peaks` are 0 to 255, evenly spread over the message as far as it is here. */
export interface Waveform {
  readonly peaks: readonly number[];
  readonly durationMs: number;
}

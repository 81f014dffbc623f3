import type { Phrase } from '../i18n/index.ts';
import type { CallRecording, CallStatus, MissedCall } from './calls.ts';
import type { GroupName } from './groups.ts';
import type { PlaybackStatus, TalkStatus } from './messages.ts';
import type { Caption } from './speech.ts';
import type { PresenceChoice } from './methods.ts';

export interface SoundStatus {
  /**
   * running: the device is open; idle: it is closed until it is needed. For the others `sentence` says what is wrong and what comes next.
   */
  readonly state: 'running' | 'idle' | 'opening' | 'missing' | 'failed';
  readonly device: string | null;
  readonly sentence: string | null;
  readonly phrase: Phrase | null;
}

export interface Status {
  readonly version: string;
  /** 'setup': first run is not done; 'running': a member of an office; 'removed': no member any more. */
  readonly state: 'setup' | 'running' | 'removed';
  /** The office that is being joined, until this computer is in; null: none. */
  readonly joining: Joining | null;
  /** The number of requests to be let in that wait for this person. */
  readonly requests: number;
  /** First run has to be repeated: this computer was in an office of version 0.1, which has no ledger. */
  readonly wasInOldOffice: boolean;
  /** The removal of this computer from its office; null: it was not removed. */
  readonly removed: {
    readonly by: string | null;
    /** Milliseconds since the epoch, by the remover's clock; null: unknown. */
    readonly at: number | null;
  } | null;
  readonly node: { readonly id: string; readonly name: string; readonly extension: string } | null;
  readonly presence: PresenceChoice;
  /** When the presence becomes available by itself, ms since the epoch. */
  readonly presenceUntil: number | null;
  /** The stand-in who gets this person's messages; null: they are not diverted. */
  readonly divert: { readonly person: string; readonly name: string; readonly extension: string } | null;
  /**
   * switch: this node is the switch; member: another one is; alone: no other computer is online; none: the node is connected to no office.
   */
  readonly role: 'switch' | 'member' | 'alone' | 'none';
  readonly switch: { readonly id: string; readonly name: string } | null;
  readonly term: number;
  readonly unheard: number;
  readonly microphone: SoundStatus;
  readonly speaker: SoundStatus;
  readonly talking: TalkStatus | null;
  /** Whom the talk key reaches: the person who speaks to this one now or did a moment ago, otherwise the last choice. */
  readonly talkTo: {
    /** One name, or several with commas between them; `Bo → Kim` if Bo is diverted. The extension likewise, as it is dialled. */
    readonly name: string;
    readonly extension: string;
    /** The ids of the people who were selected themselves, and of the groups. */
    readonly people: readonly string[];
    readonly groups: readonly string[];
    /** The number of people that it reaches. */
    readonly count: number;
    /** It is a reply: they spoke to this person. */
    readonly isReply: boolean;
    /** When the reply window closes, ms since the epoch; null: they are still speaking, or it is no reply. */
    readonly until: number | null;
  } | null;
  /** The page that sounds here now; null: none. */
  readonly paged: {
    readonly name: string;
    readonly extension: string;
    readonly isToAll: boolean;
    /** The group that it is for. */
    readonly group: GroupName | null;
    readonly isUrgent: boolean;
  } | null;
  /** This person has the right to override do not disturb, and to page urgently. */
  readonly mayOverride: boolean;
  /**
   * The name of this person's other computer at which they are: messages sound there, and wait silently here. null: they are here, or it is
   * unknown.
   */
  readonly soundsAt: string | null;
  /** The talkers of messages in the queue, in the order of their turns. */
  readonly waiting: readonly {
    readonly person: string;
    readonly name: string;
    readonly extension: string;
  }[];
  /** The calls, first the one that this person is in. */
  readonly calls: readonly CallStatus[];
  /** The recording of a call here: one that goes on, or the last one, until `forgetRecording`; null: none. */
  readonly recording: CallRecording | null;
  /** The missed calls, the latest first. */
  readonly missedCalls: readonly MissedCall[];
  /** A number in a key or in the selection whose person is gone and which somebody else has now; the person is asked about it once. */
  readonly moved: MovedNumber | null;
  /** The question of a colleague who founded the office anew, whether this person moves too; null: there is none. */
  readonly moveAsked: MoveAsked | null;
  readonly playing: PlaybackStatus | null;
  /** The caption of what sounds here; null: there is none. The event `caption` tells of changes. */
  readonly caption: Caption | null;
  /** Everything that is wrong now, with a sentence each: disk full, extension taken, no multicast … */
  readonly troubles: readonly Trouble[];
  readonly endpoints: {
    readonly address: string;
    readonly control: number;
    readonly beat: number;
    readonly media: number;
  } | null;
}

export interface MovedNumber {
  readonly extension: string;
  /** The name of its present holder. */
  readonly name: string;
  readonly sentence: string;
  readonly phrase: Phrase;
}

export interface MoveAsked {
  /** The id of the new office. */
  readonly office: string;
  /** The question, with the asker's name, and the names of those whom the new office leaves out according to them. */
  readonly sentence: string;
  readonly phrase: Phrase;
}

export interface Joining {
  /** Milliseconds since the epoch. */
  readonly since: number;
  readonly by: 'link' | 'asking';
  /** The announced name of the asked office, otherwise its tag; null: joining by a link, which does not contain them. */
  readonly office: string | null;
  /** The six digits that the other screen should show; null: there is no comparison yet. */
  readonly digits: string | null;
  /** This person has confirmed the digits; now the other one has to let them in. */
  readonly isAgreed: boolean;
}

export interface Trouble {
  readonly code: string;
  readonly sentence: string;
  readonly phrase: Phrase;
}

export interface DeviceList {
  readonly microphones: readonly { readonly name: string; readonly isDefault: boolean }[];
  readonly speakers: readonly { readonly name: string; readonly isDefault: boolean }[];
}

export interface SoundTest {
  readonly state: 'idle' | 'recording' | 'recorded' | 'playing';
  readonly durationMs: number;
}

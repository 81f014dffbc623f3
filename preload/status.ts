import type { Phrase } from '../i18n/index.ts';
import type { CallStatus, MissedCall } from './calls.ts';
import type { GroupName } from './groups.ts';
import type { PlaybackStatus, TalkStatus } from './messages.ts';
import type { PresenceChoice } from './methods.ts';

export interface SoundStatus {
  /**
   * running: the device is open; idle: it is closed until it is needed. Of the others `sentence` says what is wrong and
   * what comes next.
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
  /** How many computers ask to be let in and wait for this person. */
  readonly requests: number;
  /** First run is not done again: this computer was in an office of version 0.1, which has no members to go by. */
  readonly wasInOldOffice: boolean;
  /** Who took this computer out of the office: a name, where it is known; null: nobody did. */
  readonly removed: {
    readonly by: string | null;
    /** Milliseconds since the epoch, by the clock of whoever did it; null: not written down. */
    readonly at: number | null;
  } | null;
  readonly node: { readonly id: string; readonly name: string; readonly extension: string } | null;
  readonly presence: PresenceChoice;
  /** When the presence becomes available by itself, ms since the epoch. */
  readonly presenceUntil: number | null;
  /** Who has this person's messages in their place; null: nobody else. */
  readonly divert: { readonly person: string; readonly name: string; readonly extension: string } | null;
  /**
   * switch: this node is the switch; member: another one is; alone: no other computer is seen; none: the node is
   * connected to no office.
   */
  readonly role: 'switch' | 'member' | 'alone' | 'none';
  readonly switch: { readonly id: string; readonly name: string } | null;
  readonly term: number;
  readonly unheard: number;
  readonly microphone: SoundStatus;
  readonly speaker: SoundStatus;
  readonly talking: TalkStatus | null;
  /** Whom the talk key reaches: who speaks to me now, or did a moment ago; else whom I chose or talked to last. */
  readonly talkTo: {
    /** One name, or several with commas between them, `Bo → Kim` where Bo diverted; the extension likewise, as it is dialled. */
    readonly name: string;
    readonly extension: string;
    /** The ids of the people who were chosen themselves, and of the groups. */
    readonly people: readonly string[];
    readonly groups: readonly string[];
    /** How many people it reaches. */
    readonly count: number;
    /** They spoke to me. */
    readonly isReply: boolean;
    /** Until when that is so, ms since the epoch, where they have ended; null: until something else is chosen. */
    readonly until: number | null;
  } | null;
  /** Whose page sounds here now; null: none does. */
  readonly paged: {
    readonly name: string;
    readonly extension: string;
    readonly isToAll: boolean;
    /** The group that it is to. */
    readonly group: GroupName | null;
    readonly isUrgent: boolean;
  } | null;
  /** This person has the right to override do not disturb, and to page urgently. */
  readonly mayOverride: boolean;
  /**
   * This person's other computer, by its name, where the last input was: what comes sounds there, and waits here in silence. null:
   * here, or nobody knows where they are.
   */
  readonly soundsAt: string | null;
  /** Whose message waits until what is heard now has ended, in the order of their turns. */
  readonly waiting: readonly { readonly name: string; readonly extension: string }[];
  /** The one that this person is in first. */
  readonly calls: readonly CallStatus[];
  /** The latest first. */
  readonly missedCalls: readonly MissedCall[];
  /** A number of a key, or the one chosen last, whose person is gone and which is somebody else's now: asked about once. */
  readonly moved: MovedNumber | null;
  /** A colleague founded the office anew and asks whether this person moves too; null: nobody does. */
  readonly moveAsked: MoveAsked | null;
  readonly playing: PlaybackStatus | null;
  /** Everything that is wrong now, a sentence for each: disk full, extension taken, no multicast … */
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
  /** Whose it is now. */
  readonly name: string;
  readonly sentence: string;
  readonly phrase: Phrase;
}

export interface MoveAsked {
  /** Where it leads. */
  readonly office: string;
  /** Who asks, and whom the new office leaves out by that person’s word. */
  readonly sentence: string;
  readonly phrase: Phrase;
}

export interface Joining {
  /** Milliseconds since the epoch. */
  readonly since: number;
  readonly by: 'link' | 'asking';
  /** What the office that is asked calls itself, else its tag; null: joined by a link, which does not say. */
  readonly office: string | null;
  /** The six digits that the other screen should show; null: nobody compares yet. */
  readonly digits: string | null;
  /** This person said that the digits are the same: now the other one lets them in. */
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

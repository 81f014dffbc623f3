import type { Phrase } from '../i18n/index.ts';
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
  /** 'setup': first run is not done; 'running': a member of an office. */
  readonly state: 'setup' | 'running';
  readonly node: { readonly id: string; readonly name: string; readonly extension: string } | null;
  readonly presence: PresenceChoice;
  /** When the presence becomes available by itself, ms since the epoch. */
  readonly presenceUntil: number | null;
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
  /** The person whom the talk key reaches: the one who speaks to me now, else the one I talked to last. */
  readonly talkTo: { readonly name: string; readonly extension: string } | null;
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

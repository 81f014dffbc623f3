import type { RingName } from '../../native-audio/index.ts';
import type { Fragment } from '../model/index.ts';
import type { GroupReach, MediaAddress, Packet } from './media-address.ts';

export type { GroupReach, MediaAddress, Packet };
export type { CallCleaning, SoundTestState, WorkerEvent } from './worker-events.ts';

/**
 * What main and the media worker say to each other. Plain data only (structured clone). The worker owns the sound
 * devices and the media socket; it knows messages by their id and holds keys only in memory.
 */

export interface MessageKey {
  readonly masterKey: Uint8Array;
  readonly masterSalt: Uint8Array;
}

/** What is done to the microphone's voice in calls. */
export interface CallSound {
  /** What the loudspeaker plays is taken out of it. */
  readonly echoCancelling: boolean;
  /** Fans and keyboards are taken out of it. */
  readonly noiseSuppression: boolean;
  /** It is made as loud as other voices. */
  readonly gainControl: boolean;
}

export interface SoundConfiguration {
  /** null follows the system's default. */
  readonly microphone: string | null;
  readonly speaker: string | null;
  readonly ready: 'warm' | 'cold';
  /**
   * Whether soft tones say that the microphone captures, that it does no longer, that another talker waits, and that it is the turn of
   * one; left out: they do.
   */
  readonly tones?: boolean;
  /**
   * Whether a page's attention tone, the ring of a call that comes, and the tones of who waits sound; left out: they do. Others always do.
   */
  readonly alerts?: boolean;
  /** Left out: echo is cancelled, the gain controlled. */
  readonly calls?: CallSound;
  /** Whether `played` hands on what sounds; left out: it does not. */
  readonly captions?: boolean;
}

export type WorkerCommand =
  /** Sound needs no address: it works from the first of these on. */
  | { readonly type: 'sound'; readonly sound: SoundConfiguration }
  /** Moves the media socket to this address. Port 0 takes any. */
  | { readonly type: 'bind'; readonly address: string; readonly port: number }
  /** The multicast group to listen to, at the address of the media socket; null: none. */
  | { readonly type: 'join'; readonly group: MediaAddress | null }
  | { readonly type: 'list-devices'; readonly request: number }
  /** Key down. With `pcm` (48 kHz mono) the recording is spoken in real time instead of the microphone, then the talk ends. */
  | {
      readonly type: 'talk';
      readonly id: string;
      readonly ssrc: number;
      readonly key: MessageKey;
      readonly targets: readonly MediaAddress[];
      /** Each fragment goes there once for all targets that are in the group. Left out: each is sent its own. */
      readonly group?: MediaAddress;
      /** To this many who are in the group, and are not reached by it, goes their own. Left out: to all. The others ask the switch. */
      readonly own?: number;
      readonly pcm?: Int16Array;
      /** It may be a mere click: nothing is sent before there is a voice in it, or it has lasted `CLICK_MS`. */
      readonly mayBeClick?: boolean;
      /** Key down by `Clock.monotonic`: pre-roll reaches back to it. */
      readonly keyDownAt: number;
    }
  /**
   * The speech from now on is another message, under a key of its own, so that a person who has the key of the first hears no
   * more. `talk-renewed` comes, unless the talk is over.
   */
  | {
      readonly type: 'talk-renew';
      readonly id: string;
      readonly next: {
        readonly id: string;
        readonly ssrc: number;
        readonly key: MessageKey;
        readonly targets: readonly MediaAddress[];
        readonly group?: MediaAddress;
        readonly own?: number;
      };
    }
  /** `own`: as `talk` says. */
  | {
      readonly type: 'talk-targets';
      readonly id: string;
      readonly targets: readonly MediaAddress[];
      readonly own?: number;
    }
  /** Its header went out: listeners can say now whether the group reaches them. */
  | { readonly type: 'talk-announced'; readonly id: string }
  /** Records what the microphone hears, two minutes at most. `recorded` comes at the end. */
  | { readonly type: 'record'; readonly id: string; readonly keyDownAt: number }
  | { readonly type: 'record-stop'; readonly id: string }
  /** Key up: a short tail is still recorded, then `talk-ended` comes. */
  | { readonly type: 'talk-stop'; readonly id: string }
  /**
   * A call was answered: from now on voices go both ways, and nothing of them is handed on but what `call-record` asks for. With `pcm`
   * (48 kHz mono) that is spoken instead of the microphone, then silence.
   */
  | {
      readonly type: 'call';
      readonly id: string;
      readonly send: {
        readonly ssrc: number;
        readonly key: MessageKey;
        readonly targets: readonly MediaAddress[];
      };
      readonly receive: {
        readonly ssrc: number;
        readonly key: MessageKey;
        readonly talker: MediaAddress | null;
      };
      /** Silence goes out. */
      readonly isMuted: boolean;
      /** What comes in is not played. */
      readonly isSilent: boolean;
      /** A factor of the amplitude of what is played. */
      readonly gain: number;
      readonly pcm?: Int16Array;
    }
  | {
      readonly type: 'call-change';
      readonly id: string;
      readonly target: MediaAddress;
      readonly isMuted: boolean;
      readonly isSilent: boolean;
      readonly gain: number;
    }
  | { readonly type: 'call-end'; readonly id: string }
  /**
   * Records both sides of these calls, and of no others, from now on: `call-recorded` hands the recording on. `recording`: the
   * number of the recording; another one ends the one before.
   */
  | { readonly type: 'call-record'; readonly recording: number; readonly calls: readonly string[] }
  /** The recording of that number is over; `call-recording-ended` comes behind the last of it, also where this worker has none of it. */
  | { readonly type: 'call-record-end'; readonly recording: number }
  /** A tone says that a call is recorded, and again every quarter of a minute. Once more: another recording begins. */
  | { readonly type: 'recording-tone'; readonly isOn: boolean }
  /** What a call sounds like before it is answered, over and over; null: nothing. */
  | { readonly type: 'ring'; readonly ring: RingName | null }
  /** A call is about to be answered by itself: a tone says so once. `call-toned` comes when it has sounded. */
  | { readonly type: 'call-tone'; readonly id: string }
  /** Another talker waits for the ear: a soft tone says so once. */
  | { readonly type: 'waiting-tone' }
  /** A message this node has the key of. `play` says whether it sounds as it arrives. Early fragments of its SSRC are taken over. */
  | {
      readonly type: 'receive';
      readonly id: string;
      readonly ssrc: number;
      readonly key: MessageKey;
      readonly play: boolean;
      /** A factor of the amplitude; left out: 1. */
      readonly gain?: number;
      /** Where it sounds, a tone comes first: that of a page, or the soft one that says that somebody else speaks now. */
      readonly first?: 'page' | 'turn';
      /** It is sent to the office's group: the talker is told whether that reaches this node. */
      readonly isMulticast?: boolean;
      /** Where NACKs go: the talker's media endpoint; null once the talk is over. */
      readonly talker: MediaAddress | null;
    }
  /** A message this node stores without being able to open it (the switch): sealed bytes are passed on as they are. */
  | {
      readonly type: 'receive-sealed';
      readonly id: string;
      readonly ssrc: number;
      readonly talker: MediaAddress | null;
    }
  /** The manifest came: `count` fragments in all. Playing ends behind the last. */
  | { readonly type: 'receive-end'; readonly id: string; readonly count: number }
  | { readonly type: 'forget'; readonly id: string }
  /** Plays a message from fragment `from`. `play-fragments` brings what the store has, the network what is still spoken. */
  | {
      readonly type: 'play';
      readonly id: string;
      readonly ssrc: number;
      readonly key: MessageKey;
      readonly from: number;
      readonly speed: number;
      /** Fragments in all; null while it is still being spoken (then: catch up until live). */
      readonly count: number | null;
      /** A factor of the amplitude; left out: 1. */
      readonly gain?: number;
      /** As `receive` says. */
      readonly first?: 'page' | 'turn';
    }
  /** A voice of this computer says the words of a message that has none. `forget` ends it. */
  | {
      readonly type: 'speak';
      readonly id: string;
      /** 48 kHz, mono. */
      readonly pcm: Int16Array;
      /** A factor of the amplitude; left out: 1. */
      readonly gain?: number;
      /** As `receive` says. */
      readonly first?: 'page' | 'turn';
    }
  /** This message sounds louder or softer from now on. */
  | { readonly type: 'gain'; readonly id: string; readonly gain: number }
  /** Stored fragments of a message that is playing, still sealed. */
  | { readonly type: 'play-fragments'; readonly id: string; readonly fragments: readonly Fragment[] }
  | { readonly type: 'playback'; readonly action: 'pause' | 'resume' | 'stop' }
  | { readonly type: 'playback-seek'; readonly from: number }
  | { readonly type: 'playback-speed'; readonly speed: number }
  /** Opens and decodes sealed fragments at once: for export. Missing ones are concealed. */
  | {
      readonly type: 'render';
      readonly request: number;
      readonly ssrc: number;
      readonly key: MessageKey;
      readonly fragments: readonly Fragment[];
      readonly count: number;
      /** `pcm`: 16 bits, as they lie in memory. */
      readonly format: 'ogg' | 'wav' | 'pcm';
      /** What is said, for a tag of an Ogg file. */
      readonly words?: string;
    }
  /**
   * How loud each fragment is, for a waveform. The first `lead` only bring the decoder up. What is not in a `hurry` is
   * refused while anything is heard or spoken.
   */
  | {
      readonly type: 'loudness';
      readonly job: number;
      readonly ssrc: number;
      readonly key: MessageKey;
      readonly fragments: readonly Fragment[];
      readonly lead: number;
      readonly hurry: boolean;
    }
  /** `level` events also while nobody talks, with the microphone open for it; ends by itself after a minute. */
  | { readonly type: 'meter'; readonly on: boolean }
  /** Answered by `sound-tested`. A talk that begins ends the test. */
  | {
      readonly type: 'sound-test';
      readonly request: number;
      readonly action: 'record' | 'play' | 'stop';
      /** To be played instead of what was recorded: 48 kHz mono. */
      readonly pcm?: Int16Array;
    }
  /** What came to the port before this worker had it. */
  | { readonly type: 'packets'; readonly packets: readonly Packet[] }
  /** Answered by `pong` at once: a thread that hangs does not. */
  | { readonly type: 'ping' }
  /** Ends as `close` does, unless something goes on: then `stays` comes. */
  | { readonly type: 'rest' }
  | { readonly type: 'close' };

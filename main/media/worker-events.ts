import type { LocalizedText } from '../../i18n/index.ts';
import type { StreamState } from '../../native-audio/index.ts';
import type { Fragment } from '../model/index.ts';
import type { GroupReach } from './media-address.ts';

/** What needs a library: it may not load. */
export type CallCleaning = 'echo' | 'noise';

/** Say something and hear it back. `durationMs`: how much was recorded. */
export interface SoundTestState {
  readonly state: 'idle' | 'recording' | 'recorded' | 'playing';
  readonly durationMs: number;
}

/** What the media worker reports to main. */
export type WorkerEvent =
  /** The thread takes orders. */
  | { readonly type: 'started' }
  | { readonly type: 'stays' }
  | { readonly type: 'pong' }
  | { readonly type: 'bound'; readonly port: number }
  /** There is no media socket now. */
  | { readonly type: 'bind-failed'; readonly text: LocalizedText }
  | { readonly type: 'sound-state'; readonly microphone: StreamState; readonly speaker: StreamState }
  | {
      readonly type: 'devices';
      readonly request: number;
      readonly microphones: readonly { readonly name: string; readonly isDefault: boolean }[];
      readonly speakers: readonly { readonly name: string; readonly isDefault: boolean }[];
    }
  /** Own fragments, sealed and sent, a few at a time: for the own store. */
  | { readonly type: 'talk-fragments'; readonly id: string; readonly fragments: readonly Fragment[] }
  | { readonly type: 'capturing'; readonly id: string }
  /** Which targets of the message the group reaches, or does not, other than was thought. */
  | { readonly type: 'talk-reach'; readonly id: string; readonly reach: readonly GroupReach[] }
  /** The talk goes on as the message `next`; `talk-ended` follows for the one before. */
  | { readonly type: 'talk-renewed'; readonly id: string; readonly next: string }
  /** The microphone gives no sound for this talk, or does again. */
  | { readonly type: 'talk-silent'; readonly id: string; readonly isSilent: boolean }
  /** A talk that might have been a click is none. What was held back of it is sent now. */
  | { readonly type: 'talk-meant'; readonly id: string }
  /**
   * The talk is over. `failed`: the microphone could not be opened or was lost; what was said before stands. `isClick`: it was a click, of
   * which nothing was sent.
   */
  | {
      readonly type: 'talk-ended';
      readonly id: string;
      readonly count: number;
      readonly isClick?: boolean;
      readonly failed: LocalizedText | null;
    }
  /** Of `record`. `failed` as of a talk: what was said before stands. */
  | {
      readonly type: 'recorded';
      readonly id: string;
      /** 48 kHz mono. */
      readonly pcm: Int16Array;
      readonly failed: LocalizedText | null;
    }
  /** Sealed fragments that came over UDP (authenticated if the key is known), for the store. */
  | { readonly type: 'received'; readonly id: string; readonly fragments: readonly Fragment[] }
  /** The first fragment of a message that no order has named came over UDP, number `n`; told again every few seconds while more come. */
  | { readonly type: 'early'; readonly ssrc: number; readonly n: number }
  /** First sound of a message goes to the loudspeaker. */
  | { readonly type: 'sounding'; readonly id: string; readonly live: boolean }
  | {
      readonly type: 'playback';
      readonly id: string;
      readonly state: 'live' | 'catching-up' | 'playing' | 'paused';
      readonly positionFragment: number;
      readonly speed: number;
    }
  /** The playout is over. `lost`: no fragments came any more, or this computer cannot decode them. */
  | { readonly type: 'playback-ended'; readonly id: string; readonly reason: 'end' | 'lost' }
  /**
   * What was just played of a message or a call, before any volume: 48 kHz mono. Told where the configuration asks for it. `isOver`: it
   * sounds no longer.
   */
  | {
      readonly type: 'played';
      readonly of: 'message' | 'call';
      readonly id: string;
      readonly pcm: Int16Array;
      readonly isOver: boolean;
    }
  /** Packets of the call come in, of its voice or of RTCP; told once a second at most. */
  | { readonly type: 'call-heard'; readonly id: string }
  /** The tone that `call-tone` asked for went to the loudspeaker, to its end. */
  | { readonly type: 'call-toned'; readonly id: string }
  /** Both sides of the calls that are recorded: Opus packets of 10 ms, the next in line, a few at a time. */
  | {
      readonly type: 'call-recorded';
      readonly recording: number;
      readonly packets: readonly Uint8Array[];
    }
  | { readonly type: 'call-recording-ended'; readonly recording: number }
  /** In a call this part of cleaning the voice began to work, or does not: why, in a library's own words. */
  | { readonly type: 'call-cleaning'; readonly part: CallCleaning; readonly failure: string | null }
  /** This computer can neither encode nor decode speech. */
  | { readonly type: 'call-failed'; readonly id: string }
  | { readonly type: 'level'; readonly microphone: number; readonly speaker: number }
  | {
      readonly type: 'rendered';
      readonly request: number;
      readonly bytes: Uint8Array;
      readonly durationMs: number;
    }
  | { readonly type: 'render-failed'; readonly request: number; readonly sentence: string }
  /** The mean square of each frame, full scale being 1; null: not now, ask again. */
  | { readonly type: 'loudness'; readonly job: number; readonly powers: Float32Array | null }
  /** The test went on. What is recorded never leaves the worker. */
  | ({ readonly type: 'sound-test' } & SoundTestState)
  | ({ readonly type: 'sound-tested'; readonly request: number } & SoundTestState)
  /** Nobody foresaw it, and the worker goes on or is made again; `times`: how often since the last report. */
  | { readonly type: 'fault'; readonly where: string; readonly error: string; readonly times: number }
  /** Counted, logged once, dropped: packets that were no fragments of anything known. */
  | { readonly type: 'dropped'; readonly reason: string; readonly total: number };

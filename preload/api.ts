import type { Phrase } from '../i18n/index.ts';
import type { Arguments, MethodName, PresenceChoice } from './methods.ts';
import type { SettingValues } from './settings.ts';

export * from './methods.ts';
export * from './settings.ts';
export type { Language, Phrase } from '../i18n/index.ts';

/**
 * The one API of a node: what its methods answer and what it tells by itself. Every face (panel, tray, hotkey, command
 * line) calls these methods, over Electron IPC, a local socket or a loopback WebSocket.
 *
 * Every sentence is English. A face that speaks another language translates the `phrase` beside it
 * (`i18n/`); null: there is no sentence, or it exists in English alone.
 */

export type PresenceShown = PresenceChoice | 'offline';

export interface SoundStatus {
  /** running: open and moving; idle: cold and closed; the others say in `sentence` what is wrong and what happens next. */
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
  /** Who is the switch: oneself, another (its name), or nobody ('alone': no other computer is seen). */
  readonly role: 'switch' | 'member' | 'alone' | 'none';
  readonly switch: { readonly id: string; readonly name: string } | null;
  readonly term: number;
  readonly unheard: number;
  readonly microphone: SoundStatus;
  readonly speaker: SoundStatus;
  readonly talking: TalkStatus | null;
  /** Whom the talk key reaches: who speaks to me now, else the one talked to last. */
  readonly talkTo: { readonly name: string; readonly extension: string } | null;
  readonly playing: PlaybackStatus | null;
  /** What is wrong now, one sentence each: disk full, extension taken, no multicast … */
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

export interface Person {
  readonly id: string;
  readonly name: string;
  readonly extension: string;
  readonly presence: PresenceShown;
  readonly favourite: boolean;
  /** They are speaking to me right now. */
  readonly speaking: boolean;
}

/** What is known for certain of one recipient; never more than is proven. */
export interface RecipientStatus {
  readonly id: string;
  readonly name: string;
  readonly extension: string;
  /**
   * hearing: their node plays it as it is spoken; notified: their node raised a notification; waiting: nothing is known
   * of them yet; received / heard: their signed receipt is here.
   */
  readonly state: 'hearing' | 'notified' | 'waiting' | 'received' | 'heard';
  readonly at: number | null;
}

export interface TalkStatus {
  readonly id: string;
  readonly to: string;
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
  /** The other side: the talker of what came in, whom it was for of what went out. */
  readonly name: string;
  readonly extension: string;
  readonly startedAt: number;
  readonly durationMs: number;
  /** It is still being spoken. */
  readonly live: boolean;
  /** All of it is on this computer. */
  readonly complete: boolean;
  readonly heard: boolean;
  /** Retrieval number: plays this message when dialled. */
  readonly number: string;
  /** How many computers besides the talker's are known to hold all of it. */
  readonly storedOn: number;
  readonly recipients: readonly RecipientStatus[];
  /** Who spoke it, where it was handed on by somebody else. */
  readonly forwardedFrom: string | null;
}

export interface DeviceList {
  readonly microphones: readonly { readonly name: string; readonly isDefault: boolean }[];
  readonly speakers: readonly { readonly name: string; readonly isDefault: boolean }[];
}

export interface Settings extends SettingValues {
  /** For how long a deletion can be undone. */
  readonly undoMs: number;
}

/** One row of the dial plan. */
export interface DialRow {
  /** How it is dialled, such as `#` and a number. */
  readonly pattern: string;
  readonly explanation: string;
  readonly phrases: { readonly pattern: Phrase; readonly explanation: Phrase };
}

export interface DialPreview {
  /** nobody: it does nothing, and the sentence says why. */
  readonly kind: 'person' | 'message' | 'nobody';
  readonly sentence: string;
  readonly phrase: Phrase;
  /** What was typed as the node reads it, in digits, `#` and `*`: `(204)` is 204. null: no number but perhaps a name. */
  readonly dialled: string | null;
  /** The extension that was typed, whether or not somebody has it; null: it is none. */
  readonly extension: string | null;
}

/** Loudness over time: `peaks` are 0 to 255, evenly spread over the message as far as it is here. */
export interface Waveform {
  readonly peaks: readonly number[];
  readonly durationMs: number;
}

export interface Storage {
  readonly messages: number;
  readonly bytes: number;
  /** Of them, kept for colleagues and not playable here. */
  readonly keptForOthers: number;
  /** What is free on that disk; null where the system does not say. */
  readonly freeBytes: number | null;
}

export interface Health {
  readonly switch: { readonly id: string; readonly name: string; readonly self: boolean } | null;
  readonly standby: { readonly id: string; readonly name: string; readonly self: boolean } | null;
  readonly nodes: readonly NodeHealth[];
  readonly checks: readonly Check[];
}

export interface NodeHealth {
  readonly id: string;
  readonly name: string;
  readonly extension: string;
  readonly online: boolean;
  readonly address: string | null;
  /** Round trip, median of the last beats. */
  readonly latencyMs: number | null;
  /** Of the last beats, how many were lost, 0 to 1. */
  readonly loss: number | null;
}

export interface Check {
  readonly code:
    'microphone' | 'speaker' | 'network' | 'multicast' | 'switch' | 'copies' | 'storage' | 'extension';
  readonly ok: boolean;
  /** What was found. */
  readonly sentence: string;
  readonly phrase: Phrase;
  /** What to do about it; null where nothing is to be done. */
  readonly next: string | null;
  readonly nextPhrase: Phrase | null;
}

export interface SoundTest {
  readonly state: 'idle' | 'recording' | 'recorded' | 'playing';
  readonly durationMs: number;
}

export interface Results {
  status: Status;
  setup: Status;
  joinLink: { link: string };
  freeExtension: { extension: string };
  setPresence: Status;
  people: readonly Person[];
  setFavourite: readonly Person[];
  dialPlan: readonly DialRow[];
  dialPreview: DialPreview;
  dial: DialPreview;
  talkPress: { id: string; to: string; names: readonly string[] };
  talkRelease: { id: string | null };
  talkRecording: { id: string; durationMs: number };
  messages: readonly MessageSummary[];
  play: { id: string };
  playback: PlaybackStatus | null;
  waveform: Waveform;
  exportMessage: { base64: string; durationMs: number };
  forwardMessage: { id: string; to: string; names: readonly string[] };
  deleteMessage: { deleted: boolean };
  restoreMessage: { restored: boolean };
  devices: DeviceList;
  meter: { on: boolean };
  soundTest: SoundTest;
  settings: Settings;
  setSettings: Settings;
  storage: Storage;
  health: Health;
  diagnostics: { text: string };
  addAddress: { address: string };
  computer: { heard: true };
}
export type Result<M extends MethodName> = Results[M];

/** What happens, as it happens. `at` is milliseconds since the epoch on this computer. */
export type NodeEvent = { readonly at: number } & (
  | { readonly type: 'status'; readonly status: Status }
  | { readonly type: 'people'; readonly people: readonly Person[] }
  | { readonly type: 'message'; readonly message: MessageSummary }
  | { readonly type: 'message-gone'; readonly id: string }
  /** A message begins that will not be heard live here: raise a notification. */
  | {
      readonly type: 'notification';
      readonly id: string;
      readonly name: string;
      readonly extension: string;
      readonly number: string;
      readonly startedAt: number;
    }
  /** It was played or deleted, here or on another computer of mine: withdraw the notification. */
  | { readonly type: 'notification-done'; readonly id: string }
  /** The first sound of a message goes to the loudspeaker. */
  | { readonly type: 'sounding'; readonly id: string; readonly live: boolean }
  | { readonly type: 'playback'; readonly playback: PlaybackStatus | null }
  | { readonly type: 'talk'; readonly talk: TalkStatus | null }
  /** The microphone is capturing for this talk. */
  | { readonly type: 'capturing'; readonly id: string }
  /** 0 to 1. */
  | { readonly type: 'level'; readonly microphone: number; readonly speaker: number }
  | { readonly type: 'sound-test'; readonly test: SoundTest }
  | { readonly type: 'settings'; readonly settings: Settings }
);

/** Why a call was refused: a code for programs, a sentence for the person. */
export interface Refusal {
  readonly code: string;
  readonly error: string;
  readonly phrase: Phrase | null;
}

/** How a call ends on every transport. */
export type Reply<T> = { readonly ok: true; readonly result: T } | ({ readonly ok: false } & Refusal);

/** The API as a face sees it. A refused call rejects with an error that has a `code`, a `phrase`, and a sentence as `message`. */
export interface NodeApi {
  call<M extends MethodName>(method: M, args?: Arguments<M>): Promise<Result<M>>;
  /** Returns how to stop listening. */
  onEvent(listener: (event: NodeEvent) => void): () => void;
}

/** What goes over Electron's IPC, each channel once. */
export interface Channels {
  /** Asked by the panel. */
  'corridor:call': (request: {
    readonly method: MethodName;
    readonly args?: unknown;
  }) => Promise<Reply<unknown>>;
  /** To the panel: an event of the node. */
  'corridor:event': (event: NodeEvent) => void;
  /** To the panel: a person opened a join link, which waits for the panel to take it. */
  'corridor:link': () => void;
  /** Asked by the panel: the join link that waits. It is handed over once. */
  'corridor:take-link': () => Promise<string | null>;
  /** To the panel: the desktop asks for a part of it, and waits for the panel to take the request. */
  'corridor:part': () => void;
  /** Asked by the panel: the part to show. It is handed over once. */
  'corridor:take-part': () => Promise<PanelPart | null>;
  /** From the panel: the person begins or ends choosing a key there. */
  'corridor:choosing-key': (isChoosing: boolean) => Promise<void>;
}

/** What the desktop can ask the panel to show. */
export type PanelPart = 'people' | 'settings';

/** What the panel has in Electron: the API, and what only a desktop tells. */
export interface PanelApi extends NodeApi {
  /** A person opened a join link: the panel shows it and asks. A link that was opened before comes too. */
  onJoinLink(listener: (link: string) => void): void;
  /** The tray's menu, for example, asked for a part of the panel. A request from before comes too. */
  onPart(listener: (part: PanelPart) => void): void;
  /**
   * While a key is being chosen, no key of the desktop acts, and the panel sees them all. Ends by itself after 30 seconds, or
   * with the page. The settings stay as they are.
   */
  choosingKey(isChoosing: boolean): Promise<void>;
}

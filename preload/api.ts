import * as v from 'valibot';

/**
 * The one API of a node. Every face (panel, tray, hotkey, command line) calls these methods, over Electron IPC or over
 * the local socket. Arguments are checked against `methods` where they enter; the types are derived from the schemas.
 */

const idText = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{22}$/, 'not an id'));
const dialText = v.pipe(v.string(), v.minLength(1), v.maxLength(64));
const name = v.pipe(
  v.string(),
  v.trim(),
  v.minLength(1, 'A name is needed.'),
  v.maxLength(64, 'A name has at most 64 characters.'),
);
const extension = v.pipe(v.string(), v.regex(/^[0-9]{2,6}$/, 'An extension is a number of 2 to 6 digits.'));
const deviceName = v.nullable(v.pipe(v.string(), v.maxLength(256)));
const nothing = v.optional(v.strictObject({}));

export const presenceChoice = v.picklist(['available', 'busy', 'dnd', 'away']);
export type PresenceChoice = v.InferOutput<typeof presenceChoice>;
export type PresenceShown = PresenceChoice | 'offline';

/** Which message: an id, a retrieval number, or the oldest unheard one. */
const whichMessage = v.union([v.literal('next'), idText, v.pipe(v.string(), v.regex(/^#?[0-9]{4,9}$/))]);

export const methods = {
  status: { args: nothing },
  /** First run: makes or joins an office and says who one is. Also changes name or extension later. */
  setup: {
    args: v.strictObject({
      /** 'new', a join link, or left out to keep the office there is. */
      office: v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(256))),
      name,
      extension,
    }),
  },
  joinLink: { args: nothing },
  /** The extension to suggest at first run: the lowest free one from 101. */
  freeExtension: { args: nothing },
  people: { args: nothing },
  messages: { args: nothing },
  setPresence: { args: v.strictObject({ presence: presenceChoice }) },
  /** Key down. `dial`: extension; left out: whoever speaks to me now, else the last one talked to. */
  talkPress: { args: v.strictObject({ dial: v.optional(dialText) }) },
  /** Key up. */
  talkRelease: { args: nothing },
  /** Talks from a recording instead of the microphone: WAV bytes in base64, spoken in real time. */
  talkRecording: {
    args: v.strictObject({ dial: dialText, wavBase64: v.pipe(v.string(), v.maxLength(200 * 1024 * 1024)) }),
  },
  play: {
    args: v.strictObject({
      which: whichMessage,
      speed: v.optional(v.pipe(v.number(), v.minValue(0.5), v.maxValue(2.5))),
    }),
  },
  /** Pauses, goes on, or stops what is being played; `seek` jumps to a place. */
  playback: {
    args: v.strictObject({
      action: v.picklist(['pause', 'resume', 'stop', 'seek']),
      positionMs: v.optional(v.pipe(v.number(), v.minValue(0))),
    }),
  },
  /** The message as a file any player plays. */
  exportMessage: {
    args: v.strictObject({
      which: whichMessage,
      format: v.picklist(['ogg', 'wav']),
      /** It is taken out to be listened to: counts as heard. */
      heard: v.optional(v.boolean()),
    }),
  },
  deleteMessage: { args: v.strictObject({ id: idText }) },
  devices: { args: nothing },
  setSound: {
    args: v.strictObject({
      /** null follows the system's default. */
      microphone: v.optional(deviceName),
      speaker: v.optional(deviceName),
      /** warm: the microphone is kept ready and no first word is lost; cold: it is opened at key down. */
      ready: v.optional(v.picklist(['warm', 'cold'])),
    }),
  },
  settings: { args: nothing },
  setSettings: {
    args: v.strictObject({
      talkKey: v.optional(v.nullable(v.pipe(v.string(), v.maxLength(64)))),
    }),
  },
  addAddress: { args: v.strictObject({ address: v.pipe(v.string(), v.minLength(1), v.maxLength(256)) }) },
} as const satisfies Record<string, { args: v.GenericSchema }>;

export type MethodName = keyof typeof methods;
export type Arguments<M extends MethodName> = v.InferInput<(typeof methods)[M]['args']>;

export interface SoundStatus {
  /** running: open and moving; idle: cold and closed; the others say in `sentence` what is wrong and what happens next. */
  readonly state: 'running' | 'idle' | 'opening' | 'missing' | 'failed';
  readonly device: string | null;
  readonly sentence: string | null;
}

export interface Status {
  readonly version: string;
  /** 'setup': first run is not done; 'running': a member of an office. */
  readonly state: 'setup' | 'running';
  readonly node: { readonly id: string; readonly name: string; readonly extension: string } | null;
  readonly presence: PresenceChoice;
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
}

export interface Person {
  readonly id: string;
  readonly name: string;
  readonly extension: string;
  readonly presence: PresenceShown;
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
}

export interface DeviceList {
  readonly microphones: readonly { readonly name: string; readonly isDefault: boolean }[];
  readonly speakers: readonly { readonly name: string; readonly isDefault: boolean }[];
}

export interface Settings {
  readonly microphone: string | null;
  readonly speaker: string | null;
  readonly ready: 'warm' | 'cold';
  readonly talkKey: string | null;
}

export interface Results {
  status: Status;
  setup: Status;
  joinLink: { link: string };
  freeExtension: { extension: string };
  people: readonly Person[];
  messages: readonly MessageSummary[];
  setPresence: Status;
  talkPress: { id: string; to: string; names: readonly string[] };
  talkRelease: { id: string | null };
  talkRecording: { id: string; durationMs: number };
  play: { id: string };
  playback: PlaybackStatus | null;
  exportMessage: { base64: string; durationMs: number };
  deleteMessage: { deleted: boolean };
  devices: DeviceList;
  setSound: Status;
  settings: Settings;
  setSettings: Settings;
  addAddress: { address: string };
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
  | { readonly type: 'level'; readonly microphone: number; readonly speaker: number }
  | { readonly type: 'settings'; readonly settings: Settings }
);

/** How a call ends on every transport. */
export type Reply<T> =
  | { readonly ok: true; readonly result: T }
  | { readonly ok: false; readonly code: string; readonly error: string };

/** The API as a face sees it. A refused call rejects with an Error whose message is a sentence for the person. */
export interface NodeApi {
  call<M extends MethodName>(method: M, args?: Arguments<M>): Promise<Result<M>>;
  /** Returns how to stop listening. */
  onEvent(listener: (event: NodeEvent) => void): () => void;
}

const MAX_REASON_LENGTH = 200;

/** The arguments, checked; or why they are refused. */
export function checkArguments<M extends MethodName>(
  method: M,
  args: unknown,
): { ok: true; args: v.InferOutput<(typeof methods)[M]['args']> } | { ok: false; error: string } {
  const parsed = v.safeParse(methods[method].args, args ?? {});
  if (parsed.success) {
    return { ok: true, args: parsed.output as v.InferOutput<(typeof methods)[M]['args']> };
  }
  const [issue] = parsed.issues;
  const where = v.getDotPath(issue);
  // The message may repeat what was given, however long that is.
  const why = issue.message.slice(0, MAX_REASON_LENGTH);
  return { ok: false, error: where ? `${where}: ${why}` : why };
}

export function isMethodName(text: unknown): text is MethodName {
  return typeof text === 'string' && Object.hasOwn(methods, text);
}

/** What goes over Electron's IPC, each channel once. */
export interface Channels {
  /** Asked by the panel. */
  'corridor:call': (request: {
    readonly method: MethodName;
    readonly args?: unknown;
  }) => Promise<Reply<unknown>>;
  /** Told to the panel. */
  'corridor:event': (event: NodeEvent) => void;
}

import type { Phrase } from '../i18n/index.ts';
import type { Flash } from './flash.ts';
import type { Group } from './groups.ts';
import type { Health, Storage } from './health.ts';
import type {
  MessageSummary,
  PageStatus,
  PlaybackStatus,
  TalkStatus,
  Transcript,
  TranscriptStatus,
  Waveform,
} from './messages.ts';
import type { MessagePosition } from './message-pages.ts';
import type { Arguments, MethodName } from './methods.ts';
import type { FoundedAnew, InvitationStatus, JoinRequests, Members, OfficeSeen } from './members.ts';
import type { DialPreview, DialRow, Person } from './people.ts';
import type { Settings } from './settings.ts';
import type { Caption, Voices } from './speech.ts';
import type { DeviceList, SoundTest, Status } from './status.ts';

/** The result of each method. */
export interface Results {
  status: Status;
  setup: Status;
  joinLink: { link: string };
  members: Members;
  invitations: readonly InvitationStatus[];
  invite: InvitationStatus;
  inviteAnew: InvitationStatus;
  withdrawInvitation: readonly InvitationStatus[];
  makeAdmin: Members;
  vouch: Members;
  setRight: Members;
  removeMembers: Members;
  takeBack: Members;
  leaveOffice: Status;
  foundAnew: FoundedAnew;
  answerMove: Status;
  setOffice: Members;
  recoveryCode: { code: string | null };
  makeRecoveryCode: { code: string | null };
  recover: Members;
  offices: readonly OfficeSeen[];
  askToJoin: Status;
  answerDigits: Status;
  stopJoining: Status;
  requests: JoinRequests;
  letSomebodyIn: JoinRequests;
  compareRequest: JoinRequests;
  admitRequest: JoinRequests;
  declineRequest: JoinRequests;
  accountName: { name: string };
  freeExtension: { extension: string };
  setPresence: Status;
  setDivert: Status;
  people: readonly Person[];
  setFavourite: readonly Person[];
  setVolume: readonly Person[];
  mute: readonly Person[];
  knowPerson: readonly Person[];
  answerMoved: Status;
  dialPlan: readonly DialRow[];
  setCode: readonly DialRow[];
  dialPreview: DialPreview;
  choose: Status;
  groups: readonly Group[];
  makeGroup: Group;
  changeGroup: Group;
  endGroup: readonly Group[];
  setFavouriteGroup: readonly Group[];
  dial: DialPreview;
  /** `group`: the name of the group, if the talk is to one group alone. */
  talkPress: { id: string; to: string; names: readonly string[]; group: string | null };
  talkRelease: { id: string | null };
  talkRecording: { id: string; durationMs: number };
  /** `isSpoken`: with a voice of this computer; else the words are shown to who gets them. */
  talkText: Results['talkPress'] & { durationMs: number; isSpoken: boolean; text: string };
  textPreview: { isSpoken: boolean; language: string };
  voices: Voices;
  startCall: { id: string };
  controlCall: Status;
  transferCall: Status;
  setAutoAnswer: readonly Person[];
  pickUp: { id: string };
  forgetRecording: Status;
  forgetMissedCalls: Status;
  messages: readonly MessageSummary[];
  /** `before`: where the next answer goes on; null: nothing is left. */
  findMessages: { messages: readonly MessageSummary[]; before: MessagePosition | null };
  play: { id: string };
  /** The duration that is played again. */
  playLastWords: { durationMs: number };
  playback: PlaybackStatus | null;
  waveform: Waveform;
  transcript: Transcript;
  exportMessage: { base64: string; durationMs: number };
  forwardMessage: { id: string; to: string; names: readonly string[] };
  deleteMessage: { deleted: boolean };
  restoreMessage: { restored: boolean };
  devices: DeviceList;
  meter: { on: boolean };
  soundTest: SoundTest;
  tryVoice: SoundTest;
  tryFlash: { shown: true };
  settings: Settings;
  setSettings: Settings;
  storage: Storage;
  health: Health;
  diagnostics: { text: string };
  addAddress: { address: string };
  computer: { heard: true };
}
export type Result<M extends MethodName> = Results[M];

/** An event. `at` is milliseconds since the epoch on this computer. */
export type NodeEvent = { readonly at: number } & (
  | { readonly type: 'status'; readonly status: Status }
  | { readonly type: 'people'; readonly people: readonly Person[] }
  | { readonly type: 'groups'; readonly groups: readonly Group[] }
  /** The dial plan, after an admin changed a code. */
  | { readonly type: 'dial-plan'; readonly plan: readonly DialRow[] }
  | { readonly type: 'message'; readonly message: MessageSummary }
  | { readonly type: 'message-gone'; readonly id: string }
  /** A message has begun that is not heard live here: raise a notification. */
  | {
      readonly type: 'notification';
      readonly id: string;
      /** The talker's id as a person. While they are muted, the notification is held back. */
      readonly person: string;
      readonly name: string;
      readonly extension: string;
      /** The name of the group that it is for; null: it is for no group. */
      readonly group: string | null;
      readonly number: string;
      /** The name of the diverted person for whom it was meant; otherwise null. */
      readonly meantFor: string | null;
      /** It is, or was, a page; otherwise null. */
      readonly page: PageStatus | null;
      readonly startedAt: number;
      /** It overrides do not disturb. */
      readonly isOverride: boolean;
      /** null: it is still being spoken. */
      readonly durationMs: number | null;
      /** It has no voice: it was typed, and is read. */
      readonly isAlone: boolean;
      /** What was typed; null: it was spoken, or the words are not here yet. `message` tells of later changes. */
      readonly words: string | null;
      /** What an engine understood of it, as `MessageSummary` has it. */
      readonly transcript: TranscriptStatus | null;
    }
  /** The message was played or deleted, here or on another computer of this person: withdraw the notification. */
  | { readonly type: 'notification-done'; readonly id: string }
  /** The requests that wait for this person, whenever one of them changes. */
  | { readonly type: 'requests'; readonly requests: JoinRequests }
  /** Somebody asks to be let in, and this person may admit: raise a notification. */
  | { readonly type: 'join-request'; readonly id: string; readonly address: string }
  /** A colleague founded the office anew and asks whether this person moves too: raise a notification. See `Status.moveAsked`. */
  | { readonly type: 'move-asked'; readonly sentence: string; readonly phrase: Phrase }
  /** The first sound of a message goes to the loudspeaker. */
  | { readonly type: 'sounding'; readonly id: string; readonly live: boolean }
  /** Flash the screen; null: a flash that lasts is over. Sent where the person chose to be called by light. */
  | { readonly type: 'flash'; readonly flash: Flash | null }
  | { readonly type: 'playback'; readonly playback: PlaybackStatus | null }
  | { readonly type: 'caption'; readonly caption: Caption | null }
  | { readonly type: 'talk'; readonly talk: TalkStatus | null }
  /** The person expected something else of what they did, and can do it so. It is no trouble, and is over at once. */
  | { readonly type: 'hint'; readonly sentence: string; readonly phrase: Phrase }
  /** A sentence at hand was sent by its place. `names`: of the people or the group who get it. `isSpoken`: see `talkText`. */
  | {
      readonly type: 'preset-sent';
      readonly id: string;
      readonly names: readonly string[];
      readonly text: string;
      readonly isSpoken: boolean;
    }
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

/** The answer to a call on every transport. */
export type Reply<T> = { readonly ok: true; readonly result: T } | ({ readonly ok: false } & Refusal);

/** The API as clients see it. A refused call rejects with an error that has a `code`, a `phrase`, and a sentence as `message`. */
export interface NodeApi {
  call<M extends MethodName>(method: M, args?: Arguments<M>): Promise<Result<M>>;
  /** Adds a listener. Returns a function that removes it. */
  onEvent(listener: (event: NodeEvent) => void): () => void;
}

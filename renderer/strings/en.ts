import type { PresenceShown, RecipientStatus } from '../../preload/api.ts';
import { enSettings } from './en-settings.ts';
import { enWeb } from './en-web.ts';

/** English: every word of the panel, and the form that the other languages must have. */
export const en = {
  ...enSettings,
  ...enWeb,

  appName: 'Corridor',
  loading: 'Starting…',

  settings: 'Settings',
  close: 'Close',
  presenceMenu: (now: string) => `Presence: ${now}`,
  presence: {
    available: 'Available',
    busy: 'Busy',
    dnd: 'Do not disturb',
    away: 'Away',
    offline: 'Offline',
  } satisfies Record<PresenceShown, string>,
  presenceHint: {
    available: 'You hear colleagues at once',
    busy: 'You are notified instead',
    dnd: 'Messages wait silently',
    away: 'You are notified instead',
  },
  presenceFor: {
    halfHour: 'Do not disturb for 30 minutes',
    hour: 'Do not disturb for 1 hour',
    tomorrow: 'Do not disturb until tomorrow',
  },
  presenceUntil: (what: string, left: string) => `${what}, ${left}`,
  minutesLeft: (minutes: number) => `${minutes} min left`,
  untilTime: (time: string) => `until ${time}`,
  yourExtension: (extension: string) => `Your extension: ${extension}`,

  find: 'Name, number or #message',
  findLabel: 'Find a person, or dial a number',
  findClear: 'Clear',
  findKeys: (name: string) => `Enter selects ${name}, Enter held talks`,
  findNobody: (query: string) => `Nobody here is called “${query}”.`,
  findEnter: 'Press Enter to do it.',
  findNobodyNext: 'Try a part of the name, or the extension.',
  foundCount: (count: number) => (count === 1 ? '1 person' : `${count} people`),
  talkTarget: (name: string) => `Talk now reaches ${name}`,

  show: 'Show',
  people: 'People',
  speaking: 'Speaking to you',
  holdToTalk: (name: string, extension: string, presence: string) =>
    `Hold to talk to ${name}, extension ${extension}, ${presence}`,
  hold: 'Hold to talk',
  favourite: (name: string) => `Favourite: ${name}`,
  reached: 'The talk button reaches this person',
  nobodyTitle: 'Nobody else is here yet',
  nobodyLead:
    'Send your colleagues this link. Who opens Corridor with it on this network appears here by itself.',
  copyLink: 'Copy join link',
  copied: 'Copied',

  messages: 'Messages',
  unheardCount: (count: number) => `${count} unheard`,
  unheard: 'Unheard',
  noMessagesTitle: 'No messages',
  noMessagesLead: 'Whatever is said to you while you are away waits here.',
  to: (name: string) => `To ${name}`,
  speakingNow: 'Speaking now',
  recording: 'You are speaking',
  play: (what: string) => `Play ${what}`,
  pause: 'Pause',
  resume: 'Go on',
  stop: 'Stop',
  position: 'Position',
  remove: (what: string) => `Delete ${what}`,
  removed: (name: string) => `Deleted: ${name}`,
  removedCount: (count: number) => `${count} messages deleted`,
  undo: 'Undo',
  pauseMessage: (what: string) => `Pause ${what}`,
  resumeMessage: (what: string) => `Go on with ${what}`,
  playAll: (count: number, length: string) => `Play all unheard (${count}, ${length})`,
  playing: 'Playing',
  playingOf: (name: string) => `Playing ${name}`,
  paused: 'Paused',
  skip: (following: number) =>
    following === 1 ? 'Next message, 1 more follows' : `Next message, ${following} more follow`,
  speed: (speed: string) => `Speed ${speed}`,
  positionIn: (what: string) => `Position in ${what}`,
  positionOf: (now: string, all: string) => `${now} of ${all}`,
  waveformOf: (what: string) => `Waveform of ${what}`,
  reply: (name: string) => `Hold to reply to ${name}`,
  replyHint: 'Hold to reply',
  forward: (what: string) => `Forward ${what}`,
  forwardHint: 'Forward',
  forwardedFrom: (name: string) => `Forwarded from ${name}`,
  forwardTitle: 'Forward the message',
  forwardWhom: 'To whom?',
  forwardTo: (name: string, extension: string) => `Forward to ${name} · ${extension}`,
  forwardChoose: 'Choose a person',
  forwarded: (names: string) => `Forwarded to ${names}`,
  cancel: 'Cancel',
  saveMessage: (what: string) => `Save ${what} as a file`,
  saveHint: 'Save as .ogg',
  removeHint: 'Delete',
  numberOf: (number: string) => `Retrieval number ${number}`,
  messageOf: (name: string, when: string) => `the message of ${name}, ${when}`,
  messageTo: (name: string, when: string) => `the message to ${name}, ${when}`,
  catchingUp: 'Catching up',
  livePlayback: 'Live',
  incomplete: 'Still arriving',

  talkBar: 'Talk',
  talkKeyTo: (key: string, name: string, extension: string) => [
    'Hold ',
    key,
    ` to talk to ${name} · ${extension}`,
  ],
  talkKeyNobody: (key: string) => [
    'Hold a person’s button to talk. ',
    key,
    ' then reaches them from anywhere.',
  ],
  noTalkKey: 'Hold a person’s button to talk. A talk key can be chosen in Settings.',
  talkButton: (name: string) => `Talk to ${name} (hold)`,
  talkReply: (name: string) => `${name} is talking to you`,
  talkingTo: (names: string) => `Talking to ${names}`,
  youAreHeard: 'Microphone level',
  recipient: {
    hearing: 'hears you now',
    notified: 'notified',
    waiting: 'waiting for an answer',
    received: 'has the message',
    heard: 'has heard it',
  } satisfies Record<RecipientStatus['state'], string>,
  recipientWaiting: {
    available: 'waiting for an answer',
    busy: 'busy, not yet notified',
    dnd: 'do not disturb',
    away: 'away, not yet notified',
    offline: 'offline, the message will wait',
  } satisfies Record<PresenceShown, string>,
  recipientNotified: {
    available: 'notified',
    busy: 'busy, notified',
    dnd: 'do not disturb, the message waits',
    away: 'away, notified',
    offline: 'notified',
  } satisfies Record<PresenceShown, string>,
  onlyHere: 'Only on this computer so far',
  storedOn: (count: number) => (count === 1 ? 'Stored on 1 computer' : `Stored on ${count} computers`),
  heardAt: (time: string) => `Heard ${time}`,
  heardBy: (count: number, all: number) => `Heard by ${count} of ${all}`,

  troubles: 'What needs attention',
  dismiss: 'Dismiss',
} as const;

/** The same names, the same parameters, any words. */
type Translations<T> = {
  readonly [K in keyof T]: T[K] extends string
    ? string
    : T[K] extends (...args: infer A) => infer R
      ? (...args: A) => R extends string ? string : R
      : Translations<T[K]>;
};

export type Strings = Translations<typeof en>;
/** The part that first run, settings, health and keypad need. */
export type SettingsStrings = Translations<typeof enSettings>;

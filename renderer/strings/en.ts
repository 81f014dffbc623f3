import type { PresenceShown, RecipientStatus } from '../../preload/api.ts';
import { enSettings } from './en-settings.ts';

/** English: every word of the panel, and the form that the other languages must have. */
export const en = {
  ...enSettings,

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
  yourExtension: (extension: string) => `Your extension: ${extension}`,

  people: 'People',
  speaking: 'Speaking to you',
  holdToTalk: (name: string, extension: string, presence: string) =>
    `Hold to talk to ${name}, extension ${extension}, ${presence}`,
  hold: 'Hold to talk',
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
  reallyRemove: 'Delete?',
  keep: 'Keep',
  messageOf: (name: string, when: string) => `the message of ${name}, ${when}`,
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
  talkingTo: (names: string) => `Talking to ${names}`,
  youAreHeard: 'Microphone level',
  recipient: {
    hearing: 'hears you now',
    notified: 'notified',
    waiting: 'waiting for an answer',
    received: 'has the message',
    heard: 'has heard it',
  } satisfies Record<RecipientStatus['state'], string>,
  onlyHere: 'Only on this computer so far',
  storedOn: (count: number) => (count === 1 ? 'Stored on 1 computer' : `Stored on ${count} computers`),
  heardAt: (time: string) => `Heard ${time}`,
  heardBy: (count: number, all: number) => `Heard by ${count} of ${all}`,

  troubles: 'What needs attention',
  dismiss: 'Dismiss',
} as const;

/** The same names, the same parameters, any words. */
type Words<T> = {
  readonly [K in keyof T]: T[K] extends string
    ? string
    : T[K] extends (...args: infer A) => infer R
      ? (...args: A) => R extends string ? string : R
      : Words<T[K]>;
};

export type Strings = Words<typeof en>;
/** The part that first run, settings, health and keypad need. */
export type SettingsStrings = Words<typeof enSettings>;

import type { Language, PresenceChoice } from '../../preload/api.ts';
import { de as german, type Translations } from '../../i18n/index.ts';

/** Everything that tray and notifications say. A language is one object of this shape; the compiler misses no word. */
export interface Strings {
  readonly language: Language;
  /** Names what does not change, such as "Corridor: do not disturb". */
  readonly tooltip: (translations: string) => string;
  readonly cannotStart: string;
  readonly notSetUp: string;
  readonly youTalkTo: (names: string) => string;
  readonly talksToYou: (name: string, extension: string) => string;
  readonly unheard: (count: number) => string;
  readonly nobodySeen: string;
  readonly doNotDisturb: string;

  readonly play: (count: number) => string;
  readonly playAll: string;
  readonly reply: (name: string) => string;
  readonly talkTo: string;
  readonly stopTalking: string;
  readonly morePeople: (count: number) => string;
  readonly presence: string;
  readonly presences: Readonly<Record<PresenceChoice, string>>;
  readonly offline: string;
  readonly forMinutes: (minutes: number) => string;
  readonly forOneHour: string;
  readonly untilTomorrow: string;
  readonly until: (time: string) => string;
  readonly open: string;
  readonly settings: string;
  readonly quit: string;

  readonly isTalking: (name: string, extension: string, number: string) => string;
  readonly clickToHear: string;
  readonly clickToHearAll: string;
  readonly clickToStop: string;
  readonly manyWait: (count: number) => string;
  readonly actionPlay: string;
  readonly actionPlayAll: string;
  readonly actionReply: string;
  readonly actionLater: string;

  /** The node's sentences; null: they are in this language already. */
  readonly words: Translations | null;
}

const en: Strings = {
  language: 'en',
  tooltip: (words) => `Corridor: ${words}`,
  cannotStart: 'Corridor cannot start',
  notSetUp: 'not set up yet',
  youTalkTo: (names) => `you talk to ${names}`,
  talksToYou: (name, extension) => `${name} (${extension}) talks to you`,
  unheard: (count) => (count === 1 ? '1 unheard message' : `${count} unheard messages`),
  nobodySeen: 'nobody else is seen',
  doNotDisturb: 'do not disturb',

  play: (count) => (count > 0 ? `Play unheard (${count})` : 'Play unheard'),
  playAll: 'Play all unheard',
  reply: (name) => `Reply to ${name}`,
  talkTo: 'Talk to',
  stopTalking: 'Stop talking',
  morePeople: (count) => `${count} more in the panel…`,
  presence: 'Presence',
  presences: { available: 'Available', busy: 'Busy', dnd: 'Do not disturb', away: 'Away' },
  offline: 'offline',
  forMinutes: (minutes) => `Do not disturb for ${minutes} minutes`,
  forOneHour: 'Do not disturb for 1 hour',
  untilTomorrow: 'Do not disturb until tomorrow',
  until: (time) => `until ${time}`,
  open: 'Open Corridor',
  settings: 'Settings…',
  quit: 'Quit',

  isTalking: (name, extension, number) => `${name} (${extension}) is talking to you — #${number}`,
  clickToHear: 'Click to hear it from the beginning.',
  clickToHearAll: 'Click to hear them one after the other.',
  clickToStop: 'Your microphone is open. Click to stop.',
  manyWait: (count) => `${count} messages are waiting`,
  actionPlay: 'Play',
  actionPlayAll: 'Play all',
  actionReply: 'Reply',
  actionLater: 'Later',

  words: null,
};

const de: Strings = {
  language: 'de',
  tooltip: (words) => `Corridor: ${words}`,
  cannotStart: 'Corridor kann nicht starten',
  notSetUp: 'noch nicht eingerichtet',
  youTalkTo: (names) => `du sprichst mit ${names}`,
  talksToYou: (name, extension) => `${name} (${extension}) spricht mit dir`,
  unheard: (count) => (count === 1 ? '1 ungehörte Nachricht' : `${count} ungehörte Nachrichten`),
  nobodySeen: 'sonst ist niemand zu sehen',
  doNotDisturb: 'nicht stören',

  play: (count) => (count > 0 ? `Ungehörte abspielen (${count})` : 'Ungehörte abspielen'),
  playAll: 'Alle ungehörten abspielen',
  reply: (name) => `${name} antworten`,
  talkTo: 'Sprechen mit',
  stopTalking: 'Sprechen beenden',
  morePeople: (count) => `${count} weitere im Fenster…`,
  presence: 'Status',
  presences: { available: 'Erreichbar', busy: 'Beschäftigt', dnd: 'Nicht stören', away: 'Abwesend' },
  offline: 'offline',
  forMinutes: (minutes) => `${minutes} Minuten nicht stören`,
  forOneHour: '1 Stunde nicht stören',
  untilTomorrow: 'Bis morgen nicht stören',
  until: (time) => `bis ${time}`,
  open: 'Corridor öffnen',
  settings: 'Einstellungen…',
  quit: 'Beenden',

  isTalking: (name, extension, number) => `${name} (${extension}) spricht mit dir — #${number}`,
  clickToHear: 'Klicken, um von Anfang an zu hören.',
  clickToHearAll: 'Klicken, um eine nach der anderen zu hören.',
  clickToStop: 'Dein Mikrofon ist offen. Klicken, um zu beenden.',
  manyWait: (count) => `${count} Nachrichten warten`,
  actionPlay: 'Abspielen',
  actionPlayAll: 'Alle abspielen',
  actionReply: 'Antworten',
  actionLater: 'Später',

  words: german,
};

/** The words of the chosen language, else of the system's (such as `de-CH`), else English. */
export function stringsFor(chosen: Language | null, locale: string): Strings {
  const language = chosen ?? locale.toLowerCase().split(/[-_]/)[0];
  return language === 'de' ? de : en;
}

import type { Language, PresenceChoice } from '../../preload/api.ts';
import type { NoHook } from './key-hook.ts';

/** Everything that tray, notifications and keys say. A language is one object of this shape; the compiler misses no word. */
export interface Strings {
  readonly language: Language;
  /** Names what does not change, such as "Corridor: do not disturb". */
  readonly tooltip: (words: string) => string;
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

  readonly panelLoaded: string;
  readonly panelGaveUp: string;

  readonly keysUnseen: (why: NoHook) => string;
  readonly keysToggle: (why: NoHook, keys: readonly string[]) => string;
  readonly keyUnknown: (keys: readonly string[]) => string;
  readonly keyTwice: (key: string) => string;
  /** Another program acts on it as well. */
  readonly keyShared: (keys: readonly string[]) => string;
  /** Another program has it, and it does nothing here. */
  readonly keyTaken: (keys: readonly string[]) => string;
}

const INSTEAD =
  'Hold a person’s button in the panel, or bind `corridor talk press` and `corridor talk release` in the desktop’s own shortcuts.';
const WHY: Readonly<Record<NoHook, string>> = {
  wayland: 'This desktop (Wayland) does not let Corridor see a key that is held.',
  'no-display': 'There is no X display, so keys cannot be seen.',
  accessibility: 'macOS does not let Corridor see a key that is held yet.',
  refused: 'This system does not let Corridor see a key that is held.',
};
const ALLOW =
  'allow it under System Settings, Privacy & Security, Accessibility, and click this panel again.';

const en: Strings = {
  language: 'en',
  tooltip: (words) => `Corridor: ${words}`,
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

  panelLoaded: 'The panel stopped and was loaded again. Nothing is lost.',
  panelGaveUp:
    'The panel stopped several times and was closed. Talking and messages go on; open it again from the tray.',

  keysUnseen: (why) => `${WHY[why]} ${why === 'accessibility' ? `To talk by keys, ${ALLOW}` : INSTEAD}`,
  keysToggle: (why, keys) =>
    `${WHY[why]} Press ${keys.join(', ')} once to talk and once more to end.` +
    (why === 'accessibility' ? ` To hold them, ${ALLOW}` : ''),
  keyUnknown: (keys) =>
    `${keys.join(', ')}: not known as a key here. Choose another one in the settings; the other keys work.`,
  keyTwice: (key) =>
    `${key} is chosen for two things and does only the first. Choose another one in the settings.`,
  keyShared: (keys) =>
    `${keys.join(', ')}: another program uses this key too, and both act on it. Choose another one in the settings if that disturbs.`,
  keyTaken: (keys) =>
    `${keys.join(', ')}: another program has taken this key, so it does nothing here. Choose another one in the settings.`,
};

const HALTEN =
  'Halten Sie im Fenster die Taste einer Person, oder legen Sie `corridor talk press` und `corridor talk release` auf Tastenkürzel des Systems.';
const GRUND: Readonly<Record<NoHook, string>> = {
  wayland: 'Diese Oberfläche (Wayland) zeigt Corridor nicht, ob eine Taste gehalten wird.',
  'no-display': 'Es gibt keine X-Anzeige, daher sind Tasten nicht zu sehen.',
  accessibility: 'macOS zeigt Corridor noch nicht, ob eine Taste gehalten wird.',
  refused: 'Dieses System zeigt Corridor nicht, ob eine Taste gehalten wird.',
};
const ERLAUBEN =
  'erlauben Sie es unter Systemeinstellungen, Datenschutz & Sicherheit, Bedienungshilfen, und klicken Sie wieder in dieses Fenster.';

const de: Strings = {
  language: 'de',
  tooltip: (words) => `Corridor: ${words}`,
  notSetUp: 'noch nicht eingerichtet',
  youTalkTo: (names) => `Sie sprechen mit ${names}`,
  talksToYou: (name, extension) => `${name} (${extension}) spricht zu Ihnen`,
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

  isTalking: (name, extension, number) => `${name} (${extension}) spricht zu Ihnen — #${number}`,
  clickToHear: 'Klicken, um von Anfang an zu hören.',
  clickToHearAll: 'Klicken, um eine nach der anderen zu hören.',
  clickToStop: 'Ihr Mikrofon ist offen. Klicken, um zu beenden.',
  manyWait: (count) => `${count} Nachrichten warten`,
  actionPlay: 'Abspielen',
  actionPlayAll: 'Alle abspielen',
  actionReply: 'Antworten',
  actionLater: 'Später',

  panelLoaded: 'Das Fenster war stehen geblieben und wurde neu geladen. Nichts ist verloren.',
  panelGaveUp:
    'Das Fenster blieb mehrmals stehen und wurde geschlossen. Sprechen und Nachrichten gehen weiter; öffnen Sie es über das Symbol neu.',

  keysUnseen: (why) =>
    `${GRUND[why]} ${why === 'accessibility' ? `Um mit Tasten zu sprechen, ${ERLAUBEN}` : HALTEN}`,
  keysToggle: (why, keys) =>
    `${GRUND[why]} Drücken Sie ${keys.join(', ')} einmal zum Sprechen und noch einmal zum Beenden.` +
    (why === 'accessibility' ? ` Um sie zu halten, ${ERLAUBEN}` : ''),
  keyUnknown: (keys) =>
    `${keys.join(', ')}: als Taste hier nicht bekannt. Wählen Sie in den Einstellungen eine andere; die übrigen gehen.`,
  keyTwice: (key) =>
    `${key} ist für zweierlei gewählt und tut nur das Erste. Wählen Sie in den Einstellungen eine andere.`,
  keyShared: (keys) =>
    `${keys.join(', ')}: auch ein anderes Programm nutzt diese Taste, und beide reagieren. Wählen Sie in den Einstellungen eine andere, wenn das stört.`,
  keyTaken: (keys) =>
    `${keys.join(', ')}: ein anderes Programm hat diese Taste, hier tut sie nichts. Wählen Sie in den Einstellungen eine andere.`,
};

/** The words of the chosen language, else of the system's (such as `de-CH`), else English. */
export function stringsFor(chosen: Language | null, locale: string): Strings {
  const language = chosen ?? locale.toLowerCase().split(/[-_]/)[0];
  return language === 'de' ? de : en;
}

import type { DesktopStrings } from '../en/desktop.ts';
import type { DesktopCode, NoKeys, Translations } from '../phrases.ts';
import { flash, understood } from './shared.ts';

/** German: tray and notifications. */
export const desktop: DesktopStrings = {
  tooltip: (text) => `Corridor: ${text}`,
  cannotStart: 'Corridor kann nicht starten',
  notSetUp: 'noch nicht eingerichtet',
  isJoining: 'tritt einem Büro bei',
  isRemoved: 'nicht mehr im Büro',
  asksToJoin: 'jemand bittet um Einlass ins Büro',
  youTalkTo: (names) => `du sprichst mit ${names}`,
  youAreNext: (text, then) => `${text}: ${then}`,
  hearsFirst: (name) => `hört erst noch ${name} zu`,
  hearsYouFirst: 'hört erst noch, was du vorher gesagt hast',
  speaksFirst: 'ist noch in einem Gespräch',
  isNext: (text, name) => `${text}; danach ${name}`,
  everybody: 'alle',
  youPage: (whom) => `du machst eine Durchsage an ${whom}`,
  youPageUrgently: (whom) => `du machst eine dringende Durchsage an ${whom}`,
  pages: (name, extension, group) =>
    `Durchsage von ${name} (${extension})${group === null ? '' : ` an ${group}`}`,
  pagesUrgently: (name, extension, group) =>
    `Dringende Durchsage von ${name} (${extension})${group === null ? '' : ` an ${group}`}`,
  withNumber: (text, number) => `${text} — #${number}`,
  talksToYou: (name, extension) => `${name} (${extension}) spricht mit dir`,
  calls: (name, extension) => `${name} (${extension}) ruft an`,
  putsThrough: (by, name, extension) => `${by} verbindet ${name} (${extension}) mit dir`,
  inCallWith: (name) => `im Gespräch mit ${name}`,
  inAnsweredCall: (name) => `im Gespräch mit ${name}, von selbst angenommen`,
  inRecordedCall: (name) => `im Gespräch mit ${name}, das dort aufgenommen wird`,
  unheard: (count) => (count === 1 ? '1 ungehörte Nachricht' : `${count} ungehörte Nachrichten`),
  nobodySeen: 'sonst ist niemand zu sehen',
  doNotDisturb: 'nicht stören',

  play: (count) => (count > 0 ? `Ungehörte abspielen (${count})` : 'Ungehörte abspielen'),
  playAll: 'Alle ungehörten abspielen',
  reply: (name) => `${name} antworten`,
  talkTo: 'Sprechen mit',
  pageAll: 'Durchsage an alle',
  stopTalking: 'Sprechen beenden',
  morePeople: (count) => `${count} weitere im Fenster…`,
  presence: 'Status',
  endDivert: (name) => `Umgeleitet zu ${name}: beenden`,
  presences: { available: 'Erreichbar', busy: 'Beschäftigt', dnd: 'Nicht stören', away: 'Abwesend' },
  offline: 'offline',
  forMinutes: (minutes) => `${minutes} Minuten nicht stören`,
  forOneHour: '1 Stunde nicht stören',
  untilTomorrow: 'Bis morgen nicht stören',
  until: (time) => `bis ${time}`,
  open: 'Corridor öffnen',
  settings: 'Einstellungen…',
  quit: 'Beenden',

  answer: (name) => `Annehmen: ${name}`,
  callLater: (name) => `Später: ${name}`,
  hangUp: (name) => `Auflegen: ${name}`,
  callTalker: (name) => `${name} anrufen`,
  clickToSeeCall: 'Klicke, um den Anruf zu sehen. Angenommen wird er dadurch nicht.',
  actionTakeCall: 'Annehmen',
  answeredItself: (name, extension) =>
    `Du bist im Gespräch mit ${name} (${extension}): Es wurde von selbst angenommen`,
  clickToSeeAnswered: 'Dein Mikrofon ist offen. Klicke, um das Gespräch zu sehen.',
  actionHangUp: 'Auflegen',
  recordsYou: (name, extension) => `${name} (${extension}) nimmt euer Gespräch auf`,
  clickToSeeRecorded: 'Was du sagst, wird gespeichert. Klicke, um das Gespräch zu sehen.',
  missedCall: (name) => `${name} hat angerufen`,
  clickToCallBack: 'Klicke, um zurückzurufen.',
  actionCallBack: 'Zurückrufen',

  flash,

  presetSent: (text, names) => `„${text}“ an ${names}`,
  presetIsHeard: 'Eine Stimme deines Computers spricht es dort.',
  presetIsRead: 'Keine Stimme deines Computers spricht es, darum lesen sie es.',

  isTalking: (name, extension, number) => `${name} (${extension}) spricht mit dir — #${number}`,
  isTalkingTo: (name, group, number) => `${name} spricht mit ${group} — #${number}`,
  hasLeft: (name, extension, group, duration) =>
    `${name} (${extension}) hat ${duration}${group === null ? '' : ` für ${group}`} hinterlassen`,
  hasPaged: (name, extension, group, duration) =>
    `Durchsage von ${name} (${extension})${group === null ? '' : ` an ${group}`}: ${duration}`,
  hasTyped: (name, extension, group) =>
    `${name} (${extension}) schreibt${group === null ? '' : ` an ${group}`}`,
  quoted: (words) => `„${words}“`,
  perhapsSaid: understood.unsure,
  isUrgent: (then) => `Dringend. ${then}`,
  messageWaits: 'Eine Nachricht wartet.',
  clickToHear: 'Klicken, um von Anfang an zu hören.',
  isMeantFor: (name, then) => `Für ${name}. ${then}`,
  clickToHearAll: 'Klicken, um eine nach der anderen zu hören.',
  clickToStop: 'Dein Mikrofon ist offen. Klicken, um zu beenden.',
  wantsToJoin: 'Jemand bittet um Einlass in dein Büro',
  clickToCompare: 'Klicken, um sechs Ziffern zu vergleichen. Lehn ab, wen du nicht erwartest.',
  actionCompare: 'Ansehen',
  askedToMove: 'Jemand fragt, ob du in ein anderes Büro mitkommst',
  clickToAnswer: 'Klicken, um zu antworten. Bis dahin ändert sich nichts.',
  actionAnswer: 'Ansehen',
  manyWait: (count) => `${count} Nachrichten warten`,
  actionPlay: 'Abspielen',
  actionPlayAll: 'Alle abspielen',
  actionReply: 'Antworten',
  actionCall: 'Anrufen',
  actionLater: 'Später',
};

const GRUND: Readonly<Record<NoKeys, string>> = {
  wayland: 'Diese Oberfläche (Wayland) zeigt Corridor nicht, ob eine Taste gehalten wird.',
  'no-display': 'Es gibt keine X-Anzeige, daher sind Tasten nicht zu sehen.',
  accessibility: 'macOS zeigt Corridor noch nicht, ob eine Taste gehalten wird.',
  refused: 'Dieses System zeigt Corridor nicht, ob eine Taste gehalten wird.',
};
const ERLAUBEN =
  'erlaube es unter Systemeinstellungen, Datenschutz & Sicherheit, Bedienungshilfen, und klick wieder in dieses Fenster.';
const STATTDESSEN =
  'Halte im Fenster den Knopf einer Person, oder leg `corridor talk press` und `corridor talk release` auf Tastenkürzel des Systems.';

/** German: the sentences of the desktop around the node. */
export const desktopPhrases: Pick<Translations, DesktopCode> = {
  'keys-unseen': ({ why }) =>
    `${GRUND[why]} ${why === 'accessibility' ? `Um mit Tasten zu sprechen, ${ERLAUBEN}` : STATTDESSEN}`,
  'keys-toggle': ({ why, keys }) =>
    `${GRUND[why]} Drück ${keys.join(', ')} einmal zum Sprechen und noch einmal zum Beenden.` +
    (why === 'accessibility' ? ` Um sie zu halten, ${ERLAUBEN}` : ''),
  'keys-unknown': ({ keys }) =>
    `${keys.join(', ')}: als Taste hier nicht bekannt. Wähle in den Einstellungen eine andere; die übrigen gehen.`,
  'key-conflict': ({ twice, shared, taken }) => {
    const sentences = twice.map(
      (key) =>
        `${key} ist für zweierlei gewählt und tut nur das Erste. Wähle in den Einstellungen eine andere.`,
    );
    if (shared.length > 0) {
      sentences.push(
        `${shared.join(', ')}: Auch ein anderes Programm nutzt diese Taste, und beide reagieren. Wähle in den Einstellungen eine andere, wenn das stört.`,
      );
    }
    if (taken.length > 0) {
      sentences.push(
        `${taken.join(', ')}: Ein anderes Programm hat diese Taste, hier tut sie nichts. Wähle in den Einstellungen eine andere.`,
      );
    }
    return sentences.join(' ');
  },
  'panel-loaded': () => 'Das Fenster war stehen geblieben und wurde neu geladen. Nichts ist verloren.',
  'panel-gave-up': () =>
    'Das Fenster blieb mehrmals stehen und wurde geschlossen. Sprechen und Nachrichten gehen weiter; öffne es über das Symbol neu.',
  'login-failed': ({ why }) =>
    `Corridor kann bei der Anmeldung nicht starten: Der Eintrag dafür ließ sich nicht schreiben (${why}). Alles andere geht.`,
};

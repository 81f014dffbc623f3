import type { PresenceChoice } from '../../preload/api.ts';

/** Every word that the desktop shows outside the panel. */
export const strings = {
  playUnheard: (count: number) => (count > 0 ? `Play next unheard (${count})` : 'Nothing unheard'),
  stopPlaying: 'Stop playing',
  talkTo: 'Talk to',
  stopTalking: 'Stop talking',
  nobody: 'Nobody else is here yet',
  presence: 'Presence',
  presences: {
    available: 'Available',
    busy: 'Busy',
    dnd: 'Do not disturb',
    away: 'Away',
  } satisfies Record<PresenceChoice, string>,
  open: 'Open Corridor',
  quit: 'Quit',
  tooltip: {
    setup: 'Corridor: not set up yet',
    idle: 'Corridor',
    unheard: (count: number) =>
      count === 1 ? 'Corridor: 1 unheard message' : `Corridor: ${count} unheard messages`,
    talking: 'Corridor: you are talking',
    hearing: 'Corridor: somebody is talking to you',
    dnd: 'Corridor: do not disturb',
    trouble: (sentence: string) => `Corridor: ${sentence}`,
  },
  isTalkingToYou: (name: string, extension: string, number: string) =>
    `${name} (${extension}) is talking to you — #${number}`,
  clickToPlay: 'Click to hear it.',
  manyMessages: (count: number) => `${count} messages wait for you`,
  clickToPlayFirst: (names: string) => `From ${names}. Click to hear the first.`,
  cannotTalk: 'Nobody hears you',
  cannotPlay: 'This cannot be played',
  panelCrashed: 'The Corridor window stopped and was opened again. Talking and messages were not affected.',
  cannotStart: 'Corridor cannot start',
  noKeyListener: (reason: string) =>
    `The talk key works only while the Corridor window is in front: this desktop does not let programs listen for keys (${reason}). ` +
    'Bind `corridor talk press` and `corridor talk release` in the desktop’s own shortcuts instead.',
  wayland: 'Wayland',
  unknownKey: (name: string) =>
    `The talk key ${name} is not known on this computer. Choose another in the settings.`,
} as const;

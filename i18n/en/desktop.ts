import type { Translated } from '../translated.ts';

/** English: tray and notifications, and the shape that every other language must have. */
export const desktop = {
  tooltip: (text: string) => `Corridor: ${text}`,
  cannotStart: 'Corridor cannot start',
  notSetUp: 'not set up yet',
  isJoining: 'joining an office',
  isRemoved: 'no longer in an office',
  asksToJoin: 'somebody asks to join the office',
  youTalkTo: (names: string) => `you talk to ${names}`,
  talksToYou: (name: string, extension: string) => `${name} (${extension}) talks to you`,
  unheard: (count: number) => (count === 1 ? '1 unheard message' : `${count} unheard messages`),
  nobodySeen: 'nobody else is seen',
  doNotDisturb: 'do not disturb',

  play: (count: number) => (count > 0 ? `Play unheard (${count})` : 'Play unheard'),
  playAll: 'Play all unheard',
  reply: (name: string) => `Reply to ${name}`,
  talkTo: 'Talk to',
  stopTalking: 'Stop talking',
  morePeople: (count: number) => `${count} more in the panel…`,
  presence: 'Presence',
  presences: { available: 'Available', busy: 'Busy', dnd: 'Do not disturb', away: 'Away' },
  offline: 'offline',
  forMinutes: (minutes: number) => `Do not disturb for ${minutes} minutes`,
  forOneHour: 'Do not disturb for 1 hour',
  untilTomorrow: 'Do not disturb until tomorrow',
  until: (time: string) => `until ${time}`,
  open: 'Open Corridor',
  settings: 'Settings…',
  quit: 'Quit',

  isTalking: (name: string, extension: string, number: string) =>
    `${name} (${extension}) is talking to you — #${number}`,
  isTalkingTo: (name: string, group: string, number: string) => `${name} is talking to ${group} — #${number}`,
  clickToHear: 'Click to hear it from the beginning.',
  isMeantFor: (name: string, then: string) => `For ${name}. ${then}`,
  clickToHearAll: 'Click to hear them one after the other.',
  clickToStop: 'Your microphone is open. Click to stop.',
  wantsToJoin: 'Somebody asks to join your office',
  clickToCompare: 'Click to compare six digits with them. Refuse whom you do not expect.',
  actionCompare: 'Look',
  askedToMove: 'A colleague asks you to move to another office',
  clickToAnswer: 'Click to answer. Nothing changes until you do.',
  actionAnswer: 'Look',
  manyWait: (count: number) => `${count} messages are waiting`,
  actionPlay: 'Play',
  actionPlayAll: 'Play all',
  actionReply: 'Reply',
  actionLater: 'Later',
} as const;

export type DesktopStrings = Translated<typeof desktop>;

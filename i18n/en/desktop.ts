import type { Translated } from '../translated.ts';
import { flash, understood } from './shared.ts';

/** English: tray and notifications, and the shape that every other language must have. */
export const desktop = {
  tooltip: (text: string) => `Corridor: ${text}`,
  cannotStart: 'Corridor cannot start',
  notSetUp: 'not set up yet',
  isJoining: 'joining an office',
  isRemoved: 'no longer in an office',
  asksToJoin: 'somebody asks to join the office',
  youTalkTo: (names: string) => `you talk to ${names}`,
  /** `then`: what the person does meanwhile. */
  youAreNext: (text: string, then: string) => `${text}, who ${then} first`,
  hearsFirst: (name: string) => `listens to ${name}`,
  hearsYouFirst: 'hears what you said before',
  speaksFirst: 'ends a call',
  isNext: (text: string, name: string) => `${text}; ${name} is next`,
  everybody: 'everybody',
  youPage: (whom: string) => `you page ${whom}`,
  youPageUrgently: (whom: string) => `you page ${whom} urgently`,
  pages: (name: string, extension: string, group: string | null) =>
    `${name} (${extension}) pages${group === null ? '' : ` ${group}`}`,
  pagesUrgently: (name: string, extension: string, group: string | null) =>
    `${name} (${extension}) pages${group === null ? '' : ` ${group}`} urgently`,
  withNumber: (text: string, number: string) => `${text} — #${number}`,
  talksToYou: (name: string, extension: string) => `${name} (${extension}) talks to you`,
  calls: (name: string, extension: string) => `${name} (${extension}) is calling`,
  putsThrough: (by: string, name: string, extension: string) => `${by} puts ${name} (${extension}) through`,
  inCallWith: (name: string) => `in a call with ${name}`,
  inAnsweredCall: (name: string) => `in a call with ${name}, which was answered by itself`,
  inRecordedCall: (name: string) => `in a call with ${name}, who records it`,
  unheard: (count: number) => (count === 1 ? '1 unheard message' : `${count} unheard messages`),
  nobodySeen: 'nobody else is seen',
  doNotDisturb: 'do not disturb',

  play: (count: number) => (count > 0 ? `Play unheard (${count})` : 'Play unheard'),
  playAll: 'Play all unheard',
  reply: (name: string) => `Reply to ${name}`,
  talkTo: 'Talk to',
  pageAll: 'Page everybody',
  stopTalking: 'Stop talking',
  morePeople: (count: number) => `${count} more in the panel…`,
  presence: 'Presence',
  endDivert: (name: string) => `Diverted to ${name}: end`,
  presences: { available: 'Available', busy: 'Busy', dnd: 'Do not disturb', away: 'Away' },
  offline: 'offline',
  forMinutes: (minutes: number) => `Do not disturb for ${minutes} minutes`,
  forOneHour: 'Do not disturb for 1 hour',
  untilTomorrow: 'Do not disturb until tomorrow',
  until: (time: string) => `until ${time}`,
  open: 'Open Corridor',
  settings: 'Settings…',
  quit: 'Quit',

  answer: (name: string) => `Answer ${name}`,
  callLater: (name: string) => `Later: ${name}`,
  hangUp: (name: string) => `Hang up: ${name}`,
  callTalker: (name: string) => `Call ${name}`,
  clickToSeeCall: 'Click to see the call. Nothing is answered by that.',
  actionTakeCall: 'Answer',
  answeredItself: (name: string, extension: string) =>
    `You are in a call with ${name} (${extension}): it was answered by itself`,
  clickToSeeAnswered: 'Your microphone is open. Click to see the call.',
  actionHangUp: 'Hang up',
  recordsYou: (name: string, extension: string) => `${name} (${extension}) records your call`,
  clickToSeeRecorded: 'What you say is kept. Click to see the call.',
  missedCall: (name: string) => `${name} called`,
  clickToCallBack: 'Click to call back.',
  actionCallBack: 'Call back',

  flash,

  presetSent: (text: string, names: string) => `“${text}” to ${names}`,
  presetIsHeard: 'A voice of your computer speaks it there.',
  presetIsRead: 'No voice of your computer speaks it, so they read it.',

  isTalking: (name: string, extension: string, number: string) =>
    `${name} (${extension}) is talking to you — #${number}`,
  isTalkingTo: (name: string, group: string, number: string) => `${name} is talking to ${group} — #${number}`,
  hasLeft: (name: string, extension: string, group: string | null, duration: string) =>
    `${name} (${extension}) left ${duration}${group === null ? '' : ` for ${group}`}`,
  hasPaged: (name: string, extension: string, group: string | null, duration: string) =>
    `${name} (${extension}) paged${group === null ? '' : ` ${group}`} for ${duration}`,
  hasTyped: (name: string, extension: string, group: string | null) =>
    `${name} (${extension}) writes${group === null ? '' : ` to ${group}`}`,
  quoted: (words: string) => `“${words}”`,
  perhapsSaid: understood.unsure,
  isUrgent: (then: string) => `Urgent. ${then}`,
  messageWaits: 'A message waits.',
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
  actionCall: 'Call',
  actionLater: 'Later',
} as const;

export type DesktopStrings = Translated<typeof desktop>;

import * as v from 'valibot';
import {
  MAX_TYPED,
  readNumber,
  typedExtensionSchema,
  typedRetrievalNumberSchema,
} from '../main/model/numbers.ts';
import { callMethods } from './call-methods.ts';
import { dialText, groupIdText, idText } from './id-text.ts';
import { settingsArguments } from './settings.ts';
import { volumePercent } from './volume.ts';

/**
 * The methods of a node: the arguments of each as a schema. Every transport checks them by it where they enter, and the
 * types are derived from it.
 */

/** A statement's id, of the ledger: 256 bits, base64url. */
const statementText = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{43}$/, 'not an id'));
const somePeople = v.pipe(v.array(idText), v.maxLength(1000));
const name = v.pipe(
  v.string(),
  v.trim(),
  v.minLength(1, 'A name is needed.'),
  v.maxLength(64, 'A name has at most 64 characters.'),
);
/** What tells offices apart, as people compare it: `3f7a-91c2`. */
const tagText = v.pipe(
  v.string(),
  v.trim(),
  v.toLowerCase(),
  v.regex(/^[0-9a-f]{4}-[0-9a-f]{4}$/, 'It must be an office’s tag such as 3f7a-91c2.'),
);
const nothing = v.optional(v.strictObject({}));
/** Live speech with priority instead of a message. */
const pageChoice = v.strictObject({
  /** Whoever does not hear it finds it as a message; otherwise nothing is kept for them. */
  keep: v.optional(v.boolean()),
  /** It is recorded first, and sent at key up; left out: as the setting `recordPages` says. */
  record: v.optional(v.boolean()),
  /**
   * It is heard at once also where the person is busy, hears somebody else, or does not want to be disturbed. It takes the right
   * `override`, and `isConfirmed`: without that it is refused with `urgent-unconfirmed`.
   */
  urgent: v.optional(v.boolean()),
});
const timeMs = v.pipe(v.number(), v.integer(), v.minValue(0));
const positionMs = v.pipe(v.number(), v.minValue(0), v.maxValue(24 * 60 * 60 * 1000));
const speed = v.pipe(v.number(), v.minValue(0.5), v.maxValue(2.5));

/** What an admin may let a person do. */
export const RIGHTS = ['override'] as const;
export type Right = (typeof RIGHTS)[number];

export const presenceChoice = v.picklist(['available', 'busy', 'dnd', 'away']);
export type PresenceChoice = v.InferOutput<typeof presenceChoice>;

/** Which message: an id, a retrieval number, or the oldest unheard one. */
const whichMessage = v.union([v.literal('next'), idText, typedRetrievalNumberSchema]);

export const methods = {
  status: { args: nothing },

  // ---- office and oneself

  /** First run: makes or joins an office and says who one is. Also changes name or extension later. */
  setup: {
    args: v.strictObject({
      /** 'new', a join link, or left out to keep the office there is. */
      office: v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(256))),
      /** What a new office is called; left out: after its founder. */
      officeName: v.optional(name),
      name,
      /** Left out: the one there is, else the lowest that is free in the office, found when its people are known. */
      extension: v.optional(typedExtensionSchema),
    }),
  },
  /** A link by which colleagues come in: an open invitation of this computer, made where there is none. */
  joinLink: { args: nothing },
  members: { args: nothing },
  invitations: { args: nothing },
  invite: {
    args: v.strictObject({
      days: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(90)), 7),
      uses: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(100)), 20),
    }),
  },
  /** Makes an invitation of this person's anew that a removal ended, with the uses that were left. */
  inviteAnew: { args: v.strictObject({ id: idText }) },
  withdrawInvitation: { args: v.strictObject({ id: idText }) },
  /** Makes a person an admin, on all their computers. */
  makeAdmin: { args: v.strictObject({ person: idText }) },
  /** Gives a person a right, or takes it. `override`: to be heard by who does not want to be disturbed. */
  setRight: {
    args: v.strictObject({ person: idText, right: v.picklist(RIGHTS), isGiven: v.boolean() }),
  },
  /** An admin says that a person belongs here who is to be checked: see `MemberPerson.isToCheck`. */
  vouch: { args: v.strictObject({ person: idText }) },
  /** Takes computers out of the office. Their keys stay out, unless the removal is taken back. */
  removeMembers: {
    args: v.strictObject({ nodes: v.pipe(v.array(idText), v.minLength(1), v.maxLength(80)) }),
  },
  /** Takes a removal back: all computers that it named are in the office again. */
  takeBack: { args: v.strictObject({ removal: statementText }) },
  /** Takes this person's computers out of the office. */
  leaveOffice: { args: nothing },
  /**
   * Founds the office anew with these people, who are asked once whether they move too. The others stay in the present office.
   * Keys and messages stay.
   */
  foundAnew: {
    args: v.strictObject({
      along: v.pipe(v.array(idText), v.minLength(1), v.maxLength(1000)),
      /** Left out: as the present office is called. */
      officeName: v.optional(name),
    }),
  },
  /** The answer to `Status.moveAsked`. Moving goes as joining by a link does, with this person's number where it is free. */
  answerMove: { args: v.strictObject({ office: idText, isMoving: v.boolean() }) },
  setOffice: {
    args: v.strictObject({
      name: v.optional(name),
      admit: v.optional(v.picklist(['members', 'admins'])),
      announced: v.optional(v.boolean()),
    }),
  },
  /** The code that makes an admin where all are gone, as long as the person has not put it away. */
  recoveryCode: { args: v.strictObject({ isKept: v.optional(v.boolean(), false) }) },
  /** Makes a recovery code, where the office has none: an admin who left took the last one along. */
  makeRecoveryCode: { args: nothing },
  /** Makes this computer an admin's by a recovery code. */
  recover: {
    args: v.strictObject({
      code: v.pipe(v.string(), v.minLength(1), v.maxLength(128)),
      /** The computers of the admins who are lost: they are removed. Left out: all admins' that are offline. */
      lost: v.optional(v.pipe(v.array(idText), v.maxLength(80))),
    }),
  },

  // ---- asking to be let in, and letting somebody in: both screens show the same six digits

  /** The offices that are seen on the LAN. The node looks for them for as long as it is asked once in 30 s. */
  offices: { args: nothing },
  /** Asks a member of that office to be let in. What comes of it is in `Status.joining`, else a trouble `join` says why not. */
  askToJoin: {
    args: v.strictObject({ tag: tagText, name, extension: v.optional(typedExtensionSchema) }),
  },
  /** Whether the other screen shows the same six digits as `Status.joining`. If not, nothing comes of it. */
  answerDigits: { args: v.strictObject({ isSame: v.boolean() }) },
  /** Looks, or asks, no more. */
  stopJoining: { args: nothing },
  /** Who asks to be let in and waits for this person. */
  requests: { args: nothing },
  /** For ten minutes this person is shown who asks. Admins always are. */
  letSomebodyIn: { args: v.strictObject({ isOpen: v.boolean() }) },
  /** Lets that computer begin to compare digits with this one. */
  compareRequest: { args: v.strictObject({ id: idText }) },
  /** Lets the computer in whose digits are the same. `as`: a person whose further computer it is, or who comes back with new keys. */
  admitRequest: { args: v.strictObject({ id: idText, as: v.optional(idText) }) },
  /** Refuses: that computer and its address are not heard for an hour. */
  declineRequest: { args: v.strictObject({ id: idText }) },

  /** The extension to suggest at first run: the lowest free one from 101; for a group from 600. */
  freeExtension: { args: v.optional(v.strictObject({ isForGroup: v.optional(v.boolean()) }), {}) },
  setPresence: {
    args: v.strictObject({
      presence: presenceChoice,
      /** When it becomes `available` by itself: milliseconds since the epoch, or eight o'clock tomorrow. */
      until: v.optional(v.union([timeMs, v.literal('tomorrow')])),
    }),
  },

  /** Who has this person's messages in their place; null: nobody else. It holds for all computers of the person. */
  setDivert: { args: v.strictObject({ person: v.nullable(idText) }) },

  // ---- people

  people: { args: nothing },
  setFavourite: { args: v.strictObject({ node: idText, favourite: v.boolean() }) },
  /** How loud a colleague is heard, live and from the store: `volume.ts`. It takes effect at once, also while they speak. */
  setVolume: { args: v.strictObject({ person: idText, percent: volumePercent }) },
  /** Until then (eight o'clock tomorrow) nothing of a colleague sounds unasked: their messages wait silently. null: they are heard again. */
  mute: {
    args: v.strictObject({ person: idText, until: v.nullable(v.union([timeMs, v.literal('tomorrow')])) }),
  },
  /** This person is who I take them for: `Person.isNew` is over. */
  knowPerson: { args: v.strictObject({ person: idText }) },
  /** The answer to `Status.moved`. `talk`: keys and selection mean the present holder from now on; otherwise they are given up. */
  answerMoved: { args: v.strictObject({ extension: typedExtensionSchema, talk: v.boolean() }) },
  /** The dial plan, a row each, to be explained. */
  dialPlan: { args: nothing },
  /** Gives a row of the plan another code in this office; null: its usual one. Admins alone. */
  setCode: {
    args: v.strictObject({
      row: v.pipe(v.string(), v.regex(/^[a-z][a-z-]{0,31}$/, 'not a row')),
      code: v.nullable(v.pipe(dialText, v.transform(readNumber))),
    }),
  },
  /** A preview of what a dialled string would do. */
  dialPreview: { args: v.strictObject({ dial: v.pipe(v.string(), v.maxLength(MAX_TYPED)) }) },
  /** Does what a dialled string says: plays the message, or makes the person the one whom the talk key reaches. */
  dial: { args: v.strictObject({ dial: dialText }) },

  /**
   * Ticks a person or a group, or takes the tick away: the talk key reaches them besides those whom it reaches, or no more.
   * `isAlone`: them and nobody else.
   */
  choose: {
    args: v.pipe(
      v.strictObject({
        person: v.optional(idText),
        group: v.optional(groupIdText),
        isTicked: v.boolean(),
        isAlone: v.optional(v.boolean()),
      }),
      v.check(
        ({ person, group }) => (person === undefined) !== (group === undefined),
        'Name a person or a group.',
      ),
    ),
  },

  // ---- groups

  groups: { args: nothing },
  /** Whoever makes a group need not be in it. */
  makeGroup: {
    args: v.strictObject({
      name,
      /** Left out: the lowest that is free, from 600. */
      extension: v.optional(typedExtensionSchema),
      people: v.optional(somePeople, []),
      talk: v.optional(v.picklist(['everybody', 'members']), 'everybody'),
      change: v.optional(v.picklist(['creator', 'members']), 'creator'),
    }),
  },
  /** Whatever is left out stays. Everybody takes themselves out; the rest is for those who may change the group. */
  changeGroup: {
    args: v.strictObject({
      group: groupIdText,
      name: v.optional(name),
      extension: v.optional(typedExtensionSchema),
      add: v.optional(somePeople),
      remove: v.optional(somePeople),
      talk: v.optional(v.picklist(['everybody', 'members'])),
      change: v.optional(v.picklist(['creator', 'members'])),
    }),
  },
  /** The group is gone, and its number is free. What was said to it stays. */
  endGroup: { args: v.strictObject({ group: groupIdText }) },
  setFavouriteGroup: { args: v.strictObject({ group: groupIdText, favourite: v.boolean() }) },

  // ---- talking

  /** Key down. `dial`: extension; `reply`: to that message's talker, or 'last' who spoke to me; neither: see `Status.talkTo`. */
  talkPress: {
    args: v.strictObject({
      dial: v.optional(dialText),
      /**
       * Whose `dial` was: a person, or a computer of theirs. They are reached at whatever number they have. Where they are
       * gone and the number is somebody else's, the first press is refused with `number-moved`.
       */
      person: v.optional(idText),
      /** A group, at whatever number it has; without `dial`. */
      group: v.optional(groupIdText),
      reply: v.optional(v.union([v.literal('last'), idText])),
      /**
       * The person was asked whether to override do not disturb, or to page urgently. Without it such a press is refused with
       * `override-unconfirmed`, or `urgent-unconfirmed`.
       */
      isConfirmed: v.optional(v.boolean()),
      /** The reply goes to everybody whom that message was for, too. */
      toAll: v.optional(v.boolean()),
      /** Pages those whom `dial` reaches; without `dial`, everybody. */
      page: v.optional(pageChoice),
    }),
  },
  /** Key up. */
  talkRelease: { args: nothing },
  /** Talks from a recording instead of the microphone: WAV bytes in base64, spoken in real time. */
  talkRecording: {
    args: v.strictObject({
      /** Left out: everybody is paged. */
      dial: v.optional(dialText),
      page: v.optional(pageChoice),
      wavBase64: v.pipe(v.string(), v.maxLength(200 * 1024 * 1024)),
      isConfirmed: v.optional(v.boolean()),
    }),
  },

  // ---- calls

  ...callMethods,

  // ---- messages

  messages: { args: nothing },
  play: {
    args: v.strictObject({
      which: whichMessage,
      speed: v.optional(speed),
      /** Where to begin; left out: at the beginning. */
      positionMs: v.optional(positionMs),
      /** Goes on with the next unheard message at its end, until none is left. */
      all: v.optional(v.boolean()),
    }),
  },
  /** Plays the last 30 s that were heard here, again: of who speaks now, where somebody does, and then on until live. */
  playLastWords: { args: nothing },
  /**
   * Of what is being played: `seek` jumps to `positionMs`, `speed` changes it without changing the pitch, `skip` goes on with the
   * next of *play all*, or of what waits for its turn. `stop` and `later` make notifications of what waits.
   */
  playback: {
    args: v.strictObject({
      action: v.picklist(['pause', 'resume', 'stop', 'seek', 'speed', 'skip', 'later']),
      positionMs: v.optional(positionMs),
      speed: v.optional(speed),
    }),
  },
  /** The loudness over time, to draw. */
  waveform: { args: v.strictObject({ id: idText }) },
  /** The message as a file any player plays. */
  exportMessage: {
    args: v.strictObject({
      which: whichMessage,
      format: v.picklist(['ogg', 'wav']),
      /** It is taken out to be listened to: counts as heard. */
      heard: v.optional(v.boolean()),
    }),
  },
  /** Hands the message on, with the original talker's name on it. */
  forwardMessage: { args: v.strictObject({ id: idText, dial: dialText }) },
  /** Gone from the lists at once, from the disk only after `Settings.undoMs`. */
  deleteMessage: { args: v.strictObject({ id: idText }) },
  /** Undoes `deleteMessage`. */
  restoreMessage: { args: v.strictObject({ id: idText }) },

  // ---- sound

  devices: { args: nothing },
  /** `level` events also while nobody talks; a cold microphone is opened for it. Ends by itself after a minute, unless asked again. */
  meter: { args: v.strictObject({ on: v.boolean() }) },
  /** Say something and hear it back: `record` up to five seconds, `play` them, `stop`. Nothing of it is kept or sent. */
  soundTest: { args: v.strictObject({ action: v.picklist(['record', 'play', 'stop']) }) },

  // ---- settings and health

  settings: { args: nothing },
  /**
   * Changes any of them (`settings.ts`); they take effect at once. Answered when they are on the disk, else refused with
   * `settings-not-saved`, and nothing has changed.
   */
  setSettings: { args: settingsArguments },
  storage: { args: nothing },
  health: { args: nothing },
  /** A text about this node for whoever helps: no key, no link and no voice is in it. */
  diagnostics: { args: nothing },
  addAddress: { args: v.strictObject({ address: v.pipe(v.string(), v.minLength(1), v.maxLength(256)) }) },
  /**
   * The computer's news. `sleep`: it is about to sleep; `wake`: it woke; `network`: its addresses may have changed; `lock` and
   * `unlock`: its screen; `idle`: nobody has touched it for minutes; `active`: somebody does again; `input`: somebody touched it just
   * now, as its system tells.
   */
  computer: {
    args: v.strictObject({
      event: v.picklist(['sleep', 'wake', 'network', 'lock', 'unlock', 'idle', 'active', 'input']),
    }),
  },
} as const satisfies Record<string, { args: v.GenericSchema }>;

export type MethodName = keyof typeof methods;
export type Arguments<M extends MethodName> = v.InferInput<(typeof methods)[M]['args']>;

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
  // Both may repeat what was given, however long that is.
  const where = v.getDotPath(issue)?.slice(0, MAX_REASON_LENGTH);
  const why = issue.message.slice(0, MAX_REASON_LENGTH);
  return { ok: false, error: where ? `${where}: ${why}` : why };
}

export function isMethodName(text: unknown): text is MethodName {
  return typeof text === 'string' && Object.hasOwn(methods, text);
}

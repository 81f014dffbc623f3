import * as v from 'valibot';
import { keepDaysSchema } from '../main/model/keep-days.ts';
import { MAX_TYPED, readNumber, typedExtensionSchema } from '../main/model/numbers.ts';
import { languageSchema } from '../main/model/language-tag.ts';
import { nameSchema } from '../main/model/names.ts';
import { callMethods } from './call-methods.ts';
import { dialText, groupIdText, idText } from './id-text.ts';
import { pageMethods, whichMessage } from './message-pages.ts';
import { presetPlace } from './setting-kinds.ts';
import { settingsArguments } from './settings.ts';
import { volumePercent } from './volume.ts';

/**
 * The methods of a node, with the arguments of each as a schema. The node checks every call by it, whatever transport it comes over, and the
 * types are derived from it.
 */

/** The id of a statement of the ledger: 256 bits, base64url. */
const statementText = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{43}$/, 'not an id'));
const somePeople = v.pipe(v.array(idText), v.maxLength(1000));
const name = nameSchema;
/** The tag of an office, as people compare it: `3f7a-91c2`. */
const tagText = v.pipe(
  v.string(),
  v.trim(),
  v.toLowerCase(),
  v.regex(/^[0-9a-f]{4}-[0-9a-f]{4}$/, 'It must be an office’s tag such as 3f7a-91c2.'),
);
const nothing = v.optional(v.strictObject({}));
/** A page instead of a message: live speech with priority. */
const pageChoice = v.strictObject({
  /** People who do not hear it find it as a message; otherwise it is not kept for them. */
  keep: v.optional(v.boolean()),
  /** It is recorded first, and sent at key up; left out: as the setting `recordPages` says. */
  record: v.optional(v.boolean()),
  /**
   * It is heard at once also where the person is busy, hears somebody else, or chose do not disturb. It needs the right `override`, and
   * `isConfirmed`; without that it is refused with `urgent-unconfirmed`.
   */
  urgent: v.optional(v.boolean()),
});
const timeMs = v.pipe(v.number(), v.integer(), v.minValue(0));
/**
 * When the program was started that presses or releases the key, ms, of a clock that such programs share. A press from before a release that
 * came first is refused with `already-released`.
 */
const startMs = v.pipe(v.number(), v.finite(), v.minValue(0));
const positionMs = v.pipe(v.number(), v.minValue(0), v.maxValue(24 * 60 * 60 * 1000));
const speed = v.pipe(v.number(), v.minValue(0.5), v.maxValue(2.5));

/** Whom a press of the talk key reaches. */
const pressEntries = {
  dial: v.optional(dialText),
  /**
   * The former holder of `dial`: a person, or a computer of theirs. They are reached at their present number. If they are gone and
   * somebody else has the number, the first press is refused with `number-moved`.
   */
  person: v.optional(idText),
  /** A group, independent of its number; without `dial`. */
  group: v.optional(groupIdText),
  reply: v.optional(v.union([v.literal('last'), idText])),
  /**
   * The person has confirmed to override do not disturb, or to page urgently. Without it such a press is refused with
   * `override-unconfirmed`, or `urgent-unconfirmed`.
   */
  isConfirmed: v.optional(v.boolean()),
  /** The reply also goes to the other recipients of that message. */
  toAll: v.optional(v.boolean()),
  /** Pages the people that `dial` reaches; without `dial`, everybody. */
  page: v.optional(pageChoice),
};

/** The rights that an admin can give a person. */
export const RIGHTS = ['override'] as const;
export type Right = (typeof RIGHTS)[number];

export const presenceChoice = v.picklist(['available', 'busy', 'dnd', 'away']);
export type PresenceChoice = v.InferOutput<typeof presenceChoice>;

/** Words that are typed. */
const textEntries = {
  /** At most 2,000 characters. */
  text: v.optional(v.pipe(v.string(), v.maxLength(100_000))),
  /** Instead of a text: the sentence at hand with this place, from 1. If it is sent, the event `preset-sent` tells of it. */
  preset: v.optional(presetPlace),
  /** The language of the text, a BCP 47 tag; left out: guessed. */
  language: v.optional(languageSchema),
};
const TEXT_OR_PRESET = 'Give a text, or the place of a sentence at hand.';
function isTextOrPreset({ text, preset }: { readonly text?: unknown; readonly preset?: unknown }): boolean {
  return (text === undefined) !== (preset === undefined);
}

export const methods = {
  status: { args: nothing },

  // ---- the office and this person

  /** First run: founds or joins an office, and sets name and extension. Also changes name or extension later. */
  setup: {
    args: v.strictObject({
      /** 'new', a join link, or left out to keep the present office. */
      office: v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(256))),
      /** The name of a new office; left out: it is named after its founder. */
      officeName: v.optional(name),
      name,
      /** Left out: the present one, otherwise the lowest that is free once the office's people are known. */
      extension: v.optional(typedExtensionSchema),
    }),
  },
  /** A join link: that of an open invitation of this computer, which is made if there is none. */
  joinLink: { args: nothing },
  members: { args: nothing },
  invitations: { args: nothing },
  invite: {
    args: v.strictObject({
      days: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(90)), 7),
      uses: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(100)), 20),
    }),
  },
  /** Replaces an invitation of this person that a removal closed by a new one with the uses that were left. */
  inviteAnew: { args: v.strictObject({ id: idText }) },
  withdrawInvitation: { args: v.strictObject({ id: idText }) },
  /** Makes a person an admin, on all their computers. */
  makeAdmin: { args: v.strictObject({ person: idText }) },
  /** Gives a person a right, or takes it away. `override`: to override do not disturb. */
  setRight: {
    args: v.strictObject({ person: idText, right: v.picklist(RIGHTS), isGiven: v.boolean() }),
  },
  /** Vouches, as an admin, for a person who is to be checked: see `MemberPerson.isToCheck`. */
  vouch: { args: v.strictObject({ person: idText }) },
  /** Removes computers from the office. Their keys stay out, unless the removal is taken back. */
  removeMembers: {
    args: v.strictObject({ nodes: v.pipe(v.array(idText), v.minLength(1), v.maxLength(80)) }),
  },
  /** Takes a removal back: all computers that it named are in the office again. */
  takeBack: { args: v.strictObject({ removal: statementText }) },
  /** Removes this person's computers from the office. */
  leaveOffice: { args: nothing },
  /**
   * Founds the office anew with these people, who are asked once whether they move too. The others stay in the present office.
   * Keys and messages stay.
   */
  foundAnew: {
    args: v.strictObject({
      along: v.pipe(v.array(idText), v.minLength(1), v.maxLength(1000)),
      /** Left out: the name of the present office. */
      officeName: v.optional(name),
    }),
  },
  /** The answer to `Status.moveAsked`. Moving works like joining by a link, with this person's number if it is free. */
  answerMove: { args: v.strictObject({ office: idText, isMoving: v.boolean() }) },
  setOffice: {
    args: v.strictObject({
      name: v.optional(name),
      admit: v.optional(v.picklist(['members', 'admins'])),
      announced: v.optional(v.boolean()),
      /** For how many days, at most, heard messages are kept; null: each computer decides. */
      keepDays: v.optional(v.nullable(keepDaysSchema)),
    }),
  },
  /** The recovery code, as long as the person has not confirmed that they have stored it (`isKept`). */
  recoveryCode: { args: v.strictObject({ isKept: v.optional(v.boolean(), false) }) },
  /** Makes a recovery code for an office that has none: the last one was removed with an admin who left. */
  makeRecoveryCode: { args: nothing },
  /** Makes this person an admin by a recovery code. */
  recover: {
    args: v.strictObject({
      code: v.pipe(v.string(), v.minLength(1), v.maxLength(128)),
      /** The computers of the lost admins, which are removed. Left out: all admins' computers that are offline. */
      lost: v.optional(v.pipe(v.array(idText), v.maxLength(80))),
    }),
  },

  // ---- asking to be let in, and letting somebody in: both screens show six digits

  /** The offices that are announced on the LAN. The node searches for them as long as this is called at least once in 30 s. */
  offices: { args: nothing },
  /** Asks members of that office to be let in. `Status.joining` shows the progress; if it fails, the trouble `join` says why. */
  askToJoin: {
    args: v.strictObject({ tag: tagText, name, extension: v.optional(typedExtensionSchema) }),
  },
  /** Answers whether the other screen shows the same six digits as `Status.joining`. If not, the attempt ends. */
  answerDigits: { args: v.strictObject({ isSame: v.boolean() }) },
  /** Ends joining. */
  stopJoining: { args: nothing },
  /** The requests to be let in that wait for this person. */
  requests: { args: nothing },
  /** Shows requests to this person for ten minutes. Admins always see them. */
  letSomebodyIn: { args: v.strictObject({ isOpen: v.boolean() }) },
  /** Lets that computer begin to compare digits with this one. */
  compareRequest: { args: v.strictObject({ id: idText }) },
  /** Admits the computer that was compared. `as`: the person whose further computer it is, or who comes back with new keys. */
  admitRequest: { args: v.strictObject({ id: idText, as: v.optional(idText) }) },
  /** Refuses a request. That computer and its address are ignored for an hour. */
  declineRequest: { args: v.strictObject({ id: idText }) },

  /** The name of this computer's account, as a suggestion of the person's; empty where it has none. */
  accountName: { args: nothing },
  /** The extension to suggest at first run: the lowest free one from 101; for a group from 600. */
  freeExtension: { args: v.optional(v.strictObject({ isForGroup: v.optional(v.boolean()) }), {}) },
  setPresence: {
    args: v.strictObject({
      presence: presenceChoice,
      /** When it becomes `available` again: milliseconds since the epoch, or eight o'clock tomorrow. */
      until: v.optional(v.union([timeMs, v.literal('tomorrow')])),
    }),
  },

  /** Diverts this person's messages to another one; null: ends the divert. It holds for all computers of the person. */
  setDivert: { args: v.strictObject({ person: v.nullable(idText) }) },

  // ---- people

  people: { args: nothing },
  setFavourite: { args: v.strictObject({ node: idText, favourite: v.boolean() }) },
  /** The volume of a colleague, in messages and calls: `volume.ts`. It takes effect at once, also while they speak. */
  setVolume: { args: v.strictObject({ person: idText, percent: volumePercent }) },
  /**
   * Mutes a colleague until then, or eight o'clock tomorrow: their messages wait silently, and their calls do not ring. A call that goes
   * on with them is silenced here. null: unmutes them.
   */
  mute: {
    args: v.strictObject({ person: idText, until: v.nullable(v.union([timeMs, v.literal('tomorrow')])) }),
  },
  /** Confirms that a person is the expected one: ends `Person.isNew`. */
  knowPerson: { args: v.strictObject({ person: idText }) },
  /** The answer to `Status.moved`. `talk`: keys and selection mean the present holder from now on; otherwise they are cleared. */
  answerMoved: { args: v.strictObject({ extension: typedExtensionSchema, talk: v.boolean() }) },
  /** The rows of the dial plan. */
  dialPlan: { args: nothing },
  /** Gives a row of the dial plan another code in this office; null: the default one. For admins alone. */
  setCode: {
    args: v.strictObject({
      row: v.pipe(v.string(), v.regex(/^[a-z][a-z-]{0,31}$/, 'not a row')),
      code: v.nullable(v.pipe(dialText, v.transform(readNumber))),
    }),
  },
  /** A preview of what a dialled string would do. */
  dialPreview: { args: v.strictObject({ dial: v.pipe(v.string(), v.maxLength(MAX_TYPED)) }) },
  /** Carries out a dialled string: for example plays a message, or selects a person for the talk key. */
  dial: { args: v.strictObject({ dial: dialText }) },

  /**
   * Adds a person or a group to those whom the talk key reaches, or removes them. `isAlone`: selects them and nobody else.
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
  /** Makes a group. Its founder need not be in it. */
  makeGroup: {
    args: v.strictObject({
      name,
      /** Left out: the lowest free one from 600 on. */
      extension: v.optional(typedExtensionSchema),
      people: v.optional(somePeople, []),
      talk: v.optional(v.picklist(['everybody', 'members']), 'everybody'),
      change: v.optional(v.picklist(['creator', 'members']), 'creator'),
    }),
  },
  /** Changes a group. Fields that are left out stay. Every member may leave; other changes need the right to change the group. */
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
  /** Ends a group and frees its number. Messages to it stay. */
  endGroup: { args: v.strictObject({ group: groupIdText }) },
  setFavouriteGroup: { args: v.strictObject({ group: groupIdText, favourite: v.boolean() }) },

  // ---- talking

  /** Key down. `dial`: extension; `reply`: to that message's talker, or to the 'last' one; neither: see `Status.talkTo`. */
  talkPress: {
    args: v.strictObject({
      ...pressEntries,
      /** The talk goes on until `talkRelease`, also when the program that pressed has gone. Otherwise it ends with its connection. */
      isLatched: v.optional(v.boolean()),
      /** A key or a button is held. If it is let go within 0.4 s, and before a voice was heard, nothing is sent: see the event `hint`. */
      isHeld: v.optional(v.boolean()),
      at: v.optional(startMs),
    }),
  },
  /** Key up. */
  talkRelease: { args: v.optional(v.strictObject({ at: v.optional(startMs) }), {}) },
  /** Talks from a recording instead of the microphone: WAV bytes in base64, spoken in real time. */
  talkRecording: {
    args: v.strictObject({
      /** Left out: pages everybody. */
      dial: v.optional(dialText),
      page: v.optional(pageChoice),
      wavBase64: v.pipe(v.string(), v.maxLength(200 * 1024 * 1024)),
      isConfirmed: v.optional(v.boolean()),
    }),
  },
  /**
   * Sends typed words, to whomever `talkPress` would reach: spoken by a voice of this computer, or as words alone where it has none.
   */
  talkText: {
    args: v.pipe(
      v.strictObject({ ...pressEntries, ...textEntries }),
      v.check((asked) => isTextOrPreset(asked), TEXT_OR_PRESET),
    ),
  },
  /** Whether `talkText` would speak this text, and in which language. */
  textPreview: {
    args: v.pipe(
      v.strictObject(textEntries),
      v.check((asked) => isTextOrPreset(asked), TEXT_OR_PRESET),
    ),
  },
  /** The voices of this computer that can speak typed words. `again`: looks for them anew. */
  voices: { args: v.optional(v.strictObject({ again: v.optional(v.boolean()) }), {}) },

  // ---- calls

  ...callMethods,

  // ---- messages

  ...pageMethods,
  play: {
    args: v.strictObject({
      which: whichMessage,
      speed: v.optional(speed),
      /** Where to begin; left out: at the beginning. */
      positionMs: v.optional(positionMs),
      /** Continues with the next unheard message at its end, until none is left. */
      all: v.optional(v.boolean()),
    }),
  },
  /** Plays the last 30 s that were heard here again. While somebody speaks, only their words are played, and then their message until live. */
  playLastWords: { args: nothing },
  /**
   * Controls playback: `seek` jumps to `positionMs`, `speed` keeps the pitch, `skip` goes on with the next message of *play all* or of the
   * queue. `stop` and `later` empty the queue and notify of its messages instead.
   */
  playback: {
    args: v.strictObject({
      action: v.picklist(['pause', 'resume', 'stop', 'seek', 'speed', 'skip', 'later']),
      positionMs: v.optional(positionMs),
      speed: v.optional(speed),
    }),
  },
  /** What was said in a message, as far as an engine understood it; `again`: has it made anew. Refused with `no-transcript` until there is one. */
  transcript: { args: v.strictObject({ which: whichMessage, again: v.optional(v.boolean()) }) },
  /** The loudness over time, for drawing. */
  waveform: { args: v.strictObject({ id: idText }) },
  /** The message as a file that any player plays; `txt`: the words that were typed, or understood. */
  exportMessage: {
    args: v.strictObject({
      which: whichMessage,
      format: v.picklist(['ogg', 'wav', 'txt']),
      /** The file will be listened to, so the message counts as heard. */
      heard: v.optional(v.boolean()),
    }),
  },
  /** Forwards a message, with the original talker's name. */
  forwardMessage: { args: v.strictObject({ id: idText, dial: dialText }) },
  /** Hides a message at once, and erases it after `Settings.undoMs`. */
  deleteMessage: { args: v.strictObject({ id: idText }) },
  /** Undoes `deleteMessage`. */
  restoreMessage: { args: v.strictObject({ id: idText }) },

  // ---- sound

  devices: { args: nothing },
  /** Sends `level` events also while nobody talks; opens a cold microphone for that. Ends after a minute unless it is called again. */
  meter: { args: v.strictObject({ on: v.boolean() }) },
  /** The sound test: `record` up to five seconds, `play` them, `stop`. The recording is neither kept nor sent. */
  soundTest: { args: v.strictObject({ action: v.picklist(['record', 'play', 'stop']) }) },
  /** Flashes the screen once, as where the person is called by light. */
  tryFlash: { args: nothing },
  /** Has a voice of this computer say something at its loudspeaker. Ends as a sound test does. */
  tryVoice: {
    args: v.strictObject({
      /** Left out: the chosen one, or one that suits the language. */
      voice: v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(256))),
      text: v.pipe(v.string(), v.maxLength(2000)),
      language: v.optional(languageSchema),
    }),
  },

  // ---- settings and health

  settings: { args: nothing },
  /**
   * Changes settings (`settings.ts`), with effect at once. Answered when they are on the disk; otherwise refused with `settings-not-saved`,
   * and nothing has changed.
   */
  setSettings: { args: settingsArguments },
  storage: { args: nothing },
  health: { args: nothing },
  /** A report on this node for somebody who helps. It contains no key, no link and no voice. */
  diagnostics: { args: nothing },
  addAddress: { args: v.strictObject({ address: v.pipe(v.string(), v.minLength(1), v.maxLength(256)) }) },
  /**
   * Reports what happens to the computer. `sleep`: it is about to sleep; `wake`: it woke; `network`: its addresses may have changed; `lock`
   * and `unlock`: its screen; `idle`: no input for minutes; `active`: there is input again; `input`: there was input just now, by its
   * system.
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

/** The checked arguments, or why they are refused. */
export function checkArguments<M extends MethodName>(
  method: M,
  args: unknown,
): { ok: true; args: v.InferOutput<(typeof methods)[M]['args']> } | { ok: false; error: string } {
  const parsed = v.safeParse(methods[method].args, args ?? {});
  if (parsed.success) {
    return { ok: true, args: parsed.output as v.InferOutput<(typeof methods)[M]['args']> };
  }
  const [issue] = parsed.issues;
  // Both may repeat a given value of any length.
  const where = v.getDotPath(issue)?.slice(0, MAX_REASON_LENGTH);
  const why = issue.message.slice(0, MAX_REASON_LENGTH);
  return { ok: false, error: where ? `${where}: ${why}` : why };
}

export function isMethodName(text: unknown): text is MethodName {
  return typeof text === 'string' && Object.hasOwn(methods, text);
}

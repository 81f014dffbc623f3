import { localizedText, type Code, type LocalizedText, type Phrase } from '../../i18n/index.ts';
import { EXTENSION_DIGITS, isDialString, readNumber, RETRIEVAL_DIGITS } from '../model/index.ts';
import { EFFECTS, nothing, unknown, type DialEffect, type DialFacts } from './effects.ts';

/** The rows that there are phrases for. */
export type DialName = Code extends infer C ? (C extends `plan-${infer Name}` ? Name : never) : never;

/** One row of the dial plan: which strings it takes, what they do, and how both are explained to a person. */
export interface DialRule {
  readonly name: DialName;
  /** Tested against the number as `readNumber` gives it. The effect gets its first group, or the whole string where it has none. */
  readonly pattern: RegExp;
  readonly effect: keyof typeof EFFECTS;
  /** How it is dialled, in English. */
  readonly dialled: string;
  /** What it does, in English. */
  readonly sentence: string;
}

const EXTENSION = `[0-9]{${EXTENSION_DIGITS.least},${EXTENSION_DIGITS.most}}`;

/**
 * The rows, the first that takes a string before the others: exact codes, then codes with a number behind them, then mailboxes. The
 * codes are FreePBX's where it has one. The compiler misses none that has phrases, and none without.
 */
const ROWS: { readonly [Name in DialName]: Omit<DialRule, 'name'> } = {
  extension: {
    pattern: new RegExp(`^(${EXTENSION})$`),
    effect: 'talk',
    dialled: '2 to 6 digits',
    sentence: 'Talks to the person or the group with that extension.',
  },
  several: {
    pattern: new RegExp(`^(${EXTENSION}(?:[,+]${EXTENSION})+)$`),
    effect: 'several',
    dialled: '204,205 or 204+205',
    sentence: 'Talks to several people at once.',
  },
  unheard: {
    pattern: /^\*97$/,
    effect: 'unheard',
    dialled: '*97',
    sentence: 'Plays what you have not heard.',
  },
  everybody: {
    pattern: /^0$/,
    effect: 'everybody',
    dialled: '0',
    sentence: 'Pages everybody: what you say is heard at once, at all who may be disturbed.',
  },
  'last-talker': {
    pattern: /^\*69$/,
    effect: 'reply',
    dialled: '*69',
    sentence: 'Talks to whoever talked to you last.',
  },
  again: {
    pattern: /^\*1$/,
    effect: 'again',
    dialled: '*1',
    sentence: 'Plays the message that you heard last, again.',
  },
  // In FreePBX's voicemail 5 repeats what was heard; no code of its is *5, and no mailbox is dialled so.
  'last-words': {
    pattern: /^\*5$/,
    effect: 'lastWords',
    dialled: '*5',
    sentence: 'Plays the last 30 seconds that you heard, again.',
  },
  undisturbed: {
    pattern: /^\*78$/,
    effect: 'undisturbed',
    dialled: '*78',
    sentence: 'Turns do not disturb on.',
  },
  disturbed: {
    pattern: /^\*79$/,
    effect: 'disturbed',
    dialled: '*79',
    sentence: 'Turns do not disturb off.',
  },
  undivert: {
    pattern: /^\*73$/,
    effect: 'undivert',
    dialled: '*73',
    sentence: 'Ends your divert: what is said to you reaches you again.',
  },
  divert: {
    pattern: new RegExp(`^\\*72(${EXTENSION})$`),
    effect: 'divert',
    dialled: '*72 and an extension',
    sentence: 'Diverts what is said to you to the person with that extension.',
  },
  message: {
    pattern: /^#([0-9]+)$/,
    effect: 'play',
    dialled: '# and a number',
    sentence: 'Plays the message with that retrieval number.',
  },
  'message-by-code': {
    pattern: new RegExp(`^\\*97([0-9]{${RETRIEVAL_DIGITS.least},${RETRIEVAL_DIGITS.most}})$`),
    effect: 'play',
    dialled: '*97 and a number',
    sentence: 'Plays the message with that retrieval number, too.',
  },
  override: {
    pattern: new RegExp(`^\\*48(${EXTENSION})$`),
    effect: 'override',
    dialled: '*48 and an extension',
    sentence: 'Talks to that person, also where they do not want to be disturbed. It takes a right.',
  },
  call: {
    pattern: new RegExp(`^\\*80(${EXTENSION})$`),
    effect: 'call',
    dialled: '*80 and an extension',
    sentence: 'Calls that person: you both speak at once. A group is paged.',
  },
  mailbox: {
    pattern: new RegExp(`^\\*(${EXTENSION})$`),
    effect: 'mailbox',
    dialled: '* and an extension',
    sentence: 'Talks to that person’s mailbox: nothing sounds there by itself.',
  },
  'bare-message': {
    pattern: new RegExp(`^([0-9]{${RETRIEVAL_DIGITS.least},${RETRIEVAL_DIGITS.most}})$`),
    effect: 'play',
    dialled: '4 digits or more',
    sentence: 'Plays the message with that retrieval number, where it is nobody’s extension.',
  },
};

/** The dial plan, in the order in which its rows are asked. */
export const DIAL_PLAN: readonly DialRule[] = (Object.keys(ROWS) as DialName[]).map((name) => ({
  name,
  ...ROWS[name],
}));

/** What a typed, pasted or linked string does. The one look-up: preview, talk, forward, links, tray and command line ask it. */
export function resolveDial(typed: string, facts: DialFacts): DialEffect {
  const number = readNumber(typed);
  if (number.trim() === '') {
    return nothing(localizedText('dial-empty', 'Dial an extension of 2 to 6 digits.'));
  }
  let reason: LocalizedText | undefined;
  for (const { pattern, effect } of isDialString(number) ? DIAL_PLAN : []) {
    const taken = pattern.exec(number);
    if (taken === null) continue;
    const found = EFFECTS[effect](taken[1] ?? taken[0], facts);
    if (found.kind !== 'absent') return found;
    reason ??= found.reason;
  }
  return nothing(reason ?? unknown());
}

/** The two texts of a row, for another language. */
export function phrasesOf({ name }: DialRule): { readonly pattern: Phrase; readonly explanation: Phrase } {
  const code = `plan-${name}` as const;
  return {
    pattern: { code, details: { part: 'pattern' } },
    explanation: { code, details: { part: 'explanation' } },
  };
}

import { localizedText, type LocalizedText, type Phrase } from '../../i18n/index.ts';
import {
  DIAL_CODES,
  DIAL_NAMES,
  EXTENSION_DIGITS,
  isDialString,
  readNumber,
  RETRIEVAL_DIGITS,
  USUAL_CODES,
  type Behind,
  type DialCodes,
  type DialName,
} from '../model/index.ts';
import { EFFECTS, nothing, unknown, type DialEffect, type DialFacts } from './effects.ts';

/** One row of the dial plan: the strings that it matches, their effect, and how a person reads of both. */
export interface DialRule {
  readonly name: DialName;
  /** The code with which its strings begin in this office; empty: a number alone is dialled. */
  readonly code: string;
  /** Tested against the number as `readNumber` gives it. The effect gets its first group, or the whole string where it has none. */
  readonly pattern: RegExp;
  readonly effect: keyof typeof EFFECTS;
  /** How it is dialled, in English. */
  readonly dialled: string;
  /** What it does, in English. */
  readonly sentence: string;
}

/** The facts for resolving a dialled string, with the dial plan of this person's office. */
export interface PlanFacts extends DialFacts {
  readonly plan: readonly DialRule[];
}

const EXTENSION = `[0-9]{${EXTENSION_DIGITS.least},${EXTENSION_DIGITS.most}}`;

/** What is dialled after a code: as a pattern, and in English words together with the code. */
const BEHIND: Readonly<
  Record<Behind, { readonly pattern: string; readonly dialled: (code: string) => string }>
> = {
  nothing: { pattern: '', dialled: (code) => code },
  extension: {
    pattern: `(${EXTENSION})`,
    dialled: (code) => (code === '' ? '2 to 6 digits' : `${code} and an extension`),
  },
  extensions: {
    pattern: `(${EXTENSION}(?:[,+]${EXTENSION})+)`,
    dialled: () => '204,205 or 204+205',
  },
  number: {
    pattern: `([0-9]{${RETRIEVAL_DIGITS.least},${RETRIEVAL_DIGITS.most}})`,
    dialled: (code) => (code === '' ? '4 digits or more' : `${code} and a number`),
  },
  digits: { pattern: '([0-9]+)', dialled: (code) => `${code} and a number` },
};

/** The effects of the rows. Their codes and their order are in `model/dial-codes`. */
const ROWS: { readonly [Name in DialName]: Pick<DialRule, 'effect' | 'sentence'> } = {
  extension: {
    effect: 'talk',
    sentence: 'Talks to the person or the group with that extension.',
  },
  several: {
    effect: 'several',
    sentence: 'Talks to several people at once.',
  },
  unheard: {
    effect: 'unheard',
    sentence: 'Plays what you have not heard.',
  },
  everybody: {
    effect: 'everybody',
    sentence:
      'Pages everybody: what you say is heard at once, at all who may be disturbed. An urgent page is heard by the others too: it takes a right, and asks before.',
  },
  'last-talker': {
    effect: 'reply',
    sentence: 'Talks to whoever talked to you last.',
  },
  again: {
    effect: 'again',
    sentence: 'Plays the message that you heard last, again.',
  },
  'last-words': {
    effect: 'lastWords',
    sentence: 'Plays the last 30 seconds that you heard, again.',
  },
  'pick-up': {
    effect: 'pickUp',
    sentence: 'Takes the call that rings at a colleague who is in a group with you.',
  },
  undisturbed: {
    effect: 'undisturbed',
    sentence: 'Turns do not disturb on.',
  },
  disturbed: {
    effect: 'disturbed',
    sentence: 'Turns do not disturb off.',
  },
  undivert: {
    effect: 'undivert',
    sentence: 'Ends your divert: what is said to you reaches you again.',
  },
  divert: {
    effect: 'divert',
    sentence: 'Diverts what is said to you to the person with that extension.',
  },
  message: {
    effect: 'play',
    sentence: 'Plays the message with that retrieval number.',
  },
  'message-by-code': {
    effect: 'play',
    sentence: 'Plays the message with that retrieval number, too.',
  },
  override: {
    effect: 'override',
    sentence: 'Talks to that person, also where they do not want to be disturbed. It takes a right.',
  },
  call: {
    effect: 'call',
    sentence: 'Calls that person: you both speak at once. A group is paged.',
  },
  type: {
    effect: 'type',
    sentence: 'Types to that person or group: what you type is spoken there, and can be read.',
  },
  mailbox: {
    effect: 'mailbox',
    sentence: 'Talks to that person’s mailbox: nothing sounds there by itself.',
  },
  'bare-message': {
    effect: 'play',
    sentence: 'Plays the message with that retrieval number, where it is nobody’s extension.',
  },
};

/** The dial plan of an office with these codes, in the order in which its rows are matched. */
export function dialPlanOf(codes: DialCodes): readonly DialRule[] {
  return DIAL_NAMES.map((name) => ruleOf(name, codes.get(name) ?? DIAL_CODES[name].code));
}

/** The dial plan with the default codes. */
export const DIAL_PLAN = dialPlanOf(USUAL_CODES);

function ruleOf(name: DialName, code: string): DialRule {
  const { pattern, dialled } = BEHIND[DIAL_CODES[name].behind];
  return {
    ...{ name, code },
    pattern: new RegExp(`^${code.replaceAll('*', '\\*')}${pattern}$`),
    dialled: dialled(code),
    ...ROWS[name],
  };
}

/** The effect of a typed, pasted or linked string. The only look-up: preview, talk, forward, links, tray and command line use it. */
export function resolveDial(typed: string, facts: PlanFacts): DialEffect {
  const number = readNumber(typed);
  if (number.trim() === '') {
    return nothing(localizedText('dial-empty', 'Dial an extension of 2 to 6 digits.'));
  }
  let reason: LocalizedText | undefined;
  for (const { pattern, effect } of isDialString(number) ? facts.plan : []) {
    const taken = pattern.exec(number);
    if (taken === null) continue;
    const found = EFFECTS[effect](taken[1] ?? taken[0], facts);
    if (found.kind !== 'absent') return found;
    reason ??= found.reason;
  }
  return nothing(reason ?? unknown());
}

/** The effect of a row with the digits after its code, independent of the code. */
export function effectOfRow(name: DialName, argument: string, facts: DialFacts): DialEffect {
  const found = EFFECTS[ROWS[name].effect](argument, facts);
  return found.kind === 'absent' ? nothing(found.reason) : found;
}

/** The two texts of a row, for another language. */
export function phrasesOf({ name, code: dialled }: Pick<DialRule, 'name' | 'code'>): {
  readonly pattern: Phrase;
  readonly explanation: Phrase;
} {
  const code = `plan-${name}` as const;
  return {
    pattern: { code, details: { part: 'pattern', code: dialled } },
    explanation: { code, details: { part: 'explanation', code: '' } },
  };
}

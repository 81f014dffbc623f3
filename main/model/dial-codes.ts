import type { Code } from '../../i18n/index.ts';
import { EXTENSION_DIGITS, MAX_TYPED, RETRIEVAL_DIGITS } from './numbers.ts';

/** The codes of the dial plan: what each row's strings begin with, and what stands behind it. An office's admins may change codes. Pure. */

/** The rows that there are phrases for. */
export type DialName = Code extends infer C ? (C extends `plan-${infer Name}` ? Name : never) : never;

/** What is dialled behind a code: nothing, one extension, several, a retrieval number, or digits that may be one. */
export type Behind = 'nothing' | 'extension' | 'extensions' | 'number' | 'digits';

export interface DialCode {
  /** Empty: a number alone is dialled. */
  readonly code: string;
  readonly behind: Behind;
  /** It is written everywhere as it is, and no admin changes it. */
  readonly isFixed?: true;
}

/**
 * The rows in the order in which they are asked: exact codes, then codes with a number behind them, then mailboxes. The codes are
 * FreePBX's where it has one. The compiler misses none that has phrases, and none without.
 */
export const DIAL_CODES: { readonly [Name in DialName]: DialCode } = {
  extension: { code: '', behind: 'extension', isFixed: true },
  several: { code: '', behind: 'extensions', isFixed: true },
  unheard: { code: '*97', behind: 'nothing' },
  everybody: { code: '0', behind: 'nothing' },
  'last-talker': { code: '*69', behind: 'nothing' },
  again: { code: '*1', behind: 'nothing' },
  // In FreePBX's voicemail 5 repeats what was heard; no code of its is *5, and no mailbox is dialled so.
  'last-words': { code: '*5', behind: 'nothing' },
  'pick-up': { code: '*8', behind: 'nothing' },
  undisturbed: { code: '*78', behind: 'nothing' },
  disturbed: { code: '*79', behind: 'nothing' },
  undivert: { code: '*73', behind: 'nothing' },
  divert: { code: '*72', behind: 'extension' },
  // As each message's number is written.
  message: { code: '#', behind: 'digits', isFixed: true },
  'message-by-code': { code: '*97', behind: 'number' },
  override: { code: '*48', behind: 'extension' },
  call: { code: '*80', behind: 'extension' },
  mailbox: { code: '*', behind: 'extension' },
  'bare-message': { code: '', behind: 'number', isFixed: true },
};
export const DIAL_NAMES = Object.keys(DIAL_CODES) as readonly DialName[];

/** The digits behind a code; `extensions` has signs between them, which no code holds. */
const DIGITS: Readonly<Record<Behind, { readonly least: number; readonly most: number } | undefined>> = {
  nothing: { least: 0, most: 0 },
  extension: EXTENSION_DIGITS,
  extensions: undefined,
  number: RETRIEVAL_DIGITS,
  digits: { least: 1, most: MAX_TYPED },
};

/** What can be a code: one digit, since two are an extension; or one or two of `*` and `#` with up to four digits behind them. */
const CODE = /^(?:[0-9]|[*#]{1,2}[0-9]{0,4})$/;
/** The ledger's setting of a row's code has the row's name behind this. */
const SETTING = 'code-';

/** The codes that an office goes by. */
export type DialCodes = ReadonlyMap<DialName, string>;

export function isCode(text: string): boolean {
  return CODE.test(text);
}

/** Under which key the ledger's settings have the code of this row. */
export function codeSetting(name: DialName): string {
  return SETTING + name;
}

/** Where no admin has changed any. */
export const USUAL_CODES: DialCodes = new Map(DIAL_NAMES.map((name) => [name, DIAL_CODES[name].code]));

/**
 * The codes of an office, from its ledger's settings. What is malformed counts for nothing, nor does the last row, in the order of the
 * plan, of those that were changed apart and collide now: so all nodes come to the same, and no string means two things.
 */
export function dialCodesIn(settings: ReadonlyMap<string, string>): DialCodes {
  const codes = new Map(USUAL_CODES);
  const changed = DIAL_NAMES.filter((name) => {
    const wish = settings.get(codeSetting(name)) ?? '';
    if (DIAL_CODES[name].isFixed || !isCode(wish)) return false;
    codes.set(name, wish);
    return true;
  });
  for (;;) {
    const loser = changed.findLast(
      (name) => codes.get(name) !== DIAL_CODES[name].code && collisionOf(name, codes) !== undefined,
    );
    if (loser === undefined) return codes;
    codes.set(loser, DIAL_CODES[loser].code);
  }
}

/** Those of an office's codes that are no usual ones. */
export function changedCodesIn(settings: ReadonlyMap<string, string>): DialCodes {
  return new Map([...dialCodesIn(settings)].filter(([name, code]) => code !== DIAL_CODES[name].code));
}

/** A row that takes strings which this row takes, too. Mailboxes make way: their code begins the codes of other rows. */
export function collisionOf(name: DialName, codes: DialCodes): DialName | undefined {
  const own = stringsOf(name, codes);
  const makesWay = (one: DialName, code: string, other: string): boolean =>
    one === 'mailbox' && other.length > code.length;
  return DIAL_NAMES.find((other) => {
    const theirs = stringsOf(other, codes);
    if (other === name || !own || !theirs) return false;
    // Of numbers alone, an extension goes before a message.
    if (own.code === '' && theirs.code === '') return false;
    if (makesWay(name, own.code, theirs.code) || makesWay(other, theirs.code, own.code)) return false;
    return overlap(own, theirs);
  });
}

/** The row that takes the string by which the mailbox of this extension is dialled; undefined: it reaches the mailbox. */
export function rowHiding(extension: string, codes: DialCodes): DialName | undefined {
  const dialled = { code: (codes.get('mailbox') ?? '') + extension, least: 0, most: 0 };
  return DIAL_NAMES.find((name) => {
    const strings = name === 'mailbox' ? undefined : stringsOf(name, codes);
    return strings && overlap(strings, dialled);
  });
}

/** A code, and how many digits stand behind it. */
interface Strings {
  readonly code: string;
  readonly least: number;
  readonly most: number;
}

function stringsOf(name: DialName, codes: DialCodes): Strings | undefined {
  const digits = DIGITS[DIAL_CODES[name].behind];
  return digits && { code: codes.get(name) ?? '', ...digits };
}

/** Whether there is a string that is one of both. */
function overlap(a: Strings, b: Strings): boolean {
  const [short, long] = a.code.length <= b.code.length ? [a, b] : [b, a];
  if (!long.code.startsWith(short.code)) return false;
  const between = long.code.slice(short.code.length);
  if (!/^[0-9]*$/.test(between)) return false;
  return between.length + long.least <= short.most && between.length + long.most >= short.least;
}

import type { Code } from '../../i18n/index.ts';
import { EXTENSION_DIGITS, MAX_TYPED, RETRIEVAL_DIGITS } from './numbers.ts';

/** The codes of the dial plan, with which each row's strings begin, and what is dialled after them. Admins of an office may change codes. Pure. */

/** The names of the rows, from the phrases `plan-<name>`. */
export type DialName = Code extends infer C ? (C extends `plan-${infer Name}` ? Name : never) : never;

/** What is dialled after a code: nothing, one extension, several, a retrieval number, or digits that may be one. */
export type Behind = 'nothing' | 'extension' | 'extensions' | 'number' | 'digits';

interface DialCode {
  /** Empty: a number alone is dialled. */
  readonly code: string;
  readonly behind: Behind;
  /** No admin can change it. */
  readonly isFixed?: true;
}

/**
 * The rows in the order in which they are matched: exact codes, then codes with a number after them, then mailboxes. The codes are
 * FreePBX's where it has one. The type demands exactly the rows that have phrases.
 */
export const DIAL_CODES: { readonly [Name in DialName]: DialCode } = {
  extension: { code: '', behind: 'extension', isFixed: true },
  several: { code: '', behind: 'extensions', isFixed: true },
  unheard: { code: '*97', behind: 'nothing' },
  everybody: { code: '0', behind: 'nothing' },
  'last-talker': { code: '*69', behind: 'nothing' },
  again: { code: '*1', behind: 'nothing' },
  // In FreePBX's voicemail 5 repeats a message. FreePBX has no code *5, and no mailbox is dialled so.
  'last-words': { code: '*5', behind: 'nothing' },
  'pick-up': { code: '*8', behind: 'nothing' },
  undisturbed: { code: '*78', behind: 'nothing' },
  disturbed: { code: '*79', behind: 'nothing' },
  undivert: { code: '*73', behind: 'nothing' },
  divert: { code: '*72', behind: 'extension' },
  // `#` before the number, as messages' numbers are written.
  message: { code: '#', behind: 'digits', isFixed: true },
  'message-by-code': { code: '*97', behind: 'number' },
  override: { code: '*48', behind: 'extension' },
  call: { code: '*80', behind: 'extension' },
  type: { code: '*55', behind: 'extension' },
  mailbox: { code: '*', behind: 'extension' },
  'bare-message': { code: '', behind: 'number', isFixed: true },
};
export const DIAL_NAMES = Object.keys(DIAL_CODES) as readonly DialName[];

/** The number of digits after a code. `extensions` also has separators, which are in no code. */
const DIGITS: Readonly<Record<Behind, { readonly least: number; readonly most: number } | undefined>> = {
  nothing: { least: 0, most: 0 },
  extension: EXTENSION_DIGITS,
  extensions: undefined,
  number: RETRIEVAL_DIGITS,
  digits: { least: 1, most: MAX_TYPED },
};

/** A code: one digit (two are an extension), or one or two of `*` and `#` with up to four digits after them. */
const CODE = /^(?:[0-9]|[*#]{1,2}[0-9]{0,4})$/;
/** The prefix of the ledger's settings for codes; the row's name follows. */
const SETTING = 'code-';

/** The codes of an office, by row. */
export type DialCodes = ReadonlyMap<DialName, string>;

export function isCode(text: string): boolean {
  return CODE.test(text);
}

/** The key of the ledger's setting for this row's code. */
export function codeSetting(name: DialName): string {
  return SETTING + name;
}

/** The default codes. */
export const USUAL_CODES: DialCodes = new Map(DIAL_NAMES.map((name) => [name, DIAL_CODES[name].code]));

/**
 * The codes of an office, from its ledger's settings. A malformed code is ignored. Of codes that were changed concurrently and collide,
 * the one of the last row in the plan's order is ignored. So all nodes have the same codes, and no string means two things.
 */
export function dialCodesIn(settings: ReadonlyMap<string, string>): DialCodes {
  const chosen = chosenIn(settings);
  const codes = new Map([...USUAL_CODES, ...chosen]);
  for (;;) {
    const loser = [...chosen.keys()].findLast(
      (name) => codes.get(name) !== DIAL_CODES[name].code && collisionOf(name, codes) !== undefined,
    );
    if (loser === undefined) return codes;
    codes.set(loser, DIAL_CODES[loser].code);
  }
}

/** The codes that admins chose and that `dialCodesIn` ignores because they collide with codes that were chosen concurrently. */
export function lostCodesIn(settings: ReadonlyMap<string, string>): DialCodes {
  const codes = dialCodesIn(settings);
  return new Map([...chosenIn(settings)].filter(([name, code]) => codes.get(name) !== code));
}

/** The codes of an office that differ from the defaults. */
export function changedCodesIn(settings: ReadonlyMap<string, string>): DialCodes {
  return new Map([...dialCodesIn(settings)].filter(([name, code]) => code !== DIAL_CODES[name].code));
}

/** The well-formed codes that admins chose, in the plan's order. */
function chosenIn(settings: ReadonlyMap<string, string>): DialCodes {
  return new Map(
    DIAL_NAMES.flatMap((name) => {
      const code = settings.get(codeSetting(name)) ?? '';
      return DIAL_CODES[name].isFixed || !isCode(code) ? [] : [[name, code] as const];
    }),
  );
}

/** A row that matches some of the same strings as this row. The mailbox row is no collision: its code begins the codes of other rows. */
export function collisionOf(name: DialName, codes: DialCodes): DialName | undefined {
  const own = stringsOf(name, codes);
  const makesWay = (one: DialName, code: string, other: string): boolean =>
    one === 'mailbox' && other.length > code.length;
  return DIAL_NAMES.find((other) => {
    const theirs = stringsOf(other, codes);
    if (other === name || !own || !theirs) return false;
    // Of rows without a code, the extension is matched before the message.
    if (own.code === '' && theirs.code === '') return false;
    if (makesWay(name, own.code, theirs.code) || makesWay(other, theirs.code, own.code)) return false;
    return overlap(own, theirs);
  });
}

/** The row that matches the string for the mailbox of this extension; undefined: the string reaches the mailbox. */
export function rowHiding(extension: string, codes: DialCodes): DialName | undefined {
  const dialled = { code: (codes.get('mailbox') ?? '') + extension, least: 0, most: 0 };
  return DIAL_NAMES.find((name) => {
    const strings = name === 'mailbox' ? undefined : stringsOf(name, codes);
    return strings && overlap(strings, dialled);
  });
}

/** A code, and the number of digits after it. */
interface Strings {
  readonly code: string;
  readonly least: number;
  readonly most: number;
}

function stringsOf(name: DialName, codes: DialCodes): Strings | undefined {
  const digits = DIGITS[DIAL_CODES[name].behind];
  return digits && { code: codes.get(name) ?? '', ...digits };
}

/** Whether some string belongs to both. */
function overlap(a: Strings, b: Strings): boolean {
  const [short, long] = a.code.length <= b.code.length ? [a, b] : [b, a];
  if (!long.code.startsWith(short.code)) return false;
  const between = long.code.slice(short.code.length);
  if (!/^[0-9]*$/.test(between)) return false;
  return between.length + long.least <= short.most && between.length + long.most >= short.least;
}

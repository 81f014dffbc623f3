import * as v from 'valibot';

/**
 * The grammar of numbers: extensions, retrieval numbers, and how a typed or pasted number is read. Pure. Besides `index.ts` this file is a
 * door of the room, because the API's schemas use it.
 */

/** The number of digits of an extension. */
export const EXTENSION_DIGITS = { least: 2, most: 6 } as const;
/** The number of digits of a retrieval number. */
export const RETRIEVAL_DIGITS = { least: 4, most: 12 } as const;
/** The most messages with their numbers in one frame: 16 KiB. */
export const MAX_NUMBERS_IN_FRAME = 256;
/** Extensions that nobody chose begin here. */
export const FIRST_EXTENSION = 101;
/** Numbers of groups that nobody chose begin here. */
export const FIRST_GROUP = 600;
const LAST_EXTENSION = 10 ** EXTENSION_DIGITS.most - 1;
/** The most people that can be dialled at once. For more a group is needed. */
export const MAX_DIALLED = 16;
/** The longest text that is read as a number, in UTF-16 units: room for that many extensions and separators. */
export const MAX_TYPED = 128;

const EXTENSION = digitsOnly(EXTENSION_DIGITS);
const RETRIEVAL_NUMBER = digitsOnly(RETRIEVAL_DIGITS);
/** What a telephone's keys can dial: one number or several. */
const DIAL_STRING = /^[0-9#*]+(?:[,+][0-9#*]+)*$/;

/** A telephone link (RFC 3966): `tel:`, the number, and parameters that name where it is valid. */
const TEL = /^tel:(?:\/\/)?([^;]*)(?:;.*)?$/i;
/** Characters in written numbers that are not dialled: white space, dots, slashes, brackets, dashes of every kind. */
const SEPARATORS = /[\s./()[\]{}\p{Pd}\u2212]/gu;
/**
 * Invisible characters in copied numbers: soft hyphens, zero-width spaces, and marks of the writing direction (U+200E, U+200F,
 * U+202A to U+202E, U+2066 to U+2069, U+061C).
 */
const UNSEEN = /[\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]/gu;
/** The full-width forms of ASCII (U+FF01 to U+FF5E) lie this far above it. */
const FULL_WIDTH = /[\uff01-\uff5e]/gu;
const FULL_WIDTH_OFFSET = 0xff01 - 0x21;
/** Arabic-Indic digits (U+0660 to U+0669) and their extended forms (U+06F0 to U+06F9): the low four bits are the digit. */
const ARABIC_DIGIT = /[\u0660-\u0669\u06f0-\u06f9]/gu;

/** An extension as it is kept and sent: digits alone. */
export const extensionSchema = v.pipe(
  v.string(),
  v.regex(EXTENSION, 'An extension is a number of 2 to 6 digits.'),
);
/** An extension as a person types it, read as `readNumber` does. */
export const typedExtensionSchema = v.pipe(v.string(), v.transform(readNumber), extensionSchema);

/** A retrieval number as it is kept: digits alone. */
export const retrievalNumberSchema = v.pipe(
  v.string(),
  v.regex(RETRIEVAL_NUMBER, 'A retrieval number has 4 to 12 digits.'),
);
/** A retrieval number as a person types it, with or without its `#`; read into digits. */
export const typedRetrievalNumberSchema = v.pipe(
  v.string(),
  v.transform((typed) => readNumber(typed).replace(/^#/, '')),
  retrievalNumberSchema,
);

/**
 * Reads a typed or pasted number as a telephone dials it: ASCII digits, `#` and `*`. `(1 02)`, `tel:102`, full-width and Arabic digits all
 * give 102. Several numbers are separated by `,` or `+`. Other text is returned unchanged.
 */
export function readNumber(typed: string): string {
  if (typed.length > MAX_TYPED) return typed;
  const ascii = typed
    .replace(FULL_WIDTH, (form) => String.fromCharCode(form.charCodeAt(0) - FULL_WIDTH_OFFSET))
    .replace(ARABIC_DIGIT, (digit) => String(digit.charCodeAt(0) & 0xf))
    .replace(UNSEEN, '');
  const [, subscriber = ascii] = TEL.exec(ascii.trim()) ?? [];
  const number = subscriber.replace(SEPARATORS, '');
  return isDialString(number) ? number : typed;
}

/** Whether the text consists of what a telephone's keys dial: ASCII digits, `#` and `*`; several numbers are separated by `,` or `+`. */
export function isDialString(text: string): boolean {
  return DIAL_STRING.test(text);
}

/** Whether the digits have the form of an extension. */
export function isExtension(digits: string): boolean {
  return EXTENSION.test(digits);
}

/**
 * The lowest extension from `from` on that is free.
 * @param isTaken must also be true if a dial code hides the extension's mailbox: `rowHiding`
 * @throws RangeError where none is free: more are taken than an office can have people
 */
export function lowestFree(isTaken: (extension: string) => boolean, from = FIRST_EXTENSION): string {
  for (let number = from; number <= LAST_EXTENSION; number += 1) {
    const extension = String(number);
    if (!isTaken(extension)) return extension;
  }
  throw new RangeError('every extension is taken');
}

function digitsOnly({ least, most }: { readonly least: number; readonly most: number }): RegExp {
  return new RegExp(`^[0-9]{${least},${most}}$`);
}

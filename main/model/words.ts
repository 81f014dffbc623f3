import * as v from 'valibot';
import { CorridorError } from './errors.ts';

/** The longest text that a person may send as words: Unicode code points. */
export const MAX_WORDS_LENGTH = 2000;
/** A code point has at most four bytes in UTF-8. */
export const MAX_WORDS_BYTES = 4 * MAX_WORDS_LENGTH;
/** UTF-16 units of a text that is not even looked at: normalization shortens no text of people to a tenth. */
const MAX_UNITS = 20 * MAX_WORDS_LENGTH;

const LINE_ENDS = /\r\n|[\r\v\f\x85\u2028\u2029]/g;
/**
 * What is dropped. Control characters but the line feed, lone surrogates and non-characters are no text. Embeddings, overrides and isolates
 * of the bidirectional algorithm (UAX #9 §2) could reorder what a screen shows around the words; direction marks cannot, and stay. Tags
 * (U+E0000) and annotation characters carry text that nobody sees.
 */
const DROPPED =
  /(?!\n)[\p{Cc}\p{Cs}\p{Noncharacter_Code_Point}\u202A-\u202E\u2066-\u206F\uFEFF\uFFF9-\uFFFB\u{E0000}-\u{E007F}]/gu;
const VISIBLE = /(?!\s)[^\p{Default_Ignorable_Code_Point}\p{M}]/u;

/**
 * The words of a person, as they are sent, kept and shown: Unicode in form NFC, at most `MAX_WORDS_LENGTH` code points, lines ended by line
 * feeds, and without characters that show nothing or reorder other text. Markup is left as it is: it is text.
 * @throws CorridorError `words-empty` where nothing would be seen, `words-too-long`
 */
export function plainText(text: string): string {
  const plain = text.length > MAX_UNITS ? undefined : tidied(text);
  if (plain === undefined || codePoints(plain) > MAX_WORDS_LENGTH) {
    throw new CorridorError(
      'words-too-long',
      `This text is too long. Send ${MAX_WORDS_LENGTH} characters at most.`,
      {
        details: { most: MAX_WORDS_LENGTH },
      },
    );
  }
  if (!VISIBLE.test(plain)) throw new CorridorError('words-empty', 'There is no text. Type something first.');
  return plain;
}

/** Words from another node: they are as `plainText` makes them, or they are refused. */
export const wordsSchema = v.pipe(
  v.string(),
  v.maxLength(2 * MAX_WORDS_LENGTH),
  v.check((text) => tidied(text) === text && codePoints(text) <= MAX_WORDS_LENGTH && VISIBLE.test(text)),
);

function tidied(text: string): string {
  return text.replace(LINE_ENDS, '\n').replaceAll('\t', ' ').replace(DROPPED, '').normalize('NFC').trim();
}

function codePoints(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}

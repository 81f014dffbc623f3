import { readHeader, type Header } from './message.ts';
import { hashOfWords } from './sealed-words.ts';
import type { Signed } from './signed.ts';
import { lacksWords } from './words-beside.ts';

/** A header as it was signed, and what it says. */
interface SignedHeader {
  readonly signed: Signed;
  readonly facts: Header;
}

/** The header with this reader's own key alone: the sheet with its recipients has yet to come. */
function lacksSheet({ sheet, ownKey }: Signed): boolean {
  return sheet === undefined && ownKey !== undefined;
}

/** Whether a message still lacks what its header names: its key sheet, or its words. */
export function lacksBeside(signed: Signed, facts: Header): boolean {
  return lacksSheet(signed) || lacksWords(signed, facts);
}

/** The header, with the sheet or the words that it lacked and that came beside the same header later. Undefined: it lacked none of these. */
export function withBeside(header: SignedHeader, came: Partial<Signed>): SignedHeader | undefined {
  const isSame = came.payload === header.signed.payload;
  const sheeted = isSame ? withSheet(header, came) : undefined;
  const worded = isSame ? withWords(sheeted ?? header, came) : undefined;
  return worded ?? sheeted;
}

function withSheet({ signed }: SignedHeader, { sheet }: Partial<Signed>): SignedHeader | undefined {
  if (!lacksSheet(signed) || sheet === undefined) return undefined;
  const { ownKey, ...others } = signed;
  const whole = { ...others, sheet };
  const facts = readHeader(whole);
  const isFor = ownKey !== undefined && facts?.recipients.includes(ownKey.key.node);
  return facts && isFor ? { signed: whole, facts } : undefined;
}

function withWords({ signed, facts }: SignedHeader, { words }: Partial<Signed>): SignedHeader | undefined {
  if (!lacksWords(signed, facts) || words === undefined || hashOfWords(words) !== facts.words?.hash)
    return undefined;
  return { signed: { ...signed, words }, facts };
}

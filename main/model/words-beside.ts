import { hashOfWords, type HeaderWords } from './sealed-words.ts';
import type { Signed } from './signed.ts';

/** The header with the words beside it, as far as those are the ones that it names: they need no signature of their own. */
export function withOwnWords(
  signed: Signed,
  { words }: { readonly words?: HeaderWords | undefined },
): Signed {
  if (signed.words === undefined || words?.hash === hashOfWords(signed.words)) return signed;
  return withoutWords(signed);
}

/** The header without the words beside it. */
export function withoutWords({ words: _words, ...signed }: Signed): Signed {
  return signed;
}

/** Whether a message still lacks the words that its header names. */
export function lacksWords(signed: Signed, { words }: { readonly words?: HeaderWords | undefined }): boolean {
  return words !== undefined && signed.words === undefined;
}

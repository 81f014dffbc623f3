import type { Code, Said, Saying, Sayings, Words } from './sayings.ts';

export { de } from './de.ts';
export type { Code, NoKeys, None, Said, Saying, Sayings, Words } from './sayings.ts';

/** The details of a saying as a further argument; none where it has none. */
export type Details<C extends Code> =
  Sayings[C] extends Readonly<Record<string, never>> ? readonly [] : readonly [details: Sayings[C]];

/** Says a sentence, in English, with what other languages make theirs of. The compiler knows each code and its details. */
export function say<C extends Code>(code: C, sentence: string, ...[details]: Details<C>): Said {
  // The compiler does not see that a code and its own details are one of the union.
  return { sentence, saying: { code, details: details ?? {} } as Saying };
}

/**
 * What was said, in a language; `words` null: in English. What a language does not know, because it came from another
 * version of Corridor, is said in English too.
 */
export function inWords(
  words: Words | null,
  { sentence, saying }: { readonly sentence: string; readonly saying?: Saying | null | undefined },
): string {
  if (!words || !saying || !Object.hasOwn(words, saying.code)) return sentence;
  const inLanguage = words[saying.code] as (details: Saying['details']) => string;
  try {
    return inLanguage(saying.details);
  } catch {
    return sentence;
  }
}

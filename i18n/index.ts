import type { Code, LocalizedText, Phrase, Phrases, Translations } from './phrases.ts';

export { de } from './de.ts';
export type { None } from './none.ts';
export type { Code, NoKeys, LocalizedText, Phrase, Phrases, Translations } from './phrases.ts';

/** The details of a saying as a further argument; none where it has none. */
export type Details<C extends Code> =
  Phrases[C] extends Readonly<Record<string, never>> ? readonly [] : readonly [details: Phrases[C]];

/** Says a sentence, in English, with what other languages make theirs of. The compiler knows each code and its details. */
export function localizedText<C extends Code>(
  code: C,
  sentence: string,
  ...[details]: Details<C>
): LocalizedText {
  // The compiler does not see that a code and its own details are one of the union.
  return { sentence, phrase: { code, details: details ?? {} } as Phrase };
}

/**
 * What was said, in a language; `words` null: in English. What a language does not know, because it came from another
 * version of Corridor, is said in English too.
 */
export function translate(
  words: Translations | null,
  { sentence, phrase }: { readonly sentence: string; readonly phrase?: Phrase | null | undefined },
): string {
  if (!words || !phrase || !Object.hasOwn(words, phrase.code)) return sentence;
  const inLanguage = words[phrase.code] as (details: Phrase['details']) => string;
  try {
    return inLanguage(phrase.details);
  } catch {
    return sentence;
  }
}

import type { Code, LocalizedText, Phrase, Phrases, Translations } from './phrases.ts';

export { firstLanguage, isOf, languages, languageTags, SOURCE_LANGUAGE, type Language } from './languages.ts';
export { folded } from './folded.ts';
export type { JoinEnd, JoinRefusal } from './joining-phrases.ts';
export type { None } from './none.ts';
export type { ModelFileFault } from './speech-phrases.ts';
export type { Code, NoKeys, LocalizedText, Phrase, Phrases, Translations } from './phrases.ts';

/** The details of a phrase as a further argument; none where it has none. */
export type Details<C extends Code> =
  Phrases[C] extends Readonly<Record<string, never>> ? readonly [] : readonly [details: Phrases[C]];

/** An English sentence with the phrase that other languages translate. The compiler knows each code and its details. */
export function localizedText<C extends Code>(
  code: C,
  sentence: string,
  ...[details]: Details<C>
): LocalizedText {
  // The compiler does not see that a code and its own details are one of the union.
  return { sentence, phrase: { code, details: details ?? {} } as Phrase };
}

/**
 * The text in a language; `translations` null: in English. A phrase that the language does not have, because the text
 * came from another version of Corridor, stays in English too.
 */
export function translate(
  translations: Translations | null,
  { sentence, phrase }: { readonly sentence: string; readonly phrase?: Phrase | null | undefined },
): string {
  if (!translations || !phrase || !Object.hasOwn(translations, phrase.code)) return sentence;
  const translation = translations[phrase.code] as (details: Phrase['details']) => string;
  try {
    return translation(phrase.details);
  } catch {
    return sentence;
  }
}

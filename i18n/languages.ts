/**
 * The registry: one line a language, its locale tag (BCP 47) and its own name. The tag also names the folder of its
 * tables: `phrases.ts`, `panel.ts`, `settings.ts`, `desktop.ts` and `shared.ts`. The node writes its sentences in English itself, so
 * English has no `phrases.ts`.
 *
 * The registry imports no table: a node without a desktop knows every language's tag and keeps none of its sentences.
 */
export const languages = {
  en: 'English',
  de: 'Deutsch',
} as const;

export type Language = keyof typeof languages;

/** The language that the node writes its sentences in, and that stands in for every language that is not there. */
export const SOURCE_LANGUAGE = 'en' satisfies Language;
/** The languages with a folder of translations for the node's sentences. */
export type TranslatedLanguage = Exclude<Language, typeof SOURCE_LANGUAGE>;

/** Every language's tag. */
export const languageTags = Object.keys(languages) as readonly Language[];

/** The first of the wanted languages (tags such as `de-AT` or `de_AT`) that the registry has, else English. */
export function firstLanguage(wanted: readonly string[]): Language {
  for (const tag of wanted) {
    const found = languageTags.find((language) => isOf(tag, language));
    if (found) return found;
  }
  return SOURCE_LANGUAGE;
}

/** Whether a locale tag, such as `de-AT` or `de_AT`, is of the language. */
export function isOf(tag: string, language: Language): boolean {
  return `${tag.toLowerCase().replaceAll('_', '-')}-`.startsWith(`${language.toLowerCase()}-`);
}

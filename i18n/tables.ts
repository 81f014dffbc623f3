import { SOURCE_LANGUAGE, type Language, type TranslatedLanguage } from './languages.ts';
import type { Translations } from './phrases.ts';

/** One language as a surface (the panel, or the tray) needs it: its own strings, and the node's sentences. */
export interface Tables<Strings> {
  readonly language: Language;
  readonly strings: Strings;
  /** null: the node's sentences are in this language already. */
  readonly phrases: Translations | null;
}

/**
 * The tables of a language. `strings` loads those of the surface: a bundle holds only what its surface imports by name,
 * so that the tray's bundle has no panel, and the node's has neither.
 */
export async function loadTables<Strings>(
  english: Tables<Strings>,
  language: Language,
  strings: (language: TranslatedLanguage) => Promise<Strings>,
): Promise<Tables<Strings>> {
  if (language === SOURCE_LANGUAGE) return english;
  const [own, { phrases }] = await Promise.all([
    strings(language),
    import(`./${language}/phrases.ts`) as Promise<{ readonly phrases: Translations }>,
  ]);
  return { language, strings: own, phrases };
}

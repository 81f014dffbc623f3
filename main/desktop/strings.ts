import { firstLanguage, type Language, type Translations } from '../../i18n/index.ts';
import { englishDesktop, loadDesktop, type DesktopStrings, type DesktopTables } from '../../i18n/desktop.ts';

/** The strings of tray and notifications in one language. */
export interface Strings extends DesktopStrings {
  readonly language: Language;
  /** The translations of the node's sentences; null for English, their own language. */
  readonly phrases: Translations | null;
}

/** English, until another language is loaded. */
export const englishStrings: Strings = fromTables(englishDesktop);

/** The strings of the chosen language, or of the system's (such as `de-CH`), or of English. */
export async function loadStrings(chosen: Language | null, locale: string): Promise<Strings> {
  return fromTables(await loadDesktop(chosen ?? firstLanguage([locale])));
}

function fromTables({ language, strings, phrases }: DesktopTables): Strings {
  return { ...strings, language, phrases };
}

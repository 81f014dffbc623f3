import { firstLanguage, type Language, type Translations } from '../../i18n/index.ts';
import { englishDesktop, loadDesktop, type DesktopStrings, type DesktopTables } from '../../i18n/desktop.ts';

/** Everything that tray and notifications need to speak one language. */
export interface Strings extends DesktopStrings {
  readonly language: Language;
  /** The node's sentences; null: they are in this language already. */
  readonly phrases: Translations | null;
}

/** English, until another language is loaded. */
export const englishStrings: Strings = fromTables(englishDesktop);

/** The strings of the chosen language, else of the system's (such as `de-CH`), else English. */
export async function loadStrings(chosen: Language | null, locale: string): Promise<Strings> {
  return fromTables(await loadDesktop(chosen ?? firstLanguage([locale])));
}

function fromTables({ language, strings, phrases }: DesktopTables): Strings {
  return { ...strings, language, phrases };
}

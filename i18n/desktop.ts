import { desktop, type DesktopStrings } from './en/desktop.ts';
import { SOURCE_LANGUAGE, type Language } from './languages.ts';
import { loadTables, type Tables } from './tables.ts';

export type { DesktopStrings } from './en/desktop.ts';
export type DesktopTables = Tables<DesktopStrings>;

/** Tray and notifications in English, which are there from the start. */
export const englishDesktop: DesktopTables = { language: SOURCE_LANGUAGE, strings: desktop, phrases: null };

/** Tray and notifications in a language. */
export function loadDesktop(language: Language): Promise<DesktopTables> {
  return loadTables(englishDesktop, language, async (other) => {
    const own = (await import(`./${other}/desktop.ts`)) as { readonly desktop: DesktopStrings };
    return own.desktop;
  });
}

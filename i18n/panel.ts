import { panel, type PanelStrings } from './en/panel.ts';
import { SOURCE_LANGUAGE, type Language } from './languages.ts';
import { loadTables, type Tables } from './tables.ts';

export type { PanelStrings } from './en/panel.ts';
export type PanelTables = Tables<PanelStrings>;

/** The panel in English, which is there from the start. */
export const englishPanel: PanelTables = { language: SOURCE_LANGUAGE, strings: panel, phrases: null };

/** The panel in a language. */
export function loadPanel(language: Language): Promise<PanelTables> {
  return loadTables(englishPanel, language, async (other) => {
    const own = (await import(`./${other}/panel.ts`)) as { readonly panel: PanelStrings };
    return own.panel;
  });
}

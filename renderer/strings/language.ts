import { SvelteMap } from 'svelte/reactivity';
import { firstLanguage, isOf, SOURCE_LANGUAGE, type Language } from '../../i18n/index.ts';
import { englishPanel, loadPanel, type PanelTables } from '../../i18n/panel.ts';

/** Holds one entry, the tables of the current language, so that every part that uses them is drawn again after a change. */
const current = new SvelteMap<'tables', PanelTables>([['tables', englishPanel]]);

/** The language that was asked for last, and when its tables are there. */
let wanted: { readonly language: Language; readonly shown: Promise<void> } = {
  language: SOURCE_LANGUAGE,
  shown: Promise.resolve(),
};

/** The tables of the current language. */
export function tables(): PanelTables {
  return current.get('tables') ?? englishPanel;
}

/** The current language of the panel. */
export function language(): Language {
  return tables().language;
}

/** Changes the panel to the chosen language; null: the first of the system's that is in the registry, otherwise English. */
export function speak(chosen: Language | null): Promise<void> {
  const next = chosen ?? systemLanguage();
  if (next !== wanted.language) wanted = { language: next, shown: show(next) };
  return wanted.shown;
}

async function show(next: Language): Promise<void> {
  const loaded = await loadPanel(next);
  // Somebody chose another language while this one loaded.
  if (wanted.language !== next) return;
  current.set('tables', loaded);
  if (typeof document !== 'undefined') document.documentElement.lang = next;
}

/** A cache: every row of a list asks, and browsers make a new list of languages each time. */
const locales = new Map<Language, string>();

/** The locale for dates and numbers: the system's own for this language ("en-GB"), else the language itself. */
export function locale(): string {
  const now = language();
  const known = locales.get(now);
  if (known !== undefined) return known;
  const found = systemLanguages().find((tag) => isOf(tag, now)) ?? now;
  locales.set(now, found);
  return found;
}

/** The language where the person has chosen none. */
export function systemLanguage(): Language {
  return firstLanguage(systemLanguages());
}

/** The system's languages, the preferred one first. */
function systemLanguages(): readonly string[] {
  return typeof navigator === 'undefined' ? [] : navigator.languages;
}

import { SvelteMap } from 'svelte/reactivity';
import type { Language } from '../../preload/api.ts';

/** The languages there are, each named in itself. */
export const languageNames: Readonly<Record<Language, string>> = { en: 'English', de: 'Deutsch' };

/** Read while something is drawn, it is drawn again when the language changes. */
const spoken = new SvelteMap<'language', Language>([['language', systemLanguage()]]);

/** The language of the panel now. */
export function language(): Language {
  return spoken.get('language') ?? 'en';
}

/** Speaks the language that was chosen; null: the first of the system's that there is, else English. */
export function speak(chosen: Language | null): void {
  const now = chosen ?? systemLanguage();
  spoken.set('language', now);
  if (typeof document !== 'undefined') document.documentElement.lang = now;
}

/** Looked up once: every row of a list asks, and a browser makes a new list of languages for each. */
const locales = new Map<Language, string>();

/** How dates and numbers are written: the system's way of this language ("en-GB"), else the language's own. */
export function locale(): string {
  const now = language();
  const known = locales.get(now);
  if (known !== undefined) return known;
  const found = systemLanguages().find((tag) => isOf(tag, now)) ?? now;
  locales.set(now, found);
  return found;
}

/** The first of the wanted languages (tags such as "de-AT") that there is. */
export function firstKnown(wanted: readonly string[]): Language {
  const known = Object.keys(languageNames) as Language[];
  for (const tag of wanted) {
    const match = known.find((one) => isOf(tag, one));
    if (match) return match;
  }
  return 'en';
}

function isOf(tag: string, wanted: Language): boolean {
  return tag.toLowerCase().split('-')[0] === wanted;
}

/** The language where none is chosen. */
export function systemLanguage(): Language {
  return firstKnown(systemLanguages());
}

/** The language where none is chosen. */
function systemLanguages(): readonly string[] {
  return typeof navigator === 'undefined' ? [] : navigator.languages;
}

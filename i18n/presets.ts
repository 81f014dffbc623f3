import { presets, type Presets } from './en/shared.ts';
import { SOURCE_LANGUAGE, type Language } from './languages.ts';

/** The usual sentences at hand of a language, for who wrote none of their own. */
export async function usualPresets(language: Language): Promise<Presets> {
  if (language === SOURCE_LANGUAGE) return presets;
  const own = (await import(`./${language}/shared.ts`)) as { readonly presets: Presets };
  return own.presets;
}

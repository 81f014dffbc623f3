import { presets, understood, type Presets, type UnderstoodTexts } from './en/shared.ts';
import { SOURCE_LANGUAGE, type Language } from './languages.ts';

/** The few texts that the node itself writes, in a language. */
export interface NodeTexts {
  /** The usual sentences at hand, for who wrote none of their own. */
  readonly presets: Presets;
  /** What an engine understood. */
  readonly understood: UnderstoodTexts;
}

export async function nodeTexts(language: Language): Promise<NodeTexts> {
  if (language === SOURCE_LANGUAGE) return { presets, understood };
  return (await import(`./${language}/shared.ts`)) as NodeTexts;
}

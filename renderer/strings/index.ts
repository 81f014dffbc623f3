import type { Language, Phrase } from '../../preload/api.ts';
import { de as german, translate, type Translations } from '../../i18n/index.ts';
import { de } from './de.ts';
import { en, type Strings } from './en.ts';
import { language } from './language.ts';

export { language, languageNames, locale, speak, systemLanguage } from './language.ts';
export type { Strings } from './en.ts';

const tables: Readonly<Record<Language, Strings>> = { en, de };
/** null: the node's own sentences are in it. */
const nodes: Readonly<Record<Language, Translations | null>> = { en: null, de: german };

/**
 * Every word of the panel, in the language that is spoken now: `strings.people`. What is drawn with it follows a change
 * of language.
 */
export const strings: Strings = new Proxy<Strings>(en, {
  get: (_, name) => tables[language()][name as keyof Strings],
});

/** What the node said, in the language that is spoken now. */
export function translated(said: { readonly sentence: string; readonly phrase: Phrase | null }): string;
export function translated(said: {
  readonly sentence: string | null;
  readonly phrase: Phrase | null;
}): string | null;
export function translated({
  sentence,
  phrase,
}: {
  sentence: string | null;
  phrase: Phrase | null;
}): string | null {
  return sentence === null ? null : translate(nodes[language()], { sentence, phrase });
}

/** Why a call was refused, in the language that is spoken now; `error`: whatever it was rejected with. */
export function sentence(error: unknown): string {
  const { message, phrase } = (error ?? {}) as { readonly message?: unknown; readonly phrase?: Phrase };
  // What Electron puts in front of a sentence is for programs.
  const text = String(message ?? error).replace(/^Error invoking remote method '[^']*': (\w*Error: )?/, '');
  return translated({ sentence: text, phrase: phrase ?? null });
}

import { de } from './de.ts';
import { en, type Strings } from './en.ts';
import { language } from './language.ts';

export { language, languageNames, locale, speak, systemLanguage } from './language.ts';
export type { Strings } from './en.ts';

const tables: Readonly<Record<ReturnType<typeof language>, Strings>> = { en, de };

/**
 * Every word of the panel, in the language that is spoken now: `strings.people`. What is drawn with it follows a change
 * of language. Sentences of errors and troubles come from the node, ready to be shown.
 */
export const strings: Strings = new Proxy<Strings>(en, {
  get: (_, name) => tables[language()][name as keyof Strings],
});

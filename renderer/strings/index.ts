import type { Phrase } from '../../preload/api.ts';
import { translate } from '../../i18n/index.ts';
import { englishPanel, type PanelStrings } from '../../i18n/panel.ts';
import { tables } from './language.ts';

export { language, locale, speak, systemLanguage } from './language.ts';

/**
 * Every string of the panel in its current language: `strings.people`. Texts that use it follow a change of language.
 */
export const strings: PanelStrings = new Proxy<PanelStrings>(englishPanel.strings, {
  get: (_, name) => tables().strings[name as keyof PanelStrings],
});

/** The node's sentence in the current language of the panel. */
export function translated(text: { readonly sentence: string; readonly phrase: Phrase | null }): string;
export function translated(text: {
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
  return sentence === null ? null : translate(tables().phrases, { sentence, phrase });
}

/** The reason why a call was refused, in the current language. `error`: the value with which the call was rejected. */
export function sentence(error: unknown): string {
  const { message, phrase } = (error ?? {}) as { readonly message?: unknown; readonly phrase?: Phrase };
  // Electron puts a prefix for programs in front of the sentence.
  const text = String(message ?? error).replace(/^Error invoking remote method '[^']*': (\w*Error: )?/, '');
  return translated({ sentence: text, phrase: phrase ?? null });
}

import type { Check } from '../../preload/api.ts';
import type { LocalizedText } from '../../i18n/index.ts';

/** What works. */
export function fine(code: Check['code'], { sentence, phrase }: LocalizedText): Check {
  return { code, ok: true, sentence, phrase, next: null, nextPhrase: null };
}

/** What does not, and what to do about it. */
export function fails(code: Check['code'], { sentence, phrase }: LocalizedText, next: LocalizedText): Check {
  return { code, ok: false, sentence, phrase, next: next.sentence, nextPhrase: next.phrase };
}

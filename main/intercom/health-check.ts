import type { Check } from '../../preload/api.ts';
import type { Said } from '../../words/index.ts';

/** What works. */
export function fine(code: Check['code'], { sentence, saying }: Said): Check {
  return { code, ok: true, sentence, saying, next: null, nextSaying: null };
}

/** What does not, and what to do about it. */
export function fails(code: Check['code'], { sentence, saying }: Said, next: Said): Check {
  return { code, ok: false, sentence, saying, next: next.sentence, nextSaying: next.saying };
}

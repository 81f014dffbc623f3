import { canonicalTag, likelyParts } from './language.ts';
import type { Voice, VoiceWish } from './speech.ts';

/**
 * The wished voice, or, where it is left out or gone, the one whose language comes nearest to the wished language. Among equals the first
 * in the list. Undefined: no voice speaks that language. Without any wish the first voice.
 */
export function chooseVoice(voices: readonly Voice[], { voice, language }: VoiceWish): Voice | undefined {
  const chosen = voices.find(({ id }) => id === voice);
  if (chosen) return chosen;
  if (language === undefined) return voices[0];
  let best: Voice | undefined;
  let bestNearness = 0;
  for (const one of voices) {
    const nearness = nearnessOf(one.language, language);
    if (nearness <= bestNearness) continue;
    best = one;
    bestNearness = nearness;
  }
  return best;
}

/** Whether it is a voice for a text of that language. */
export function speaksLanguage(voice: Pick<Voice, 'language'>, language: string): boolean {
  return nearnessOf(voice.language, language) > 0;
}

/** How well a voice's language suits a text's; 0: not at all. */
function nearnessOf(spoken: string, wanted: string): number {
  const [has, wants] = [canonicalTag(spoken) ?? spoken, canonicalTag(wanted) ?? wanted];
  if (has === wants) return 5;
  const [own, other] = [likelyParts(has), likelyParts(wants)];
  if (own.language !== other.language || own.script !== other.script) return 0;
  // A variant, such as the English of one city, is chosen by a person alone.
  const isPlain = has.split('-').length <= 2;
  return 1 + (own.region === other.region ? 2 : 0) + (isPlain ? 1 : 0);
}

import type { MessageSummary } from '../preload/api.ts';

/** Without case and accents, so that "uber" finds "Über". */
function folded(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}

/** The messages that are from or to somebody, or in which something was typed or understood, with all of these words. */
export function findSaid(messages: readonly MessageSummary[], query: string): readonly MessageSummary[] {
  const words = folded(query)
    .split(/\s+/)
    .filter((word) => word !== '');
  if (words.length === 0) return messages;
  return messages.filter(({ name, number, words: typed, transcript }) => {
    const text = folded([name, `#${number}`, typed?.text ?? '', transcript?.text ?? ''].join('\n'));
    return words.every((word) => text.includes(word));
  });
}

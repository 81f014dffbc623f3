import type { MessageSummary } from '../preload/api.ts';
import { folded } from '../i18n/index.ts';

/** What is searched of each message, computed once. A message that changes is another object. */
const texts = new WeakMap<MessageSummary, string>();

/** The messages that are from or to somebody, or in which something was typed or understood, with all of these words. */
export function findSaid(messages: readonly MessageSummary[], query: string): readonly MessageSummary[] {
  const words = folded(query)
    .split(/\s+/)
    .filter((word) => word !== '');
  if (words.length === 0) return messages;
  return messages.filter((message) => {
    const text = textOf(message);
    return words.every((word) => text.includes(word));
  });
}

function textOf(message: MessageSummary): string {
  const known = texts.get(message);
  if (known !== undefined) return known;
  const { name, number, words, transcript } = message;
  const text = folded([name, `#${number}`, words?.text ?? '', transcript?.text ?? ''].join('\n'));
  texts.set(message, text);
  return text;
}

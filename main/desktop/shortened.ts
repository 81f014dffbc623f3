/** Characters of a message's words in its notification. */
const MAX_QUOTED = 140;

/** The first words, in one line. */
export function shortened(words: string): string {
  const line = words.replace(/\s+/g, ' ').trim();
  const characters = Array.from(line);
  return characters.length <= MAX_QUOTED
    ? line
    : `${characters
        .slice(0, MAX_QUOTED - 1)
        .join('')
        .trimEnd()}…`;
}

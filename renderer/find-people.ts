import type { Person } from '../preload/api.ts';

/** A person with the text they are found by, made once and not at every key. */
export interface Findable {
  readonly person: Person;
  /** Words of the name, small and without accents. */
  readonly words: readonly string[];
}

/** Favourites first, then by name. A presence moves nobody: the row that is held to talk stays in its place. */
export function sortPeople(people: readonly Person[], tag?: string): readonly Findable[] {
  const { compare } = new Intl.Collator(tag, { sensitivity: 'base', numeric: true });
  return people
    .slice()
    .sort(
      (a, b) =>
        Number(b.favourite) - Number(a.favourite) ||
        compare(a.name, b.name) ||
        compare(a.extension, b.extension),
    )
    .map((person) => ({ person, words: wordsOf(person.name) }));
}

/**
 * Those who are meant by what was typed, best first: the extension itself, then beginnings of extensions and of words
 * of the name, then parts of words. Every word typed must be found; "mei-lin" is two, as in the name. Nothing typed:
 * everybody, in order.
 */
export function findPeople(all: readonly Findable[], typed: string): readonly Person[] {
  if (typed.trim() === '') return all.map(({ person }) => person);
  const wanted = wordsOf(typed);
  if (wanted.length === 0) return [];
  const byScore: Person[][] = [[], [], []];
  for (const one of all) {
    const score = scoreOf(one, wanted);
    if (score !== null) byScore[score]?.push(one.person);
  }
  return byScore.flat();
}

/** 0: exactly that extension; 1: beginnings; 2: somewhere inside; null: not meant. */
function scoreOf({ person, words }: Findable, wanted: readonly string[]): 0 | 1 | 2 | null {
  let score: 0 | 1 | 2 = 1;
  for (const part of wanted) {
    if (person.extension.startsWith(part) || words.some((word) => word.startsWith(part))) continue;
    if (!words.some((word) => word.includes(part))) return null;
    score = 2;
  }
  return wanted.length === 1 && person.extension === wanted[0] ? 0 : score;
}

/** "Zoë O’Øst-Lee" → "zoe", "oøst", "lee": as it is typed on any keyboard. */
function wordsOf(text: string): string[] {
  return text
    .normalize('NFD')
    .replace(/[\p{Diacritic}'’]/gu, '')
    .toLowerCase()
    .split(/[\s.\-_]+/u)
    .filter((word) => word !== '');
}

import type { Group, Person } from '../preload/api.ts';
import { folded } from '../i18n/index.ts';

/** Something that is found by its name and its number. */
export interface Named {
  readonly name: string;
  readonly extension: string | null;
}

/** One line of the list: a person or a group. */
export type Row = Person | Group;

export function isGroup(row: Row): row is Group {
  return 'people' in row;
}

/** A person or group with the text that is searched, computed once. */
export interface Findable<T extends Named = Person> {
  readonly person: T;
  /** Words of the name, small and without accents. */
  readonly words: readonly string[];
}

/** Whether it is a person’s. */
export function isOfPerson(one: Findable<Row>): one is Findable {
  return !isGroup(one.person);
}

/**
 * Sorts favourites first, then groups, then people, each by name; groups before people among the favourites too. The presence does not
 * matter, so that a row that is held to talk stays in its place.
 */
export function sortRows(
  people: readonly Person[],
  groups: readonly Group[],
  tag?: string,
): readonly Findable<Row>[] {
  const byName = compareNames(tag);
  const rank = (row: Row): number => (row.favourite ? 0 : 2) + (isGroup(row) ? 0 : 1);
  return [...groups, ...people].sort((a, b) => rank(a) - rank(b) || byName(a, b)).map(findable<Row>);
}

/**
 * The matches of the typed text, best first: the exact extension, then beginnings of extensions and of words of the name, then parts of
 * words. Every typed word must match; "mei-lin" is two words, as in the name. Empty text matches everybody, in order.
 */
export function findPeople<T extends Named>(all: readonly Findable<T>[], typed: string): readonly T[] {
  if (typed.trim() === '') return all.map(({ person }) => person);
  const wanted = wordsOf(typed);
  if (wanted.length === 0) return [];
  const byScore: T[][] = [[], [], []];
  for (const one of all) {
    const score = scoreOf(one, wanted);
    if (score !== null) byScore[score]?.push(one.person);
  }
  return byScore.flat();
}

/** 0: the exact extension; 1: beginnings; 2: inside; null: no match. */
function scoreOf({ person, words }: Findable<Named>, wanted: readonly string[]): 0 | 1 | 2 | null {
  let score: 0 | 1 | 2 = 1;
  const extension = person.extension ?? '';
  for (const part of wanted) {
    if (extension.startsWith(part) || words.some((word) => word.startsWith(part))) continue;
    if (!words.some((word) => word.includes(part))) return null;
    score = 2;
  }
  return wanted.length === 1 && extension === wanted[0] ? 0 : score;
}

function compareNames(tag: string | undefined): (a: Named, b: Named) => number {
  const { compare } = new Intl.Collator(tag, { sensitivity: 'base', numeric: true });
  return (a, b) => compare(a.name, b.name) || compare(a.extension ?? '', b.extension ?? '');
}

function findable<T extends Named>(person: T): Findable<T> {
  return { person, words: wordsOf(person.name) };
}

/** "Zoë O’Øst-Lee" → "zoe", "oøst", "lee": as it is typed on any keyboard. */
function wordsOf(text: string): string[] {
  return folded(text)
    .replace(/['’]/g, '')
    .split(/[\s.\-_]+/u)
    .filter((word) => word !== '');
}

import { findPeople, type Findable, type Named } from './find-people.ts';

/** The longest list to pick from: a person finds others by typing more. */
const SHOWN = 8;

/** What becomes of the person who was picked. */
export interface Picking<T extends Named> {
  /** What the button says. */
  readonly act: (chosen: T) => string;
  /** The question closes afterwards. */
  readonly work: (chosen: T) => Promise<void>;
}

/** What else can be done with them. */
export interface AlsoPicking<T extends Named> {
  readonly act: string;
  readonly work: (chosen: T) => void;
}

/** Whom to pick from for the typed text. `not` is left out: nobody forwards a message to its talker. */
export function pickable<T extends Named>(
  all: readonly Findable<T>[],
  typed: string,
  not: string,
): readonly T[] {
  return findPeople(all, typed)
    .filter(({ extension }) => extension !== null && extension !== not)
    .slice(0, SHOWN);
}

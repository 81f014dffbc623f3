import { findPeople, type Findable, type Named } from './find-people.ts';

/** The longest list to pick from: a person finds others by typing more. */
const SHOWN = 8;

/** The action on the picked person. */
export interface Picking<T extends Named> {
  /** The label of the button. */
  readonly act: (chosen: T) => string;
  /** Does the action; the dialog closes afterwards. */
  readonly work: (chosen: T) => Promise<void>;
}

/** A second action on the picked person. */
export interface AlsoPicking<T extends Named> {
  readonly act: string;
  readonly work: (chosen: T) => void;
}

/** The people to pick from for the typed text. `not`: an extension to leave out, such as that of a forwarded message's talker. */
export function pickable<T extends Named>(
  all: readonly Findable<T>[],
  typed: string,
  not: string,
): readonly T[] {
  return findPeople(all, typed)
    .filter(({ extension }) => extension !== null && extension !== not)
    .slice(0, SHOWN);
}

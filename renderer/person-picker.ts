import type { Person } from '../preload/api.ts';
import { findPeople, type Findable } from './find-people.ts';

/** The longest list to pick from: a person finds others by typing more. */
const SHOWN = 8;

/** The people to pick from for the typed text. `not` is left out: nobody forwards a message to its talker. */
export function pickable(all: readonly Findable[], typed: string, not: string): readonly Person[] {
  return findPeople(all, typed)
    .filter(({ extension }) => extension !== not)
    .slice(0, SHOWN);
}

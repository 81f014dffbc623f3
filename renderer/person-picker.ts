import type { Person } from '../preload/api.ts';
import { findPeople, type Findable } from './find-people.ts';

/** A list to pick from: more are found by typing more. */
const SHOWN = 8;

/** Those to pick from for what was typed; `not` is left out: nobody hands a message to who spoke it. */
export function pickable(all: readonly Findable[], typed: string, not: string): readonly Person[] {
  return findPeople(all, typed)
    .filter(({ extension }) => extension !== not)
    .slice(0, SHOWN);
}

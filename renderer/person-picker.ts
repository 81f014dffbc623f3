import { findPeople, type Findable, type Row } from './find-people.ts';

/** The longest list to pick from: a person finds others by typing more. */
const SHOWN = 8;

/** The people and groups to pick from for the typed text. `not` is left out: nobody forwards a message to its talker. */
export function pickable(all: readonly Findable<Row>[], typed: string, not: string): readonly Row[] {
  return findPeople(all, typed)
    .filter(({ extension }) => extension !== null && extension !== not)
    .slice(0, SHOWN);
}

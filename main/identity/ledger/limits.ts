/*
 * How much of one author counts, and how much of one author is held. All of it is the first in order, so that every node stops
 * at the same statement. What one author signs takes no place of another's.
 */

/** How many statements count, of each author. */
export interface Limits {
  readonly rules: number;
  /** Of types that a later version knows: on their own, so that none of them takes the place of an admission. */
  readonly laters: number;
  /** Each removal may cost an evaluation one pass over all statements. */
  readonly removals: number;
}

/** Of what an author signs as an admin. */
export const OF_ADMIN: Limits = { rules: 4096, laters: 4096, removals: 512 };
/** Of what anybody else signs: the computers they let in, their numbers, their votes. They remove their own computers alone. */
export const OF_MEMBER: Limits = { rules: 512, laters: 512, removals: 16 };
/** Numbers, and votes, of one author, whatever it is. */
export const MAX_NUMBERS = 64;
export const MAX_FIRSTS = 64;
/**
 * Groups of an office, and of one plain member with the people they let in: a hostile one takes neither all places nor all numbers.
 * Changes to groups are bounded by `laters`, the numbers that one author chooses for groups by `MAX_NUMBERS`.
 */
export const MAX_GROUPS = 256;
export const MAX_GROUPS_OF_MEMBER = 32;
/**
 * People of a group: as many as one page reaches. Where they have more computers than the 500 recipients that a header, or its key
 * sheet, holds (113 kB of wrapped keys, a quarter of a second's work), a message to the group is refused, and says so.
 */
export const MAX_GROUP_MEMBERS = 250;
/** From so many counting statements on, admins are asked to found the office anew: every node reads them all at each start. */
export const LARGE_LEDGER = 6000;
/** Statements that are held, do not count, and lie in the past of none that counts. */
export const MAX_IDLE = 4096;

/*
 * Limits on how many statements of one author count, and how many are held. The first in order do, so that every node stops at the same
 * statement. No author takes places of another.
 */

/** The numbers of statements of one author that count. */
export interface Limits {
  readonly rules: number;
  /** Statements of types that only later versions know. They have a limit of their own, so that none takes the place of an admission. */
  readonly laters: number;
  /** Removals, each of which may cost an evaluation one pass over all statements. */
  readonly removals: number;
}

/** The limits for what an author signs as an admin. */
export const OF_ADMIN: Limits = { rules: 4096, laters: 4096, removals: 512 };
/** The limits for what other members sign: admissions, numbers, votes. They can remove their own computers alone. */
export const OF_MEMBER: Limits = { rules: 512, laters: 512, removals: 16 };
/** The limits for numbers and for votes of any author. */
export const MAX_NUMBERS = 64;
export const MAX_FIRSTS = 64;
/**
 * Groups of an office, and of one plain member with the people they sponsor, so that a hostile one takes neither all places nor all numbers.
 * Changes to groups are bounded by `laters`, the numbers that one author chooses for groups by `MAX_NUMBERS`.
 */
export const MAX_GROUPS = 256;
export const MAX_GROUPS_OF_MEMBER = 32;
/**
 * People of a group: as many as one page reaches. If they have more computers than the 500 recipients that a header, or its key sheet,
 * can hold (113 kB of wrapped keys, a quarter of a second's work), a message to the group is refused with a sentence.
 */
export const MAX_GROUP_MEMBERS = 250;
/** From this many counting statements on, admins are asked to found the office anew, since every node reads them all at each start. */
export const LARGE_LEDGER = 6000;
/** The most idle statements that are held: they do not count, and no counting one has them in its past. */
export const MAX_IDLE = 4096;

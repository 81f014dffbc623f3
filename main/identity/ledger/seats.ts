import type { NodeId } from '../../model/index.ts';
import { OF_ADMIN, OF_MEMBER } from './limits.ts';

/** The properties of a statement that decide on its seat. */
interface Seated {
  readonly id: string;
  readonly depth: number;
  readonly by: NodeId;
  readonly isByAdmin: boolean;
  readonly read: { readonly kind: string };
}

/** The numbers of statements of one author that have a seat. */
export interface SeatCounts {
  /** Of the statements that it signs as an admin, and of those of later types. */
  readonly admin: number;
  readonly member: number;
}

/** As many as can count (`count`). */
export const SEATS: SeatCounts = {
  admin: Math.max(OF_ADMIN.rules, OF_ADMIN.laters),
  member: Math.max(OF_MEMBER.rules, OF_MEMBER.laters),
};

/** Compares by the length of the longest path to the charter, then by id. */
export function inOrder(a: Seated, b: Seated): number {
  return a.depth - b.depth || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}

/** The statements of each author in order, of which the first have a seat. A lost seat comes back only if an earlier statement is dropped. */
export class Seats<T extends Seated> {
  readonly #counts: SeatCounts;
  readonly #rows = new Map<string, T[]>();

  constructor(counts: SeatCounts) {
    this.#counts = counts;
  }

  /** Whether a statement that is not here would have a seat. */
  isFreeFor(statement: Seated): boolean {
    const row = this.#rows.get(rowOf(statement)) ?? [];
    return placeIn(row, statement) < this.#countOf(statement);
  }

  has(statement: T): boolean {
    const row = this.#rows.get(rowOf(statement)) ?? [];
    const place = placeIn(row, statement);
    return row[place] === statement && place < this.#countOf(statement);
  }

  /** Adds a statement. Returns the one that lost its seat to it; undefined: none did, or this one has no seat itself. */
  add(statement: T): T | undefined {
    const key = rowOf(statement);
    const row = this.#rows.get(key) ?? [];
    this.#rows.set(key, row);
    const place = placeIn(row, statement);
    row.splice(place, 0, statement);
    const count = this.#countOf(statement);
    return place < count ? row[count] : undefined;
  }

  delete(statement: T): void {
    const row = this.#rows.get(rowOf(statement)) ?? [];
    const place = placeIn(row, statement);
    if (row[place] === statement) row.splice(place, 1);
  }

  #countOf({ isByAdmin }: Seated): number {
    return isByAdmin ? this.#counts.admin : this.#counts.member;
  }
}

function rowOf({ by, isByAdmin, read }: Seated): string {
  return `${by} ${isByAdmin ? 'admin' : 'member'} ${read.kind === 'later' ? 'later' : 'rule'}`;
}

/** The number of statements in the row that come before it in order. */
function placeIn(row: readonly Seated[], statement: Seated): number {
  let low = 0;
  let high = row.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (inOrder(row[middle]!, statement) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

import * as v from 'valibot';

/** The latest time of a Date, ms since the epoch (ECMA-262 §21.4.1.1). */
export const LATEST_MS = 8.64e15;

/** A schema of an integer from `min` to `max`. */
export function whole(min = 0, max = Number.MAX_SAFE_INTEGER) {
  return v.pipe(v.number(), v.safeInteger(), v.minValue(min), v.maxValue(max));
}

/** Milliseconds since the epoch. */
export const timeSchema = whole(0, LATEST_MS);

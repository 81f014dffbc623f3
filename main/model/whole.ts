import * as v from 'valibot';

/** The latest moment that a date can hold, ms since the epoch (ECMA-262 §21.4.1.1): a later one cannot be shown. */
export const LATEST_MS = 8.64e15;

/** A whole number from `min` to `max`, which arithmetic keeps exact. */
export function whole(min = 0, max = Number.MAX_SAFE_INTEGER) {
  return v.pipe(v.number(), v.safeInteger(), v.minValue(min), v.maxValue(max));
}

/** Milliseconds since the epoch. */
export const timeSchema = whole(0, LATEST_MS);

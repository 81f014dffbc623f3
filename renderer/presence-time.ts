const MINUTE_MS = 60_000;
/** Farther away than this, a time of day says more than minutes. */
const IN_MINUTES_MS = 100 * MINUTE_MS;
const MORNING_HOUR = 8;

/** When tomorrow begins for somebody who works: at eight in the morning. ms since the epoch. */
export function tomorrowMorning(now: number): number {
  const at = new Date(now);
  return new Date(at.getFullYear(), at.getMonth(), at.getDate() + 1, MORNING_HOUR).getTime();
}

/** What remains of a presence with an end: whole minutes, at least 1, where it is near; else its time. */
export function remaining(until: number, now: number): { minutes: number } | { at: number } {
  const left = until - now;
  if (left > IN_MINUTES_MS) return { at: until };
  return { minutes: Math.max(1, Math.ceil(left / MINUTE_MS)) };
}

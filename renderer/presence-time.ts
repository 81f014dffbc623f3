const MINUTE_MS = 60_000;
/** An end that is farther away than this is shown as a time of day, not in minutes. */
const IN_MINUTES_MS = 100 * MINUTE_MS;

/** The end of a presence: near, the whole minutes that are left, at least 1; farther away, its time of day. */
export function remaining(until: number, now: number): { minutes: number } | { at: number } {
  const left = until - now;
  if (left > IN_MINUTES_MS) return { at: until };
  return { minutes: Math.max(1, Math.ceil(left / MINUTE_MS)) };
}

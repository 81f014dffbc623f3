/** The hour at which a working day begins. */
const MORNING_HOUR = 8;

/**
 * Eight o'clock tomorrow, in the time zone of this computer, across a change to or from daylight-saving time too.
 * `now` and the result: ms since the epoch.
 */
export function tomorrowMorning(now: number): number {
  const today = new Date(now);
  return new Date(today.getFullYear(), today.getMonth(), today.getDate() + 1, MORNING_HOUR).getTime();
}

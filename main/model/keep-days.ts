import * as v from 'valibot';

/** For how many days heard messages can be kept. */
export const KEEP_DAYS = { least: 1, most: 3650 } as const;
export const keepDaysSchema = v.pipe(
  v.number(),
  v.integer(),
  v.minValue(KEEP_DAYS.least),
  v.maxValue(KEEP_DAYS.most),
);

/** The key of the office's setting. Its value is a number of days; empty: the office leaves it to each computer. */
export const KEEP_DAYS_KEY = 'keep-days';

/** For how many days, at most, the office wants heard messages to be kept; undefined: it leaves that to each computer. */
export function keepDaysIn(settings: ReadonlyMap<string, string>): number | undefined {
  const text = settings.get(KEEP_DAYS_KEY) ?? '';
  const days = /^[0-9]{1,4}$/.test(text) ? Number(text) : undefined;
  return v.is(keepDaysSchema, days) ? days : undefined;
}

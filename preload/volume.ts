import * as v from 'valibot';

/** The volume of a colleague, percent of their own loudness. To silence somebody there is mute. */
export const VOLUME = { least: 10, full: 100, most: 200 } as const;
export const volumePercent = v.pipe(
  v.number(),
  v.integer('It must be a whole number of percent.'),
  v.minValue(
    VOLUME.least,
    `It must be ${VOLUME.least} percent or more. To hear nothing of somebody, mute them.`,
  ),
  v.maxValue(VOLUME.most, `It must be ${VOLUME.most} percent or less.`),
);

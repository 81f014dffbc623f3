const FULL_SCALE = 32_768;
/** Digital silence, so that no level is infinite. */
const SILENCE_DB = -120;

/** The average level, decibels relative to full scale: 0 is a square wave at full scale. */
export function levelDb(samples: Int16Array): number {
  if (samples.length === 0) return SILENCE_DB;
  const power = samples.reduce((sum, one) => sum + (one / FULL_SCALE) ** 2, 0) / samples.length;
  return Math.max(SILENCE_DB, 10 * Math.log10(power));
}

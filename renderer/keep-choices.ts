import { strings } from './strings/index.ts';

/** The choices for how long and how much is kept: the usual ones, and the present one if it is another. */

const DAYS = [7, 30, 90, 180, 365, 730];
const MEGABYTES = [512, 1024, 2048, 5120, 10_240, 51_200];

export function dayChoices(now: number): readonly number[] {
  return withNow(DAYS, now);
}

export function megabyteChoices(now: number): readonly number[] {
  return withNow(MEGABYTES, now);
}

/** 90 days are shown as 3 months; 45 stay 45 days. */
export function span(days: number): { readonly count: number; readonly unit: 'days' | 'months' | 'years' } {
  if (days % 365 === 0) return { count: days / 365, unit: 'years' };
  return days % 30 === 0 ? { count: days / 30, unit: 'months' } : { count: days, unit: 'days' };
}

/** Such as "3 months". */
export function spoken(days: number): string {
  const { count, unit } = span(days);
  return strings[unit](count);
}

function withNow(choices: readonly number[], now: number): readonly number[] {
  return choices.includes(now) ? choices : [...choices, now].sort((a, b) => a - b);
}

import type { Check } from '../../preload/api.ts';
import { localizedText, type LocalizedText } from '../../i18n/index.ts';
import { fails, fine } from './health-check.ts';

/** Whether this computer's clock agrees with those of its colleagues. */
export interface ClockFacts {
  /** How this computer's clock is wrong; null: it is not, as far as is known. */
  readonly clockTrouble: LocalizedText | null;
  /** Enough of their clocks are known to tell. */
  readonly isClockCompared: boolean;
}

export function clock({ clockTrouble, isClockCompared: isCompared }: ClockFacts): Check {
  if (clockTrouble !== null) {
    const advice = 'Set the clock, or have the system’s settings set it by the network.';
    return fails('clock', clockTrouble, localizedText('next-clock', advice));
  }
  const sentence = isCompared
    ? 'This computer’s clock agrees with those of colleagues.'
    : 'This computer’s clock is compared once enough colleagues are there.';
  return fine('clock', localizedText('health-clock', sentence, { isCompared }));
}

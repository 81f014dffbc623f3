import type { Check } from '../../preload/api.ts';
import { localizedText } from '../../i18n/index.ts';
import { fails, fine } from './health-check.ts';

/** Whether the program itself behaves as it should. */
export interface BehaviourFacts {
  /** How often something happened that nobody foresaw. */
  readonly faults: number;
}

export function program({ faults }: BehaviourFacts): Check {
  if (faults === 0) {
    const sentence = 'Nothing unforeseen has happened since Corridor started.';
    return fine('program', localizedText('health-sound-program', sentence));
  }
  const sentence =
    faults === 1
      ? 'Something unforeseen has happened once since Corridor started. Corridor went on.'
      : `Something unforeseen has happened ${faults} times since Corridor started. Corridor went on each time.`;
  return fails(
    'program',
    localizedText('health-faults', sentence, { faults }),
    localizedText(
      'next-faults',
      'If something does not work, start Corridor again, and give the diagnostics (settings, health) to whoever helps you.',
    ),
  );
}

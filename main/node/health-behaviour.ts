import type { Check } from '../../preload/api.ts';
import { localizedText } from '../../i18n/index.ts';
import { fails, fine } from './health-check.ts';

/** How the program itself, and the colleagues' programs, behave. */
export interface BehaviourFacts {
  /** How often something happened that nobody foresaw. */
  readonly faults: number;
  /** Colleagues whose computers sent more than they may, the worst first. */
  readonly floods: readonly { readonly name: string; readonly dropped: number }[];
}

export function colleagues({ floods: [worst] }: BehaviourFacts): Check {
  if (!worst) {
    const sentence = 'No computer sends more than it may.';
    return fine('colleagues', localizedText('health-modest', sentence));
  }
  const { name, dropped } = worst;
  const sentence = `${name}’s computer sends more than it may: ${dropped} times something of it was dropped.`;
  const next = `Tell ${name}: Corridor is out of order there, or somebody else uses that computer.`;
  return fails(
    'colleagues',
    localizedText('health-flood', sentence, { name, dropped }),
    localizedText('next-flood', next, { name }),
  );
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

import type { Check } from '../../preload/api.ts';
import { localizedText } from '../../i18n/index.ts';
import { dayText } from '../model/index.ts';
import { fails, fine } from './health-check.ts';

export interface WaitingFacts {
  /** The own messages that will soon wait no longer for people who have been away for months. */
  readonly ending: {
    readonly messages: number;
    /** When the first of them ends, ms since the epoch. */
    readonly endsAt: number;
    /** Who has not got them. */
    readonly names: readonly string[];
  } | null;
}

/** Whether something that this person said waits in vain. */
export function waiting({ ending }: WaitingFacts): Check {
  if (!ending)
    return fine(
      'waiting',
      localizedText(
        'health-waiting',
        'Nothing that you said waits for somebody who has been away for months.',
      ),
    );
  const { messages, endsAt } = ending;
  const names = ending.names.join(', ');
  const what = messages === 1 ? 'A message of yours waits' : `${messages} messages of yours wait`;
  const day = dayText(endsAt);
  const sentence = `${what} for ${names}, whose computer has been off for months. From ${day} on, nothing waits any longer.`;
  return fails(
    'waiting',
    localizedText('health-ending', sentence, { messages, names, day }),
    localizedText('next-ending', `Tell ${names} in another way, or have Corridor started there.`, { names }),
  );
}

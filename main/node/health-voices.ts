import type { Check } from '../../preload/api.ts';
import { localizedText } from '../../i18n/index.ts';
import { fails, fine } from './health-check.ts';

/** Whether the voices that came are really those of their talkers. */
export interface VoicesFacts {
  /**
   * The talkers into whose messages somebody put other sound, the worst first. `sentBy`: whose computer sent it; null: nobody
   * knows.
   */
  readonly forged: readonly {
    readonly name: string;
    readonly count: number;
    readonly sentBy: string | null;
  }[];
}

export function voices({ forged: [worst] }: VoicesFacts): Check {
  if (!worst) {
    const sentence = 'Nobody has put words into somebody else’s message.';
    return fine('voices', localizedText('health-voices', sentence));
  }
  const { name, count, sentBy } = worst;
  const from = sentBy === null ? '' : ` ${sentBy}’s computer sent them.`;
  const sentence = `Somebody has put words into messages of ${name}: ${count} pieces were not what ${name} said, and were dropped.${from}`;
  const next =
    sentBy === null
      ? 'Tell an admin: only somebody who received these messages, too, could do that.'
      : `Tell an admin, and have ${sentBy}’s computer looked at.`;
  return fails(
    'voices',
    localizedText('health-forged', sentence, worst),
    localizedText('next-forged', next, { sentBy }),
  );
}

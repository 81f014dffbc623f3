import type { Check, Health } from '../../preload/api.ts';
import { localizedText } from '../../i18n/index.ts';
import { fails, fine } from './health-check.ts';

/** A difference that lasts longer than this is shown, ms. Until then the whole roster was asked for several times. */
const LASTS_MS = 10_000;

/** Whether this computer and the switch show the same colleagues as online. */
export interface ColleaguesFacts {
  readonly switch: Health['switch'];
  /** For how long they have not, in ms; 0: they do, as far as is known. */
  readonly rosterDiffersMs: number;
}

export function colleagues({ switch: leader, rosterDiffersMs }: ColleaguesFacts): Check {
  if (!leader) {
    const sentence = 'Who is online is compared once there is a switch.';
    return fine('colleagues', localizedText('health-colleagues', sentence, { isCompared: false }));
  }
  if (rosterDiffersMs < LASTS_MS) {
    const sentence = 'This computer shows the same colleagues as online as the switch.';
    return fine('colleagues', localizedText('health-colleagues', sentence, { isCompared: true }));
  }
  const { name } = leader;
  const seconds = Math.round(rosterDiffersMs / 1000);
  const sentence = `For ${seconds} seconds this computer has shown other colleagues as online than the switch, ${name}’s computer. Some may be shown wrongly.`;
  return fails(
    'colleagues',
    localizedText('health-colleagues-differ', sentence, { name, seconds }),
    localizedText('next-colleagues', 'If this stays, start Corridor again on this computer.'),
  );
}

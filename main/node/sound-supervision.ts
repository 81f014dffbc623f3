import { localizedText, type LocalizedText } from '../../i18n/index.ts';
import type { CallCleaning } from '../media/index.ts';
import type { Schedule } from '../model/index.ts';
import type { MediaPort } from '../messages/index.ts';
import type { Troubles } from './troubles.ts';

/** For this long the restart of the sound part is shown. */
const SHOW_RESTART_MS = 10_000;
const RESTARTING = localizedText(
  'sound-restarting',
  'The sound part of Corridor stopped and is being started again. Messages are kept.',
);
const RESTARTED = localizedText(
  'sound-restarted',
  'The sound part of Corridor stopped and was started again. Nothing is lost.',
);

const NOT_CLEANED: Record<CallCleaning, (why: string) => LocalizedText> = {
  echo: (why) => {
    const sentence = `Echo is not cancelled in calls, since a part of Corridor does not work (${why}). With a headset nobody hears themselves.`;
    return localizedText('call-echo-failed', sentence, { why });
  },
  noise: (why) => {
    const sentence = `Noise is not suppressed in calls, since a part of Corridor does not work (${why}).`;
    return localizedText('call-noise-failed', sentence, { why });
  },
};

/**
 * Shows that the media worker died, and for a while that it is back; and that calls go on without the steps that clean their
 * voices. Returns the function that ends it.
 */
export function superviseSound(media: MediaPort, troubles: Troubles, schedule: Schedule): () => void {
  let cancel: () => void = () => undefined;
  const stops = [
    media.on('crashed', () => {
      cancel();
      troubles.set('sound', RESTARTING);
    }),
    media.on('restarted', () => {
      troubles.set('sound', RESTARTED);
      cancel();
      cancel = schedule(() => troubles.set('sound', undefined), SHOW_RESTART_MS);
    }),
    media.on('call-cleaning', ({ part, failure }) =>
      troubles.set(`call-${part}`, failure === null ? undefined : NOT_CLEANED[part](failure)),
    ),
  ];
  return () => {
    cancel();
    for (const stop of stops) stop();
  };
}

import { localizedText } from '../../i18n/index.ts';
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

/** Shows that the media worker died, and for a while that it is back. Returns what ends it. */
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
  ];
  return () => {
    cancel();
    for (const stop of stops) stop();
  };
}

import type { Check, SoundStatus } from '../../preload/api.ts';
import { localizedText, type LocalizedText } from '../../i18n/index.ts';
import { fails, fine } from './health-check.ts';

/** Whether microphone and loudspeaker work. */
export interface SoundFacts {
  readonly microphone: SoundStatus;
  readonly speaker: SoundStatus;
  /** What the last talk found wrong with the microphone; null: nothing. */
  readonly microphoneTrouble: LocalizedText | null;
  /** What does not work of what cleans its voice in calls; null: all does, or nothing is wanted. */
  readonly callTrouble: LocalizedText | null;
}

/** A device's own report; undefined where it has none. */
function own({ sentence, phrase }: SoundStatus): LocalizedText | undefined {
  return sentence === null || phrase === null ? undefined : { sentence, phrase };
}

/** Whether one can be heard. */
export function microphone({ microphone: sound, microphoneTrouble, callTrouble }: SoundFacts): Check {
  const { state, device } = sound;
  const name = device ?? 'The system’s microphone';
  const kind = 'microphone';
  const works = state === 'running' || (state === 'idle' && microphoneTrouble === null);
  if (works && callTrouble !== null) {
    const next =
      'Start Corridor again. If it stays so, use a headset in calls, or switch it off in the settings under Sound.';
    return fails(kind, callTrouble, localizedText('next-call-sound', next));
  }
  if (state === 'running') {
    return fine(
      kind,
      localizedText('health-device', `${name} is open and gives sound.`, { kind, device, state }),
    );
  }
  if (state === 'opening') {
    return fine(kind, localizedText('health-device', `${name} is being opened.`, { kind, device, state }));
  }
  if (state === 'idle' && microphoneTrouble === null) {
    return fine(
      kind,
      localizedText('health-device', `${name} is opened when you talk.`, { kind, device, state }),
    );
  }
  return fails(
    kind,
    own(sound) ?? microphoneTrouble ?? localizedText('health-no-device', 'There is no microphone.', { kind }),
    localizedText(
      'next-device',
      'Plug one in, or choose another in the settings under Sound; then say something and hear it back.',
      { kind },
    ),
  );
}

/** Whether one can hear. */
export function speaker({ speaker: sound }: SoundFacts): Check {
  const { state, device } = sound;
  const name = device ?? 'The system’s loudspeaker';
  const kind = 'speaker';
  switch (state) {
    case 'running':
      return fine(kind, localizedText('health-device', `${name} is open.`, { kind, device, state }));
    case 'opening':
      return fine(kind, localizedText('health-device', `${name} is being opened.`, { kind, device, state }));
    case 'idle': {
      const sentence = `${name} is opened when somebody talks.`;
      return fine(kind, localizedText('health-device', sentence, { kind, device, state }));
    }
    case 'missing':
    case 'failed':
      return fails(
        kind,
        own(sound) ?? localizedText('health-no-device', 'There is no loudspeaker.', { kind }),
        localizedText(
          'next-device',
          'Plug one in, or choose another in the settings under Sound. Until then you are notified of messages instead of hearing them.',
          { kind },
        ),
      );
  }
}

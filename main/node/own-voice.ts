import type { Voices as VoicesShown } from '../../preload/api.ts';
import { FRAME_MS, MAX_FRAGMENTS, SAMPLE_RATE_HZ, CorridorError } from '../model/index.ts';
import type { Synthesiser } from '../speech/index.ts';
import type { ProfileSettings } from './profile-fields.ts';

/** The longest message, in samples. */
const MAX_SAMPLES = (MAX_FRAGMENTS * FRAME_MS * SAMPLE_RATE_HZ) / 1000;

interface OwnVoiceParts {
  readonly synthesiser: Synthesiser;
  readonly profile: { readonly settings: Pick<ProfileSettings, 'voice'> };
}

/** The voice in which this computer speaks what its person types. */
export class OwnVoice {
  readonly #parts: OwnVoiceParts;
  readonly #ending = new AbortController();

  constructor(parts: OwnVoiceParts) {
    this.#parts = parts;
  }

  async voices(again = false): Promise<VoicesShown> {
    const voices = await this.#parts.synthesiser.voices({ again });
    return { voices: voices.map(({ id, name, language }) => ({ id, name, language })) };
  }

  /**
   * The text as sound, 48 kHz mono. `voice`: left out, the chosen one. Undefined: no voice of this computer speaks that language.
   * @throws CorridorError as `Synthesiser.speak`, and `words-too-slow` where it would be longer than a message can be
   */
  async speak(text: string, language: string, voice?: string): Promise<Int16Array | undefined> {
    const { synthesiser, profile } = this.#parts;
    const wish = { voice: voice ?? profile.settings.voice ?? undefined, language };
    try {
      const pcm = await synthesiser.speak(text, wish, this.#ending.signal);
      if (pcm.length > MAX_SAMPLES) throw tooSlow();
      return pcm;
    } catch (error) {
      if (error instanceof CorridorError && error.code === 'no-voice') return undefined;
      throw error;
    }
  }

  close(): void {
    this.#ending.abort();
  }
}

function tooSlow(): CorridorError {
  return new CorridorError(
    'words-too-slow',
    'Spoken, this text takes longer than ten minutes, and no message is longer. Send a part of it.',
  );
}

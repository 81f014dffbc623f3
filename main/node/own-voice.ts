import type { Voices as VoiceList } from '../../preload/api.ts';
import { CorridorError, FRAME_MS, MAX_FRAGMENTS, SAMPLE_RATE_HZ, textOfError } from '../model/index.ts';
import {
  chooseVoice,
  guessLanguage,
  speaksLanguage,
  type Synthesiser,
  type VoiceWish,
} from '../speech/index.ts';
import type { ProfileSettings } from './profile-fields.ts';

/** The longest message, in samples. */
const MAX_SAMPLES = (MAX_FRAGMENTS * FRAME_MS * SAMPLE_RATE_HZ) / 1000;

/** What speaks: the voices of this computer, and that of a folder. */
export interface Speaking {
  readonly synthesiser: Synthesiser;
  /** Asks the folder for its voices. @throws CorridorError with the reason why it has none */
  readonly check: () => Promise<unknown>;
  readonly close: () => void;
}

interface OwnVoiceParts {
  /** @param folder with a Piper or Kokoro voice; null: none */
  readonly speakingBy: (folder: string | null) => Speaking;
  readonly profile: { readonly settings: Pick<ProfileSettings, 'voice' | 'voiceFolder' | 'language'> };
}

/** The voice in which this computer speaks what its person types. */
export class OwnVoice {
  readonly #parts: OwnVoiceParts;
  readonly #ending = new AbortController();
  #speaking: (Speaking & { readonly folder: string | null }) | undefined;

  constructor(parts: OwnVoiceParts) {
    this.#parts = parts;
  }

  /** The voices that are there, and why the chosen folder has none. */
  async voices(again = false): Promise<VoiceList> {
    const { synthesiser, check } = this.#now;
    const [voices, trouble] = await Promise.all([synthesiser.voices({ again }), troubleOf(check)]);
    return { voices: voices.map(({ id, name, language }) => ({ id, name, language })), trouble };
  }

  /** The language of a text, as far as it tells; else that of its person. */
  languageOf(text: string): string {
    const { locale } = Intl.DateTimeFormat().resolvedOptions();
    return guessLanguage(text, this.#parts.profile.settings.language ?? locale);
  }

  /**
   * What this person types as sound, 48 kHz mono, in that voice; left out: the chosen one. Undefined: no voice of this computer speaks that language.
   * @throws CorridorError as `Synthesiser.speak`, and `words-too-slow` where it would be longer than a message can be
   */
  async speak(text: string, language: string, voice?: string): Promise<Int16Array | undefined> {
    return this.#speak(text, this.#wish(language, voice), this.#ending.signal);
  }

  /**
   * What somebody else typed as sound, in the chosen voice where that speaks the language. Otherwise as `speak`; `language`: left out, it
   * is guessed. @throws with the signal's reason besides
   */
  async readOut(
    {
      text,
      language = this.languageOf(text),
    }: { readonly text: string; readonly language: string | undefined },
    signal: AbortSignal = this.#ending.signal,
  ): Promise<Int16Array | undefined> {
    const wish = this.#wish(language);
    const chosen = (await this.#now.synthesiser.voices()).find(({ id }) => id === wish.voice);
    const suits = chosen !== undefined && speaksLanguage(chosen, language);
    const ending = AbortSignal.any([signal, this.#ending.signal]);
    return this.#speak(text, suits ? wish : { language }, ending);
  }

  /** Whether a voice of this computer would speak what its person types in that language. */
  async speaks(language: string): Promise<boolean> {
    return chooseVoice(await this.#now.synthesiser.voices(), this.#wish(language)) !== undefined;
  }

  close(): void {
    this.#ending.abort();
    this.#speaking?.close();
  }

  #wish(language: string, voice?: string): VoiceWish {
    return { voice: voice ?? this.#parts.profile.settings.voice ?? undefined, language };
  }

  async #speak(text: string, wish: VoiceWish, signal: AbortSignal): Promise<Int16Array | undefined> {
    try {
      const pcm = await this.#now.synthesiser.speak(text, wish, signal);
      if (pcm.length > MAX_SAMPLES) throw tooSlow();
      return pcm;
    } catch (error) {
      if (error instanceof CorridorError && error.code === 'no-voice') return undefined;
      throw error;
    }
  }

  /** By the folder that is chosen now. */
  get #now(): Speaking {
    const { speakingBy, profile } = this.#parts;
    const { voiceFolder: folder } = profile.settings;
    if (this.#speaking?.folder === folder) return this.#speaking;
    this.#speaking?.close();
    this.#speaking = { ...speakingBy(folder), folder };
    return this.#speaking;
  }
}

async function troubleOf(check: () => Promise<unknown>): Promise<VoiceList['trouble']> {
  try {
    await check();
    return null;
  } catch (error) {
    if (error instanceof CorridorError) return textOfError(error);
    throw error;
  }
}

function tooSlow(): CorridorError {
  return new CorridorError(
    'words-too-slow',
    'Spoken, this text takes longer than ten minutes, and no message is longer. Send a part of it.',
  );
}

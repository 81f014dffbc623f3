import type { Transcript } from '../model/index.ts';

/** A voice that a person can choose. */
export interface Voice {
  /** The same at each start: the engine and its own name for the voice, as in `espeak-ng:de`. */
  readonly id: string;
  readonly name: string;
  /** A BCP 47 tag. */
  readonly language: string;
  readonly engine: 'espeak-ng' | 'say' | 'windows' | 'sherpa';
}

/** What a voice is chosen by: its id, or else the language of the text, a BCP 47 tag. */
export interface VoiceWish {
  readonly voice?: string | undefined;
  readonly language?: string | undefined;
}

/** Makes a voice of text. Rejects with a CorridorError that says what went wrong, or with the signal's reason. */
export interface Synthesiser {
  /** The voices of this computer, asked of the engines once; `again`: asked anew. */
  voices(options?: { readonly again?: boolean }): Promise<readonly Voice[]>;
  /** The text as sound: 48 kHz, mono. */
  speak(text: string, wish: VoiceWish, signal: AbortSignal): Promise<Int16Array>;
}

/** One program or library that makes voices: a part of a synthesiser. */
export interface VoiceEngine {
  readonly name: Voice['engine'];
  /** Its voices. It may reject where the computer does not have the engine. */
  list(): Promise<readonly Voice[]>;
  /** @param voice one of `list` */
  speak(text: string, voice: Voice, signal: AbortSignal): Promise<Int16Array>;
  close?(): void;
}

export interface RecogniserOptions {
  /** A BCP 47 tag, for engines that know several languages. Left out: the engine guesses. */
  readonly language?: string | undefined;
  /** Told how much is done, 0 to 1. */
  readonly onProgress?: (part: number) => void;
}

/** Makes text of voice, one recording at a time. */
export interface Recogniser {
  /** @param pcm 48 kHz, mono. Rejects with a CorridorError, or with the signal's reason. */
  recognise(pcm: Int16Array, options: RecogniserOptions, signal: AbortSignal): Promise<Transcript>;
  /** Whether `pause` stops the work at once. Where it does not, the caller aborts, and begins again later. */
  readonly canPause: boolean;
  /** Uses no processor until `resume`. */
  pause(): void;
  resume(): void;
  /** Ends what it has begun, and gives its memory back. */
  close(): void;
}

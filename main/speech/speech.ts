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

/** Told what an engine understands while somebody speaks. */
export interface CaptionListener {
  /** The phrase that goes on, as far as it is understood; the next call replaces it. */
  onPartial(text: string): void;
  /** A phrase has ended. It replaces the last partial one. */
  onPhrase(text: string): void;
  /**
   * Nothing more comes. Undefined: the speech had ended. Otherwise why the engine ended before, or was ended: a CorridorError with a
   * sentence, or an unexpected error.
   */
  onEnd(error?: unknown): void;
}

/** Speech that an engine listens to. */
export interface LiveSpeech {
  /** What is spoken next: 48 kHz, mono. It never waits: what a slow engine does not take in time is dropped, the oldest first. */
  put(pcm: Int16Array): void;
  /** The speech is over. What the engine still has to say comes before `onEnd`, for some seconds at most. */
  end(): void;
  /** Nobody wants it any more: the listener is told nothing from now on. */
  abort(): void;
}

/** Makes text of voice while it is spoken. */
export interface Captioner {
  /** @throws CorridorError where the engine cannot be started as the person has chosen it */
  listen(listener: CaptionListener): LiveSpeech;
  /** Ends what it has begun, and gives its memory back. */
  close(): void;
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

import type { Phrase } from '../i18n/index.ts';

/** A voice of this computer. */
export interface VoiceChoice {
  /** The same at each start. */
  readonly id: string;
  readonly name: string;
  /** A BCP 47 tag. */
  readonly language: string;
}

/** What an engine of this computer understands of what sounds here, while it sounds and for a moment after. */
export interface Caption {
  /** The message or the call. */
  readonly id: string;
  /** Whose voice it is. */
  readonly name: string;
  readonly extension: string;
  /** The last phrases, the newest last. `n` counts those of this voice from 0. */
  readonly phrases: readonly { readonly n: number; readonly text: string }[];
  /** The phrase that goes on, as far as it is understood; it may change. Empty where none does, or the engine gives only whole ones. */
  readonly partial: string;
}

/** The voices that can speak typed words here. */
export interface Voices {
  /** Empty: this computer has none, and typed words are sent as words alone. */
  readonly voices: readonly VoiceChoice[];
  /** Why the chosen folder gives no voice; null: it does, or none is chosen. */
  readonly trouble: { readonly sentence: string; readonly phrase: Phrase } | null;
}

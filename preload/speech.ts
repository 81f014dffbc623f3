import type { Phrase } from '../i18n/index.ts';

/** A voice of this computer. */
export interface VoiceShown {
  /** The same at each start. */
  readonly id: string;
  readonly name: string;
  /** A BCP 47 tag. */
  readonly language: string;
}

/** The voices that can speak typed words here. */
export interface Voices {
  /** Empty: this computer has none, and typed words are sent as words alone. */
  readonly voices: readonly VoiceShown[];
  /** Why the chosen folder gives no voice; null: it does, or none is chosen. */
  readonly trouble: { readonly sentence: string; readonly phrase: Phrase } | null;
}

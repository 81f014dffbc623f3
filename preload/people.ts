import type { Phrase } from '../i18n/index.ts';
import type { PresenceChoice } from './methods.ts';

export type PresenceShown = PresenceChoice | 'offline';

export interface Person {
  readonly id: string;
  readonly name: string;
  readonly extension: string;
  readonly presence: PresenceShown;
  readonly favourite: boolean;
  /** Somebody else was known by this name, with another key. It is over when this person is talked to, or by `knowPerson`. */
  readonly isNew: boolean;
  /** They are speaking to me right now. */
  readonly speaking: boolean;
}

/** One row of the dial plan. */
export interface DialRow {
  /** How it is dialled, such as `#` and a number. */
  readonly pattern: string;
  readonly explanation: string;
  readonly phrases: { readonly pattern: Phrase; readonly explanation: Phrase };
}

export interface DialPreview {
  /** nobody: it does nothing, and the sentence says why. */
  /** `person`: talks to somebody. `page`: pages everybody. `message`: plays. `setting`: changes one. */
  readonly kind: 'person' | 'page' | 'message' | 'setting' | 'nobody';
  readonly sentence: string;
  readonly phrase: Phrase;
  /** The typed text as the node reads it, in digits, `#` and `*`: `(204)` is 204. null: it is no number, but perhaps a name. */
  readonly dialled: string | null;
  /** The extension that was typed, whether or not somebody has it; null: no extension was typed. */
  readonly extension: string | null;
}

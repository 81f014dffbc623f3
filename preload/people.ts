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
  /** Who has their messages in their place, this person too; null: nobody else. */
  readonly divertedTo: { readonly id: string; readonly name: string; readonly isMe: boolean } | null;
  /** How loud they are heard here, in percent: 100 is as loud as they are. */
  readonly volume: number;
  /** Until then nothing of theirs sounds here unasked, ms since the epoch; null: it does. Nobody else is told. */
  readonly mutedUntil: number | null;
}

/** One row of the dial plan. */
export interface DialRow {
  /** By which `setCode` names it. */
  readonly name: string;
  /** What its strings begin with in this office, and where no admin changed that; both empty: a number alone is dialled. */
  readonly code: string;
  readonly usualCode: string;
  /** No admin changes its code. */
  readonly isFixed: boolean;
  /** How it is dialled, such as `#` and a number. */
  readonly pattern: string;
  readonly explanation: string;
  readonly phrases: { readonly pattern: Phrase; readonly explanation: Phrase };
}

/** Something that may be meant by a string that is being typed: somebody's number, or a row of the dial plan. */
export interface DialMeant {
  /** What is dialled; of a row, what it begins with. */
  readonly dialled: string;
  /** Whose number it is; null: it is a row. */
  readonly name: string | null;
  readonly row: DialRow | null;
}

export interface DialPreview {
  /** nobody: it does nothing, and the sentence says why. */
  /** `person`: talks to somebody. `call`: calls somebody. `page`: pages everybody. `message`: plays. `setting`: changes one. */
  readonly kind: 'person' | 'call' | 'page' | 'message' | 'setting' | 'nobody';
  readonly sentence: string;
  readonly phrase: Phrase;
  /** The typed text as the node reads it, in digits, `#` and `*`: `(204)` is 204. null: it is no number, but perhaps a name. */
  readonly dialled: string | null;
  /** The extension that was typed, whether or not somebody has it; null: no extension was typed. */
  readonly extension: string | null;
  /** What the string becomes by further keys: a few. */
  readonly becomes: readonly DialMeant[];
  /** Where it means and becomes nothing: what is like it. */
  readonly suggests: readonly DialMeant[];
}

import type { Phrase } from '../i18n/index.ts';
import type { PresenceChoice } from './methods.ts';

export type ColleaguePresence = PresenceChoice | 'offline';

export interface Person {
  readonly id: string;
  readonly name: string;
  readonly extension: string;
  readonly presence: ColleaguePresence;
  readonly favourite: boolean;
  /** This name was known with another key. It is over when this person is talked to, or by `knowPerson`. */
  readonly isNew: boolean;
  /** They are speaking to this person now. */
  readonly speaking: boolean;
  /** The stand-in who gets their messages, which may be this person; null: they are not diverted. */
  readonly divertedTo: { readonly id: string; readonly name: string; readonly isMe: boolean } | null;
  /** Their volume here, percent; 100 is unchanged. */
  readonly volume: number;
  /** When their mute here ends, ms since the epoch; null: they are not muted. Nobody else learns of it. */
  readonly mutedUntil: number | null;
  /** Their calls are answered here by themselves, after a tone, while this person is available. Nobody else is told. */
  readonly isAutoAnswered: boolean;
}

/** One row of the dial plan. */
export interface DialRow {
  /** The name for `setCode`. */
  readonly name: string;
  /** The code of its strings in this office, and the default one; both empty: a number alone is dialled. */
  readonly code: string;
  readonly usualCode: string;
  /** The code that an admin chose and that is ignored, because it collides with a code that another admin chose; null: none. */
  readonly lostCode: string | null;
  /** No admin can change its code. */
  readonly isFixed: boolean;
  /** How it is dialled, such as `#` and a number. */
  readonly pattern: string;
  readonly explanation: string;
  readonly phrases: { readonly pattern: Phrase; readonly explanation: Phrase };
}

/** A suggestion for a string that is being typed: somebody's number, or a row of the dial plan. */
export interface DialMeant {
  /** The string to dial; for a row, its code. */
  readonly dialled: string;
  /** The name of the number's holder; null: it is a row. */
  readonly name: string | null;
  readonly row: DialRow | null;
}

export interface DialPreview {
  /**
   * person: talks to somebody; type: opens the line to type to somebody in; call: calls somebody; page: pages everybody; message: plays;
   * setting: changes one; nobody: does nothing, and the sentence says why.
   */
  readonly kind: 'person' | 'type' | 'call' | 'page' | 'message' | 'setting' | 'nobody';
  readonly sentence: string;
  readonly phrase: Phrase;
  /** The typed text as the node reads it, in digits, `#` and `*`: `(204)` is 204. null: it is no number, but perhaps a name. */
  readonly dialled: string | null;
  /** The extension that was typed, even if nobody has it; null: no extension was typed. */
  readonly extension: string | null;
  /** What the string can become by further keys: a few suggestions. */
  readonly becomes: readonly DialMeant[];
  /** If it means nothing and can become nothing: similar numbers, codes and names. */
  readonly suggests: readonly DialMeant[];
}

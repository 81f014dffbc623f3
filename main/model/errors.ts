import type { Code, Phrase, Phrases, LocalizedText } from '../../i18n/index.ts';

/** Codes of errors that only the command line and other programs see. Their sentences are English alone. */
type ProgramCode =
  | 'demo'
  | 'first-run'
  | 'interrupted'
  | 'no-answer'
  | 'no-node'
  | 'no-panel'
  | 'node-gone'
  | 'not-written'
  | 'not-yours'
  | 'port-taken'
  | 'wav-invalid'
  | 'wav-too-long'
  | 'wav-unsupported';

interface Cause {
  readonly cause?: unknown;
}
type Options<C extends Code> =
  Phrases[C] extends Readonly<Record<string, never>>
    ? readonly [options?: Cause]
    : readonly [options: Cause & { readonly details: Phrases[C] }];
/** A code that is also a phrase's takes that phrase's details; any other code comes with the phrase of its sentence. */
type Thrown =
  | { [C in Code]: readonly [code: C, sentence: string, ...options: Options<C>] }[Code]
  | readonly [code: ProgramCode, sentence: string, options?: Cause]
  | readonly [code: string, sentence: string, options: Cause & { readonly phrase: Phrase | null }];

/**
 * An error with a code for programs and a sentence for the person, which says what to do next: in English, and as a phrase from which
 * other languages make their sentence.
 */
export class CorridorError extends Error {
  readonly code: string;
  /** null: the sentence is English alone. */
  readonly phrase: Phrase | null;

  constructor(...[code, sentence, options]: Thrown) {
    super(sentence, options && 'cause' in options ? { cause: options.cause } : undefined);
    this.name = 'CorridorError';
    this.code = code;
    if (options && 'phrase' in options) this.phrase = options.phrase;
    // The compiler does not see that a code and its own details are one of the union.
    else this.phrase = { code, details: options && 'details' in options ? options.details : {} } as Phrase;
  }
}

/** What an error says, for a sentence. Anything can be thrown. */
export function whyOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** An error as every transport answers it. An unexpected error is answered with its own message. */
export function refusalOf(error: unknown): { code: string; error: string; phrase: Phrase | null } {
  if (error instanceof CorridorError) return { code: error.code, error: error.message, phrase: error.phrase };
  const why = whyOf(error);
  return { code: 'failed', error: why, phrase: { code: 'failed', details: { why } } };
}

/** An error as a text that other languages can translate. */
export function textOfError({ message, phrase }: CorridorError): LocalizedText {
  return { sentence: message, phrase: phrase ?? { code: 'failed', details: { why: message } } };
}

/** Makes a `switch` over a union exhaustive: a missing case does not compile. */
export function assertNever(value: never): never {
  throw new Error(`unexpected value ${JSON.stringify(value)}`);
}

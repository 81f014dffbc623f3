import type { Code, Phrase, Phrases, LocalizedText } from '../../i18n/index.ts';

/** Codes of what only the command line and other programs are told: it stays English. */
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
/** A code that is also the saying's takes its details; any other code names the saying that it is told by. */
type Thrown =
  | { [C in Code]: readonly [code: C, sentence: string, ...options: Options<C>] }[Code]
  | readonly [code: ProgramCode, sentence: string, options?: Cause]
  | readonly [code: string, sentence: string, options: Cause & { readonly phrase: Phrase | null }];

/**
 * An error with a code for programs and a sentence for the person, which says what to do next; in English, and as what
 * another language makes its sentence of.
 */
export class CorridorError extends Error {
  readonly code: string;
  /** null: it is told in English alone. */
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

/** How a refusal is told over every transport: of what nobody foresaw, its own words. */
export function refusalOf(error: unknown): { code: string; error: string; phrase: Phrase | null } {
  if (error instanceof CorridorError) return { code: error.code, error: error.message, phrase: error.phrase };
  const why = error instanceof Error ? error.message : String(error);
  return { code: 'failed', error: why, phrase: { code: 'failed', details: { why } } };
}

/** An error as a text that other languages can translate. */
export function textOfError({ message, phrase }: CorridorError): LocalizedText {
  return { sentence: message, phrase: phrase ?? { code: 'failed', details: { why: message } } };
}

/** Makes a `switch` over a union exhaustive: the compiler refuses a case that was forgotten. */
export function assertNever(value: never): never {
  throw new Error(`unexpected value ${JSON.stringify(value)}`);
}

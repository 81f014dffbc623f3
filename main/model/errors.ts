/** An error with a code for programs and a sentence for the person, which says what to do next. */
export class CorridorError extends Error {
  readonly code: string;
  constructor(code: string, sentence: string, options?: { cause?: unknown }) {
    super(sentence, options);
    this.name = 'CorridorError';
    this.code = code;
  }
}

/** Makes a `switch` over a union exhaustive: the compiler refuses a case that was forgotten. */
export function assertNever(value: never): never {
  throw new Error(`unexpected value ${JSON.stringify(value)}`);
}

import { CorridorError } from '../model/index.ts';

/** The error that a statement could not be saved to the disk, and was therefore not sent. */
export function statementNotSaved(cause: unknown): CorridorError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new CorridorError(
    'statement-not-saved',
    `This could not be saved, so nothing has changed. The disk says: ${why}.`,
    { cause, details: { why } },
  );
}

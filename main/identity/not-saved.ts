import { CorridorError } from '../model/index.ts';

/** What somebody asked for did not come to the disk: it is said to nobody. */
export function statementNotSaved(cause: unknown): CorridorError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new CorridorError(
    'statement-not-saved',
    `This could not be saved, so nothing has changed. The disk says: ${why}.`,
    { cause, details: { why } },
  );
}

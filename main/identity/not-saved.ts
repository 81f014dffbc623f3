import { CorridorError, whyOf } from '../model/index.ts';

/** The error that a deed of several statements was saved, and sent, only in part: the disk took no more. */
export function statementsPartlySaved(cause: unknown): CorridorError {
  const why = whyOf(cause);
  return new CorridorError(
    'statement-partly-saved',
    `Only a part of this could be saved, and that holds. Look at what is shown now, and do the rest again. The disk says: ${why}.`,
    { cause, details: { why } },
  );
}

/** The error that a statement could not be saved to the disk, and was therefore not sent. */
export function statementNotSaved(cause: unknown): CorridorError {
  const why = whyOf(cause);
  return new CorridorError(
    'statement-not-saved',
    `This could not be saved, so nothing has changed. The disk says: ${why}.`,
    { cause, details: { why } },
  );
}

import { CorridorError } from '../model/index.ts';

/** Rethrows an error. To the question before an override or an urgent page it adds the option that confirms it. */
export function howToConfirm(error: unknown): never {
  if (!(error instanceof CorridorError)) throw error;
  const { code, message, phrase } = error;
  if (code !== 'override-unconfirmed' && code !== 'urgent-unconfirmed') throw error;
  throw new CorridorError(code, `${message} Here: give --yes.`, { phrase });
}

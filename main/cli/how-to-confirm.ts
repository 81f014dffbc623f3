import { CorridorError } from '../model/index.ts';

/** An override and an urgent page ask before: here, by an option. @throws the same, with the option */
export function howToConfirm(error: unknown): never {
  if (!(error instanceof CorridorError)) throw error;
  const { code, message, phrase } = error;
  if (code !== 'override-unconfirmed' && code !== 'urgent-unconfirmed') throw error;
  throw new CorridorError(code, `${message} Here: give --yes.`, { phrase });
}

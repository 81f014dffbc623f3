import { statementsPartlySaved, type StatementSequence } from '../identity/index.ts';
import type { Signed } from '../model/index.ts';

/**
 * Enters the statements of one deed, each before the next one is made.
 * @throws as `enter`; CorridorError `statement-partly-saved` where it refuses one after the first
 */
export async function enterDeed(
  deed: StatementSequence,
  enter: (signed: Signed) => Promise<void>,
): Promise<void> {
  let isBegun = false;
  for (const signed of deed) {
    await enter(signed).catch((error: Error) => {
      throw isBegun ? statementsPartlySaved(error.cause) : error;
    });
    isBegun = true;
  }
}

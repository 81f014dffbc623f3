import { CorridorError, isReservedExtension } from '../model/index.ts';
import type { NodeContext } from './node-context.ts';

/**
 * Somebody chooses a number for themself. One that they have keeps, even where its code came later.
 * @throws CorridorError `extension-reserved`
 */
export function refuseReserved({ roster, session }: NodeContext, extension: string | undefined): void {
  const ledger = session.office?.ledger;
  const own = ledger?.self && ledger.extensionOf(ledger.self.person);
  if (extension === undefined || extension === own) return;
  refuseReservedNumber(extension, roster.directory.nextFree());
}

/** @throws CorridorError `extension-reserved` */
export function refuseReservedNumber(extension: string, free: string): void {
  if (!isReservedExtension(extension)) return;
  throw new CorridorError(
    'extension-reserved',
    `Extension ${extension} is given to nobody, since *${extension} does something else. ${free} is free.`,
    { details: { extension, free } },
  );
}

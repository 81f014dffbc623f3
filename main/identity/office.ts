import { join } from 'node:path';
import * as v from 'valibot';
import { base64url, CorridorError, nodePorts } from '../model/index.ts';
import { officeIdSchema, type OfficeId } from './ledger/statement.ts';
import { ensureOwnerFolder, readOwnerFile, writeOwnerFile, type FilePorts, type Tell } from './owner-file.ts';

export const OFFICE_FILE = 'office.json';

/** Version 1: the office was whoever held a key. Nothing is left of such an office but messages. */
const officeFileSchema = v.variant('version', [
  v.object({ version: v.literal(1), key: base64url(16) }),
  v.object({ version: v.literal(2), office: officeIdSchema }),
]);

/** What the profile says about this node's office. `former`: it was in one of version 1, which has no ledger. */
export type SavedOffice =
  | { readonly kind: 'none' }
  | { readonly kind: 'former' }
  | { readonly kind: 'office'; readonly id: OfficeId };

/**
 * Which office this node is in, as kept in `dir`.
 * @throws CorridorError `office-damaged` where the file cannot be used.
 */
export async function loadOffice(
  dir: string,
  tell: Tell = () => undefined,
  { disk }: Pick<FilePorts, 'disk'> = nodePorts,
): Promise<SavedOffice> {
  const path = join(dir, OFFICE_FILE);
  const kept = await readOwnerFile(path, tell, disk);
  if (kept === undefined) return { kind: 'none' };
  try {
    const file = v.parse(officeFileSchema, JSON.parse(kept));
    return file.version === 1 ? { kind: 'former' } : { kind: 'office', id: file.office };
  } catch (cause) {
    throw new CorridorError(
      'office-damaged',
      `The office of this node cannot be read: ${path} is damaged, or was written by a newer Corridor. ` +
        'Move it away and join again with a colleague’s join link.',
      { cause, details: { path } },
    );
  }
}

/** Resolves once the office is on the disk: it is kept whenever the power fails. */
export async function saveOffice(
  dir: string,
  office: OfficeId,
  tell: Tell = () => undefined,
  ports: FilePorts = nodePorts,
): Promise<void> {
  await ensureOwnerFolder(dir, tell, ports.disk);
  await writeOwnerFile(join(dir, OFFICE_FILE), `${JSON.stringify({ version: 2, office })}\n`, ports);
}

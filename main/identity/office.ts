import { join } from 'node:path';
import * as v from 'valibot';
import {
  base64url,
  CorridorError,
  documentText,
  nodePorts,
  readDocumentText,
  setAside,
} from '../model/index.ts';
import { officeIdSchema, type OfficeId } from './ledger/statement.ts';
import { ensureOwnerFolder, readOwnerFile, writeOwnerFile, type FilePorts, type Log } from './owner-file.ts';

export const OFFICE_FILE = 'office.json';

/** In version 1 an office was the holders of a key. Only its messages are still used. */
const officeFileSchema = v.variant('version', [
  v.object({ version: v.literal(1), key: base64url(16) }),
  v.object({ version: v.literal(2), office: officeIdSchema }),
]);

/**
 * The profile's entry on this node's office. `former`: it was in one of version 1, which has no ledger; `damaged`: the entry cannot be
 * read.
 */
export type SavedOffice =
  | { readonly kind: 'none' }
  | { readonly kind: 'former' }
  | { readonly kind: 'damaged'; readonly trouble: CorridorError }
  | { readonly kind: 'office'; readonly id: OfficeId };

/**
 * Loads which office this node is in from `dir`. A damaged file is set aside as `<path>.damaged`, and reported at later starts too, until
 * this node is in an office again.
 */
export async function loadOffice(
  dir: string,
  log: Log = () => undefined,
  { disk }: Pick<FilePorts, 'disk'> = nodePorts,
): Promise<SavedOffice> {
  const path = join(dir, OFFICE_FILE);
  const kept = await readOwnerFile(path, log, disk);
  if (kept === undefined) {
    const isAside = (await readOwnerFile(`${path}.damaged`, log, disk)) !== undefined;
    return isAside ? damaged(path) : { kind: 'none' };
  }
  const file = parseOfficeFile(kept);
  if (!file) {
    await setAside(disk, path);
    return damaged(path);
  }
  return file.version === 1 ? { kind: 'former' } : { kind: 'office', id: file.office };
}

function parseOfficeFile(text: string): v.InferOutput<typeof officeFileSchema> | undefined {
  try {
    const { content, isAsWritten } = readDocumentText(text);
    return isAsWritten ? v.parse(officeFileSchema, content) : undefined;
  } catch {
    return undefined;
  }
}

function damaged(path: string): SavedOffice {
  const sentence =
    `Which office this computer is in could not be read, and the file was set aside as ${path}.damaged. ` +
    'Your messages stay. Join again with a colleague’s link. If a newer Corridor wrote the file, install that one and put it back.';
  return { kind: 'damaged', trouble: new CorridorError('office-damaged', sentence, { details: { path } }) };
}

/** Saves the office. Resolves once it is on the disk itself. */
export async function saveOffice(
  dir: string,
  office: OfficeId,
  log: Log = () => undefined,
  ports: FilePorts = nodePorts,
): Promise<void> {
  await ensureOwnerFolder(dir, log, ports.disk);
  await writeOwnerFile(join(dir, OFFICE_FILE), documentText({ version: 2, office }), ports);
}

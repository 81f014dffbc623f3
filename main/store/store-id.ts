import { join } from 'node:path';
import * as v from 'valibot';
import {
  fileSetAside,
  firstFormat,
  JsonFile,
  STORE_ID_BYTES,
  storeIdSchema,
  type CorridorError,
  type Ports,
} from '../model/index.ts';

const STORE_ID_FILE = 'id.json';
const storeIdFileSchema = v.object({ version: v.literal(1), id: storeIdSchema });
const FORMAT = firstFormat('version', storeIdFileSchema);

/**
 * The id of the store in a folder, made with it. A copy of a message counts as long as its store has the same id; a computer that lost its
 * messages has another, and so does one whose file is damaged or of a later version, which `setAside` is told. Throws the system's error
 * if the file exists and cannot be read.
 */
export async function loadOrCreateStoreId(
  folder: string,
  ports: Pick<Ports, 'disk' | 'random'>,
  setAside: (trouble: CorridorError) => void,
): Promise<string> {
  const path = join(folder, STORE_ID_FILE);
  const file = new JsonFile(path, FORMAT, ports);
  const kept = await file.read();
  if (kept.kind === 'sound') return kept.value.id;
  if (kept.kind === 'aside') setAside(fileSetAside(path, kept.isNewer, kept.cause));
  const id = ports.random.bytes(STORE_ID_BYTES).toString('base64url');
  // If that fails, the store has another id after the next opening, and its copies have to be proven again.
  await file.write({ version: 1, id }).catch(() => undefined);
  return id;
}

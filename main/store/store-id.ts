import { join } from 'node:path';
import * as v from 'valibot';
import { JsonFile, STORE_ID_BYTES, storeIdSchema, type Ports } from '../model/index.ts';

const STORE_ID_FILE = 'id.json';
const storeIdFileSchema = v.object({ version: v.literal(1), id: storeIdSchema });

/**
 * The id of the store in a folder, made with it. A copy of a message counts as long as its store has the same id; a computer that lost its
 * messages has another. Throws the system's error if the file exists and cannot be read.
 */
export async function loadOrCreateStoreId(
  folder: string,
  ports: Pick<Ports, 'disk' | 'random'>,
): Promise<string> {
  const file = new JsonFile(join(folder, STORE_ID_FILE), (json) => v.parse(storeIdFileSchema, json), ports);
  const kept = await file.read();
  if (kept.kind === 'sound') return kept.value.id;
  const id = ports.random.bytes(STORE_ID_BYTES).toString('base64url');
  // If that fails, the store has another id after the next opening, and its copies have to be proven again.
  await file.write({ version: 1, id }).catch(() => undefined);
  return id;
}

import { join } from 'node:path';
import * as v from 'valibot';
import { JsonFile, STORE_ID_BYTES, storeIdSchema, type Ports } from '../model/index.ts';

const STORE_ID_FILE = 'id.json';
const storeIdFileSchema = v.object({ version: v.literal(1), id: storeIdSchema });

/**
 * The id of the store in a folder, made with it. A copy of a message counts as long as its store has the same id: a computer
 * whose messages are gone has another. Throws the system's error where
 * its file is there and cannot be read.
 */
export async function loadOrCreateStoreId(
  folder: string,
  ports: Pick<Ports, 'disk' | 'random'>,
): Promise<string> {
  const file = new JsonFile(join(folder, STORE_ID_FILE), (json) => v.parse(storeIdFileSchema, json), ports);
  const kept = await file.read();
  if (kept.kind === 'sound') return kept.value.id;
  const id = ports.random.bytes(STORE_ID_BYTES).toString('base64url');
  // Where the disk refuses it, the store has another id after the next opening, and its copies are proven anew.
  await file.write({ version: 1, id }).catch(() => undefined);
  return id;
}

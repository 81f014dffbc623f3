import type { MessageId } from '../model/index.ts';
import { MessageFile } from './message-file.ts';
import { isWhole, type MessageFiles } from './message-files.ts';
import { messageFiles, rebuild } from './recovery.ts';
import type { RetrievalNumbers } from './retrieval-number.ts';
import type { Settling } from './settling.ts';
import type { StoreParts } from './store-parts.ts';

/** Makes index and files agree after a crash. Reads the files of incomplete messages. */
export async function recover(
  parts: StoreParts,
  files: MessageFiles,
  numbers: RetrievalNumbers,
  settling: Settling,
): Promise<void> {
  const { index, directory, ports } = parts;
  const sizes = await messageFiles(ports.disk, directory);
  for (const entry of [...index.entries()]) {
    // A complete file of the size that the index knows is trusted; every read checks what it reads.
    if (entry.state === 'incomplete' || sizes.get(entry.id) !== entry.bytes) await files.loaded(entry);
    sizes.delete(entry.id);
    // After a power failure the file may be the deleted one, from before the message was kept again for others.
    if (index.wasDeleted(entry.id) && entry.roles.mine) {
      entry.roles = { keeps: true };
      index.touch(entry.id);
    }
    // After loading: the file may have a number that the index lacks.
    numbers.learn(entry);
  }
  for (const id of sizes.keys()) await adopt(id, parts, files, numbers);
  for (const entry of index.entries()) parts.arrivals.learn(entry);
  for (const entry of [...index.sets.of('incomplete')]) {
    const file = files.get(entry.id);
    if (file && isWhole(entry, file)) await settling.settle(entry);
  }
}

/** Handles a file that the index does not have: it is left from a deletion, or its shard was lost. */
async function adopt(
  id: MessageId,
  parts: StoreParts,
  files: MessageFiles,
  numbers: RetrievalNumbers,
): Promise<void> {
  const { index, writer, found, ports } = parts;
  const file = MessageFile.existing(ports, files.pathOf(id));
  if (index.wasDeleted(id)) return file.remove();
  const entry = await rebuild(id, file);
  if (!entry) {
    found(`A message's file was not readable. It was put aside as ${await file.setAside()}.`);
    return;
  }
  files.set(id, file);
  index.add(entry);
  numbers.learn(entry);
  writer.flushIndexSoon();
}

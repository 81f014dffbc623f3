import * as v from 'valibot';
import { CorridorError, JsonFile, nodePorts, signedNodeRecordSchema, type Ports } from '../model/index.ts';
import { Directory, MAX_NODES } from './directory.ts';

const savedSchema = v.object({
  v: v.literal(1),
  records: v.pipe(v.array(signedNodeRecordSchema), v.maxLength(MAX_NODES)),
});
type FilePorts = Pick<Ports, 'disk' | 'random'>;
type SavedDirectory = v.InferOutput<typeof savedSchema>;

/** The signed records, for a reader to verify again. Who is online is not saved. */
export function directoryToJson(directory: Directory): SavedDirectory {
  return { v: 1, records: directory.records() };
}

/** Reads the directory from parsed JSON. Throws `directory-damaged` where it is malformed; forged records are left out. */
function directoryFromJson(json: unknown): Directory {
  const parsed = v.safeParse(savedSchema, json);
  if (!parsed.success) {
    throw new CorridorError('directory-damaged', 'The saved list of people cannot be read.', {
      phrase: null,
    });
  }
  const directory = new Directory();
  directory.merge(parsed.output.records);
  return directory;
}

/**
 * Loads the directory from `file`; it is empty if there is no file. A damaged file is set aside as `<file>.damaged` and reported by
 * `trouble`; the office sends its content again.
 */
export async function loadDirectory(
  file: string,
  ports: FilePorts = nodePorts,
): Promise<{ directory: Directory; trouble: CorridorError | undefined }> {
  const saved = await new JsonFile(file, directoryFromJson, ports).read();
  if (saved.kind === 'sound') return { directory: saved.value, trouble: undefined };
  if (saved.kind === 'missing') return { directory: new Directory(), trouble: undefined };
  const sentence = `The saved list of people was damaged and set aside as ${saved.aside}. It fills again as colleagues are found.`;
  const told = { cause: saved.cause, details: { path: file } };
  return { directory: new Directory(), trouble: new CorridorError('directory-damaged', sentence, told) };
}

/** Writes the directory; a reader sees the old file or the new one, never half of it. */
export async function saveDirectory(
  file: string,
  directory: Directory,
  ports: FilePorts = nodePorts,
): Promise<void> {
  await new JsonFile(file, directoryFromJson, ports).write(directoryToJson(directory));
}

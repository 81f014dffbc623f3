import * as v from 'valibot';
import {
  CorridorError,
  fileSetAside,
  JsonFile,
  nodePorts,
  signedNodeRecordSchema,
  type DocumentFormat,
  type Ports,
} from '../model/index.ts';
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

/** Forged records are left out. */
const FORMAT: DocumentFormat<Directory> = {
  field: 'v',
  version: 1,
  parse: (content) => {
    const directory = new Directory();
    directory.merge(v.parse(savedSchema, content).records);
    return directory;
  },
};

/**
 * Loads the directory from `file`; it is empty if there is no file. One that is damaged, or of a later version, is set aside and reported
 * by `trouble`; the office sends its content again.
 */
export async function loadDirectory(
  file: string,
  ports: FilePorts = nodePorts,
): Promise<{ directory: Directory; trouble: CorridorError | undefined }> {
  const saved = await new JsonFile(file, FORMAT, ports).read();
  if (saved.kind === 'sound') return { directory: saved.value, trouble: undefined };
  if (saved.kind === 'missing') return { directory: new Directory(), trouble: undefined };
  if (saved.isNewer) return { directory: new Directory(), trouble: fileSetAside(file, true, saved.cause) };
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
  await new JsonFile(file, FORMAT, ports).write(directoryToJson(directory));
}

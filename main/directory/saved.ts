import { rename } from 'node:fs/promises';
import { TextFile } from 'lowdb/node';
import * as v from 'valibot';
import { CorridorError, signedNodeRecordSchema } from '../model/index.ts';
import { Directory, MAX_NODES } from './directory.ts';

const savedSchema = v.object({
  v: v.literal(1),
  records: v.pipe(v.array(signedNodeRecordSchema), v.maxLength(MAX_NODES)),
});
export type SavedDirectory = v.InferOutput<typeof savedSchema>;

/** The signed records, so that whoever reads them can check them again. Who is online is not saved. */
export function directoryToJson(directory: Directory): SavedDirectory {
  return { v: 1, records: directory.records() };
}

/** The directory in parsed JSON. Throws `directory-damaged` where it has another form; forged records are left out. */
export function directoryFromJson(json: unknown): Directory {
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
 * The directory saved in `file`, empty where there is none. A damaged file is set aside as `<file>.damaged` and
 * named in `trouble`: the office tells everything in it again.
 */
export async function loadDirectory(
  file: string,
): Promise<{ directory: Directory; trouble: CorridorError | undefined }> {
  const text = await new TextFile(file).read();
  if (text === null) return { directory: new Directory(), trouble: undefined };
  try {
    return { directory: directoryFromJson(JSON.parse(text)), trouble: undefined };
  } catch (cause) {
    await rename(file, `${file}.damaged`);
    const sentence = `The saved list of people was damaged and set aside as ${file}.damaged. It fills again as colleagues are found.`;
    return {
      directory: new Directory(),
      trouble: new CorridorError('directory-damaged', sentence, { cause, details: { path: file } }),
    };
  }
}

/** Writes the directory; a reader sees the old file or the new one, never half of it. */
export async function saveDirectory(file: string, directory: Directory): Promise<void> {
  await new TextFile(file).write(JSON.stringify(directoryToJson(directory)));
}

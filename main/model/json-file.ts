import { writeAtomically } from './atomic-file.ts';
import { documentText, NewerVersion, readDocument, type DocumentFormat } from './document.ts';
import { CorridorError } from './errors.ts';
import { nodePorts } from './node-ports.ts';
import type { Ports } from './ports.ts';
import { setAside } from './set-aside.ts';

/**
 * The result of reading. `aside`: the file could not be used, and was renamed so, for a person who wants to look at it. `isNewer`: a later
 * version of Corridor wrote it; otherwise it is damaged.
 */
type ReadDocument<T> =
  | { readonly kind: 'sound'; readonly value: T }
  | { readonly kind: 'missing' }
  | { readonly kind: 'aside'; readonly aside: string; readonly isNewer: boolean; readonly cause: unknown };

/** A small JSON file with a version and a checksum: read through a schema, written atomically, readable by its owner alone. */
export class JsonFile<T> {
  readonly #path: string;
  readonly #format: DocumentFormat<T>;
  readonly #ports: Pick<Ports, 'disk' | 'random'>;
  #writing: Promise<unknown> = Promise.resolve();

  constructor(path: string, format: DocumentFormat<T>, ports: Pick<Ports, 'disk' | 'random'> = nodePorts) {
    this.#path = path;
    this.#format = format;
    this.#ports = ports;
  }

  /** Throws the system's error where the file exists and cannot be read. */
  async read(): Promise<ReadDocument<T>> {
    let text: string;
    try {
      text = await this.#ports.disk.readText(this.#path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { kind: 'missing' };
      throw error;
    }
    try {
      return { kind: 'sound', value: readDocument(text, this.#format) };
    } catch (cause) {
      const isNewer = cause instanceof NewerVersion;
      const aside = await setAside(this.#ports.disk, this.#path, isNewer ? 'newer' : 'damaged');
      return { kind: 'aside', aside, isNewer, cause };
    }
  }

  /** Writes the value as it is now, after all earlier writes. Rejects if the disk fails; the old content stays then. */
  write(value: object): Promise<void> {
    const text = documentText(value);
    const written = this.#writing.then(() => writeAtomically(this.#path, text, this.#ports));
    this.#writing = written.catch(() => undefined);
    return written;
  }
}

/** A file of the profile was set aside, and the node goes on without it. */
export function fileSetAside(path: string, isNewer: boolean, cause: unknown): CorridorError {
  const told = { cause, details: { path } };
  if (isNewer)
    return new CorridorError(
      'file-newer',
      `A newer Corridor wrote ${path}. It was set aside as ${path}.newer, and Corridor goes on without it. To have it back, install that version again and rename it.`,
      told,
    );
  return new CorridorError(
    'file-damaged',
    `${path} was damaged and set aside as ${path}.damaged. Corridor goes on without it.`,
    told,
  );
}

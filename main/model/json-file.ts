import { writeAtomically } from './atomic-file.ts';
import { nodePorts } from './node-ports.ts';
import type { Ports } from './ports.ts';

/** The result of reading. `damaged`: the file was renamed to `aside`, for a person who wants to look at it. */
type ReadDocument<T> =
  | { readonly kind: 'sound'; readonly value: T }
  | { readonly kind: 'missing' }
  | { readonly kind: 'damaged'; readonly aside: string; readonly cause: unknown };

/** A small JSON file: read through a schema, written atomically, readable by its owner alone. */
export class JsonFile<T> {
  readonly #path: string;
  readonly #parse: (json: unknown) => T;
  readonly #ports: Pick<Ports, 'disk' | 'random'>;
  #writing: Promise<unknown> = Promise.resolve();

  /** @param parse throws where the JSON has another form */
  constructor(path: string, parse: (json: unknown) => T, ports: Pick<Ports, 'disk' | 'random'> = nodePorts) {
    this.#path = path;
    this.#parse = parse;
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
      return { kind: 'sound', value: this.#parse(JSON.parse(text)) };
    } catch (cause) {
      const aside = `${this.#path}.damaged`;
      await this.#ports.disk.rename(this.#path, aside);
      return { kind: 'damaged', aside, cause };
    }
  }

  /** Writes the value as it is now, after all earlier writes. Rejects if the disk fails; the old content stays then. */
  write(value: unknown): Promise<void> {
    const text = JSON.stringify(value);
    const written = this.#writing.then(() => writeAtomically(this.#path, text, this.#ports));
    this.#writing = written.catch(() => undefined);
    return written;
  }
}

import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * A folder for the sound files that engines read and write, readable by its owner alone. It is this node's own: what is in it at the first
 * use was left by a crash, and is removed. A message's voice is here only while an engine works on it.
 */
export class WorkFolder {
  readonly #path: string;
  #ready: Promise<unknown> | undefined;

  constructor(path: string) {
    this.#path = path;
  }

  /** Writes a file, and removes it when `use` has settled. */
  async withFile<T>(content: Uint8Array, use: (path: string) => Promise<T>): Promise<T> {
    return this.#withPath(async (path) => {
      await writeFile(path, content, { mode: 0o600, flag: 'wx' });
      return use(path);
    });
  }

  /** What `write` has written into the file whose path it gets. */
  async fileFrom(write: (path: string) => Promise<unknown>): Promise<Buffer> {
    return this.#withPath(async (path) => {
      await write(path);
      return readFile(path);
    });
  }

  async #withPath<T>(use: (path: string) => Promise<T>): Promise<T> {
    this.#ready ??= this.#clear();
    await this.#ready;
    const path = join(this.#path, `${randomUUID()}.wav`);
    try {
      return await use(path);
    } finally {
      await rm(path, { force: true });
    }
  }

  /** Removes what a crash has left, if nothing has used it yet. */
  async clear(): Promise<void> {
    if (!this.#ready) await rm(this.#path, { recursive: true, force: true });
  }

  async #clear(): Promise<void> {
    try {
      await rm(this.#path, { recursive: true, force: true });
      await mkdir(this.#path, { recursive: true, mode: 0o700 });
    } catch (error) {
      this.#ready = undefined;
      throw error;
    }
  }
}

import { join } from 'node:path';
import { makeOwnerFolder, writeAtomically, type MessageId, type Ports } from '../model/index.ts';
import { errorCode } from './durable.ts';
import { fileNameOf, messageNamed } from './file-names.ts';

/** The sealed transcripts of messages, a file for each. */
export class TranscriptFiles {
  readonly #folder: string;
  readonly #ports: Pick<Ports, 'disk' | 'random'>;

  constructor(folder: string, ports: Pick<Ports, 'disk' | 'random'>) {
    this.#folder = folder;
    this.#ports = ports;
  }

  /** The messages that have one. @throws ErrnoException where the folder is there and cannot be read */
  async list(): Promise<MessageId[]> {
    const names = await this.#ports.disk.list(this.#folder).catch((error: unknown) => {
      if (errorCode(error) !== 'ENOENT') throw error;
      return [];
    });
    return names.flatMap((name) => messageNamed(name, 'txt') ?? []);
  }

  /** Undefined: there is none. */
  read(id: MessageId): Promise<string | undefined> {
    return this.#ports.disk.readText(this.#pathOf(id)).catch(() => undefined);
  }

  /** @throws ErrnoException where the disk does not take it */
  async write(id: MessageId, sealed: string): Promise<void> {
    await makeOwnerFolder(this.#ports.disk, this.#folder);
    await writeAtomically(this.#pathOf(id), sealed, this.#ports);
  }

  async remove(id: MessageId): Promise<void> {
    await this.#ports.disk.remove(this.#pathOf(id)).catch(() => undefined);
  }

  #pathOf(id: MessageId): string {
    return join(this.#folder, fileNameOf(id, 'txt'));
  }
}

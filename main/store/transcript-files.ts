import { join } from 'node:path';
import { makeOwnerFolder, writeAtomically, type MessageId, type Ports } from '../model/index.ts';

const FILE_NAME = /^([0-9a-f]{32})\.txt$/;

/** The sealed transcripts of messages, a file for each: they are read when a person reads or searches, and never at a start. */
export class TranscriptFiles {
  readonly #folder: string;
  readonly #ports: Pick<Ports, 'disk' | 'random'>;

  constructor(folder: string, ports: Pick<Ports, 'disk' | 'random'>) {
    this.#folder = folder;
    this.#ports = ports;
  }

  /** The messages that have one. */
  async list(): Promise<MessageId[]> {
    const names = await this.#ports.disk.list(this.#folder).catch(() => []);
    const ids: MessageId[] = [];
    for (const name of names) {
      const hex = FILE_NAME.exec(name)?.[1];
      if (hex !== undefined) ids.push(Buffer.from(hex, 'hex').toString('base64url') as MessageId);
    }
    return ids;
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
    return join(this.#folder, `${Buffer.from(id, 'base64url').toString('hex')}.txt`);
  }
}

import { join } from 'node:path';
import { lacksBeside, makeOwnerFolder, type Fragment, type MessageId, type Signed } from '../model/index.ts';
import { errorCode } from './durable.ts';
import { fileNameOf } from './file-names.ts';
import { MessageFile } from './message-file.ts';
import { allReceipts } from './receipts.ts';
import { RECORD } from './record.ts';
import { loadInto } from './recovery.ts';
import type { StoreParts } from './store-parts.ts';
import type { Entry } from './stored-message.ts';

/** How many complete messages keep their table of fragments in memory after they were read. */
const TABLES_KEPT = 8;

/** Whether all fragments that the manifest counts are held, and what the header names beside it. */
export function isWhole({ header, manifest }: Entry, file: MessageFile): boolean {
  if (manifest === undefined || lacksBeside(header.signed, header.facts)) return false;
  return file.loaded && file.table.held === manifest.facts.count;
}

/** The open messages' files: those of all incomplete messages, and of complete messages that were used lately. */
export class MessageFiles {
  readonly #parts: StoreParts;
  readonly #files = new Map<MessageId, MessageFile>();
  /** The removals of deleted messages' files that are under way. */
  readonly #removals = new Map<MessageId, Promise<void>>();

  constructor(parts: StoreParts) {
    this.#parts = parts;
  }

  /** Makes the file of a message that begins. */
  begin(entry: Entry, header: Signed): void {
    const file = MessageFile.fresh(this.#parts.ports, this.pathOf(entry.id));
    this.#files.set(entry.id, file);
    const removal = this.#removals.get(entry.id);
    // The message was deleted a moment ago: else its new file would go with the one before.
    if (removal) void file.run(() => removal);
    file.put(RECORD.header, header);
  }

  pathOf(id: MessageId): string {
    return join(this.#parts.directory, fileNameOf(id));
  }

  /** The file, if it is in memory. */
  get(id: MessageId): MessageFile | undefined {
    return this.#files.get(id);
  }

  of(entry: Entry): MessageFile {
    const file = this.#files.get(entry.id) ?? MessageFile.existing(this.#parts.ports, this.pathOf(entry.id));
    // Moves it to the end: the map's order is the order of use.
    this.#files.delete(entry.id);
    this.#files.set(entry.id, file);
    return file;
  }

  set(id: MessageId, file: MessageFile): void {
    this.#files.set(id, file);
  }

  /** Forgets and removes the file of a deleted message, once `first` has resolved. Resolves also where the disk refuses. */
  remove(entry: Entry, first: Promise<void>): Promise<void> {
    const { id } = entry;
    const file = this.of(entry);
    this.#files.delete(id);
    const removal = first
      .then(() => file.run(() => file.remove()))
      .catch((error: unknown) => this.#parts.writer.failed(error))
      .finally(() => {
        if (this.#removals.get(id) === removal) this.#removals.delete(id);
      });
    this.#removals.set(id, removal);
    return removal;
  }

  /** The file, with its table of fragments. */
  async loaded(entry: Entry): Promise<MessageFile> {
    const file = this.of(entry);
    if (file.loaded) return file;
    await file.run(async () => {
      if (!file.loaded) await this.#load(entry, file);
    });
    this.forgetTables();
    return file;
  }

  async read(entry: Entry, file: MessageFile, numbers: readonly number[]): Promise<Fragment[]> {
    if (numbers.length === 0) return [];
    const fragments = await file.read(numbers);
    if (fragments.length < numbers.length && entry.state === 'complete' && !isWhole(entry, file))
      this.#demote(entry);
    return fragments;
  }

  /** Writes a message's local facts into its file. */
  saveLocal(entry: Entry): void {
    const file = this.of(entry);
    file.put(RECORD.local, { roles: entry.roles, local: entry.local });
    this.#parts.writer.write(entry.id, file);
    this.#parts.changed(entry.id);
  }

  /**
   * Brings what was given of a message to the disk itself. Resolves with whether the disk took it. If not, that is told as the store's
   * trouble, and what waits is written later.
   */
  async save(entry: Entry): Promise<boolean> {
    const file = this.of(entry);
    try {
      await file.run(async () => {
        await file.flush();
        await this.sync(entry, file);
      });
      return true;
    } catch (error) {
      this.#parts.writer.failed(error);
      return false;
    }
  }

  /**
   * Syncs a message's file, and its name. After a failure all of an incomplete one is written again, since the system may take lost
   * pages for written; a complete one was synced before. A task for `run`.
   */
  async sync(entry: Entry, file: MessageFile): Promise<void> {
    try {
      await file.sync();
    } catch (error) {
      if (entry.state === 'incomplete' && file.loaded) {
        const fragments = await file.read(Array.from({ length: file.table.end }, (_, n) => n));
        this.startOver(entry, file);
        for (const fragment of fragments) file.append(fragment);
      }
      throw error;
    }
    await this.#parts.ports.disk.syncFolder(this.#parts.directory);
  }

  /** Drops the fragments and keeps the message's statements. */
  startOver(entry: Entry, file: MessageFile): void {
    file.reset();
    file.put(RECORD.header, entry.header.signed);
    file.put(RECORD.local, { roles: entry.roles, local: entry.local });
    if (entry.manifest) file.put(RECORD.manifest, entry.manifest.signed);
    for (const receipt of allReceipts(entry.receipts)) file.put(RECORD.receipt, receipt.signed);
    for (const hashes of file.cover.statements()) file.put(RECORD.hashes, hashes);
    this.#parts.writer.write(entry.id, file);
  }

  /** Drops the tables of complete messages that were not used lately. */
  forgetTables(): void {
    const { index, streams, writer } = this.#parts;
    const complete: MessageId[] = [];
    for (const [id, file] of this.#files) {
      const isIdle = file.waitingBytes === 0 && !streams.has(id) && !writer.isFlushing(id);
      if (isIdle && index.get(id)?.state === 'complete') complete.push(id);
    }
    for (const id of complete.slice(0, Math.max(0, complete.length - TABLES_KEPT))) this.#files.delete(id);
  }

  /** The file has grown on disk. */
  written(id: MessageId, file: MessageFile): void {
    const entry = this.#parts.index.get(id);
    if (!entry || this.#files.get(id) !== file || file.length === entry.bytes) return;
    // The index on the disk need not know the length of an incomplete message's file, which is read whole when the store opens.
    this.#parts.index.grown(entry, file.length);
    if (entry.state === 'incomplete') this.#parts.events.emit('grown', id);
    else this.#parts.changed(id);
    this.forgetTables();
  }

  /** The file was removed from outside, or cannot be read any more. */
  async vanished(id: MessageId, file: MessageFile): Promise<void> {
    const entry = this.#parts.index.get(id);
    if (!entry || this.#files.get(id) !== file) return;
    await file.run(() => this.#beginAnew(entry, file));
    await makeOwnerFolder(this.#parts.ports.disk, this.#parts.directory).catch(() => undefined);
    this.#demote(entry);
  }

  /** Scans a file. Damage is reported in `findings`, and missing fragments will be fetched again. */
  async #load(entry: Entry, file: MessageFile): Promise<void> {
    const { found, writer, index } = this.#parts;
    const scan = await loadInto(entry, file).catch((error: unknown) => {
      if (errorCode(error) === 'ENOENT') return undefined;
      throw error;
    });
    const name = `The message of ${new Date(entry.header.facts.startedAt).toISOString()}`;
    if (!scan) {
      await this.#beginAnew(entry, file);
      found(`${name} was lost on this computer and is fetched again if another one has it.`);
    } else {
      if (scan.tornBytes > 0) found(`${name} ended in a half-written piece, which was cut off.`);
      if (scan.damagedBytes > 0) found(`${name} was damaged in ${scan.damagedBytes} bytes.`);
      if (file.waitingBytes > 0) writer.write(entry.id, file);
      index.touch(entry.id);
    }
    if (entry.state === 'complete' && !isWhole(entry, file)) this.#demote(entry);
  }

  /** Puts aside what is left of a file, if anything. A task for `run`. */
  async #beginAnew(entry: Entry, file: MessageFile): Promise<void> {
    await file.setAside().catch(() => undefined);
    this.startOver(entry, file);
  }

  /** Marks a complete message that was found damaged as incomplete. Its sound fragments stay. */
  #demote(entry: Entry): void {
    if (this.#parts.index.get(entry.id) !== entry) return;
    entry.state = 'incomplete';
    this.#parts.changed(entry.id);
    this.#parts.events.emit('damaged', entry.id);
  }
}

import type { MessageFile } from './message-file.ts';
import { isWhole, type MessageFiles } from './message-files.ts';
import type { StoreParts } from './store-parts.ts';
import type { Completion } from './store-options.ts';
import type { Entry } from './stored-message.ts';

/** Decides whether a message is complete: whole, as its talker signed it, and on the disk itself. */
export class Settling {
  readonly #parts: StoreParts;
  readonly #files: MessageFiles;

  constructor(parts: StoreParts, files: MessageFiles) {
    this.#parts = parts;
    this.#files = files;
  }

  /** Syncs the message to the disk if all of it is held. */
  async settle(entry: Entry): Promise<Completion> {
    const { writer } = this.#parts;
    const completion = await this.#tryToSettle(entry);
    if (completion === 'unsaved') writer.unsaved(entry.id);
    else writer.saved(entry.id);
    this.#files.forgetTables();
    return completion;
  }

  async #tryToSettle(entry: Entry): Promise<Completion> {
    try {
      const file = await this.#files.loaded(entry);
      return await file.run(() => this.#settleNow(entry, file));
    } catch (error) {
      this.#parts.writer.failed(error);
      return 'unsaved';
    }
  }

  async #settleNow(entry: Entry, file: MessageFile): Promise<Completion> {
    const { index, events } = this.#parts;
    if (entry.state === 'complete') return 'complete';
    if (index.get(entry.id) !== entry || !entry.manifest || !isWhole(entry, file)) return 'missing';
    try {
      await file.flush();
      const hash = await file.hash(entry.manifest.facts.count);
      if (hash === undefined) return this.#miss(entry);
      if (hash !== entry.manifest.facts.hash) return this.#refuse(entry, file);
      await this.#files.sync(entry, file);
      entry.bytes = file.length;
      entry.completing = true;
      index.touch(entry.id);
      await index.flushOne(entry.id);
    } finally {
      entry.completing = false;
    }
    if (index.get(entry.id) !== entry) return 'missing';
    entry.state = 'complete';
    index.touch(entry.id);
    events.emit('complete', entry.id);
    events.emit('changed', entry.id);
    return 'complete';
  }

  /** The disk damaged fragments, which are not held any more. */
  #miss(entry: Entry): Completion {
    const { index, events } = this.#parts;
    if (index.get(entry.id) === entry) events.emit('damaged', entry.id);
    return 'missing';
  }

  /** The hash is wrong. Drops the fragments that the talker did not vouch for; if it vouched for each, or for none, drops all. */
  #refuse(entry: Entry, file: MessageFile): Completion {
    const { streams, changed, events } = this.#parts;
    if (!dropUnvouched(file)) this.#files.startOver(entry, file);
    streams.end(entry.id, 'damaged');
    changed(entry.id);
    events.emit('damaged', entry.id);
    return 'damaged';
  }
}

/** Drops the fragments that the talker did not vouch for. False where that changes nothing: it vouched for each, or for none. */
function dropUnvouched(file: MessageFile): boolean {
  const { table, cover } = file;
  const held = Array.from({ length: table.end }, (_, n) => n).filter((n) => table.has(n));
  const doubtful = held.filter((n) => !cover.isVouched(n));
  if (doubtful.length === held.length) return false;
  for (const n of doubtful) file.drop(n);
  return doubtful.length > 0;
}

import type { MessageId } from '../model/index.ts';
import type { MessageFiles } from './message-files.ts';
import { isReceivedByAll, isSafeElsewhere } from './receipts.ts';
import { toDelete, type RetentionLimits } from './retention.ts';
import type { RetrievalNumbers } from './retrieval-number.ts';
import type { StoreParts } from './store-parts.ts';
import type { Entry } from './stored-message.ts';

/** How long it is remembered that a message was deleted: 90 days. */
const TOMBSTONE_MS = 90 * 24 * 60 * 60 * 1000;
/** A message without an end that began so long ago was broken off by a crash: nobody waits for it. */
const BROKEN_OFF_MS = 60 * 60 * 1000;

/** Takes messages away: at once, after a time in which it can be undone, or because age and room demand it. */
export class Removal {
  readonly #parts: StoreParts;
  readonly #files: MessageFiles;
  readonly #numbers: RetrievalNumbers;
  readonly #now: () => number;
  #limits: RetentionLimits;

  constructor(
    parts: StoreParts,
    files: MessageFiles,
    numbers: RetrievalNumbers,
    options: RetentionLimits & { readonly now: () => number },
  ) {
    this.#parts = parts;
    this.#files = files;
    this.#numbers = numbers;
    this.#now = options.now;
    this.#limits = options;
  }

  set limits(limits: RetentionLimits) {
    this.#limits = limits;
  }

  async delete(id: MessageId): Promise<void> {
    const { index, writer, followers, events } = this.#parts;
    const entry = index.get(id);
    if (!entry) return;
    const file = this.#files.of(entry);
    index.delete(id, this.#now());
    this.#files.forget(id);
    writer.forget(id);
    this.#numbers.forget(entry);
    followers.end(id, 'deleted');
    events.emit('changed', id);
    // The index first: a crash between the two leaves a file that the next opening removes.
    await index.flush().catch((error: unknown) => writer.failed(error));
    await file.run(() => file.remove()).catch((error: unknown) => writer.failed(error));
  }

  /** Returns once the mark is written, so that a crash does not bring the message back. */
  async hide(id: MessageId): Promise<boolean> {
    const entry = this.#parts.index.get(id);
    if (!entry || entry.local.deletedAt !== undefined) return false;
    entry.local = { ...entry.local, deletedAt: this.#now() };
    await this.#write(entry);
    return true;
  }

  async restore(id: MessageId): Promise<boolean> {
    const entry = this.#parts.index.get(id);
    if (entry?.local.deletedAt === undefined) return false;
    const { deletedAt: _gone, ...local } = entry.local;
    entry.local = local;
    await this.#write(entry);
    return true;
  }

  async eraseHidden(afterMs: number): Promise<number | undefined> {
    let nextMs: number | undefined;
    for (const entry of [...this.#parts.index.entries()]) {
      if (entry.local.deletedAt === undefined || isNeededByOthers(entry, this.#now())) continue;
      const hiddenMs = this.#now() - entry.local.deletedAt;
      // A clock that was set back must not keep it for ever.
      if (hiddenMs < 0 || hiddenMs >= afterMs) await this.delete(entry.id);
      else nextMs = Math.min(nextMs ?? Infinity, afterMs - hiddenMs);
    }
    return nextMs;
  }

  async sweep(): Promise<MessageId[]> {
    const { index, writer } = this.#parts;
    const now = this.#now();
    const ids = toDelete(index.entries(), this.#limits, now).map((entry) => entry.id);
    for (const id of ids) await this.delete(id);
    index.forgetDeleted(now - TOMBSTONE_MS);
    if (index.isDirty) writer.flushIndexSoon();
    return ids;
  }

  async #write(entry: Entry): Promise<void> {
    this.#files.saveLocal(entry);
    const file = this.#files.of(entry);
    await file.run(() => file.flush()).catch((error: unknown) => this.#parts.writer.failed(error));
  }
}

/** Nobody loses a message because somebody else no longer wants to see it. */
function isNeededByOthers(entry: Entry, now: number): boolean {
  if (!entry.manifest && now - entry.header.facts.startedAt > BROKEN_OFF_MS) return false;
  if (entry.roles.mine === 'talker') return !isSafeElsewhere(entry);
  return entry.roles.keeps && !isReceivedByAll(entry);
}

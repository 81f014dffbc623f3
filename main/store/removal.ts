import { CorridorError, type MessageId } from '../model/index.ts';
import { ClockWatch } from './clock-watch.ts';
import { endingOf, hasEnded } from './ending.ts';
import type { MessageFiles } from './message-files.ts';
import { EVERYBODY, isHeardByAll, isReceivedByAll, type Audience, type IsRemoved } from './receipts.ts';
import { toDelete, type RetentionLimits } from './retention.ts';
import type { RetrievalNumbers } from './retrieval-number.ts';
import type { StoreParts } from './store-parts.ts';
import { arrivalOf, type Entry } from './stored-message.ts';

/** How long it is remembered that a message was deleted: 90 days. */
const TOMBSTONE_MS = 90 * 24 * 60 * 60 * 1000;
/** A message without a manifest that began this long ago was broken off by a crash, and nobody waits for it. */
const BROKEN_OFF_MS = 60 * 60 * 1000;

const WHAT_HELPS = 'Make room on it, or see in Settings, Health, what is wrong with it, and try again.';

/** Whether the talker may lose its own copy of a message that some recipient has not got: others hold it at this moment. */
export type IsSafe = (id: MessageId) => Promise<boolean>;

/** Removes messages: at once, after a time in which that can be undone, or because they are too old or need too much room. */
export class Removal {
  readonly #parts: StoreParts;
  readonly #files: MessageFiles;
  readonly #numbers: RetrievalNumbers;
  readonly #clockWatch: ClockWatch;
  /** When those that are hidden were hidden since the store was opened, by the clock that nobody sets. */
  readonly #hiddenAt = new Map<MessageId, number>();
  readonly #openedAt: number;
  #limits: RetentionLimits;

  constructor(parts: StoreParts, files: MessageFiles, numbers: RetrievalNumbers, limits: RetentionLimits) {
    this.#parts = parts;
    this.#files = files;
    this.#numbers = numbers;
    this.#limits = limits;
    const { clock } = parts.ports;
    this.#clockWatch = new ClockWatch(clock);
    this.#openedAt = clock.monotonic();
  }

  set limits(limits: RetentionLimits) {
    this.#limits = limits;
  }

  async delete(id: MessageId): Promise<void> {
    const { index, writer, streams, events } = this.#parts;
    const entry = index.get(id);
    if (!entry) return;
    const at = this.#parts.ports.clock.now();
    index.delete(id, isOwed(entry) ? { at, isOwed: true } : { at });
    writer.forget(id);
    this.#numbers.forget(entry);
    this.#hiddenAt.delete(id);
    streams.end(id, 'deleted');
    // The index first: a crash between the two leaves a file that the next opening removes.
    const indexed = index.flush().catch((error: unknown) => writer.failed(error));
    const removed = this.#files.remove(entry, indexed);
    events.emit('changed', id);
    await removed;
  }

  /**
   * Resolves once the mark is on the disk itself, so that neither a crash nor a power failure brings the message back.
   * @throws CorridorError `deletion-not-saved`: the disk refused it, and the message is shown as before
   */
  async hide(id: MessageId): Promise<boolean> {
    const entry = this.#parts.index.get(id);
    const { clock } = this.#parts.ports;
    if (!entry || entry.local.deletedAt !== undefined) return false;
    this.#hiddenAt.set(id, clock.monotonic());
    if (await this.#mark(entry, clock.now())) return true;
    this.#unmark(entry, undefined);
    throw new CorridorError(
      'deletion-not-saved',
      `The message is still here: the disk did not take its deletion. ${WHAT_HELPS}`,
      { details: { wish: 'delete' } },
    );
  }

  /** As `hide`. @throws CorridorError `deletion-not-saved`: the disk refused it, and the message stays hidden */
  async restore(id: MessageId): Promise<boolean> {
    const entry = this.#parts.index.get(id);
    const deletedAt = entry?.local.deletedAt;
    if (!entry || deletedAt === undefined) return false;
    if (await this.#mark(entry, undefined)) return true;
    this.#unmark(entry, deletedAt);
    throw new CorridorError(
      'deletion-not-saved',
      `The message stays deleted: the disk did not take that you undid it. ${WHAT_HELPS}`,
      { details: { wish: 'restore' } },
    );
  }

  /**
   * Deletes messages that were hidden at least `afterMs` ago, except those that a colleague still has to get from here. `isSafe` says
   * whether other nodes hold an own message at this moment. Resolves with the time until the next call, ms; undefined if nothing waits.
   */
  async eraseHidden(afterMs: number, isSafe: IsSafe, isOut: IsRemoved): Promise<number | undefined> {
    let nextMs: number | undefined;
    for (const entry of [...this.#parts.index.sets.of('hidden')]) {
      const dueInMs = this.#dueInMs(entry, afterMs);
      if (dueInMs === undefined) continue;
      if (dueInMs > 0) nextMs = Math.min(nextMs ?? Infinity, dueInMs);
      else if (!this.#isNeededByOthers(entry, isOut)) await this.delete(entry.id);
      // The person may have restored it while other holders were being asked.
      else if (entry.roles.mine === 'talker' && (await isSafe(entry.id)) && this.#isHidden(entry))
        await this.delete(entry.id);
    }
    return nextMs;
  }

  /**
   * Deletes messages that are too old or need too much room, but never one that a person has not heard yet, unless none of its
   * recipients is known in the office, or it was said for a week that they have been away for too long. Nothing is too old while this
   * computer's clock cannot be believed. Resolves with the deleted ids.
   */
  async sweep(audience: Audience): Promise<MessageId[]> {
    const { index, writer, arrivals, ports } = this.#parts;
    const now = this.#clockWatch.isBelieved(arrivals.lastAt) ? ports.clock.now() : undefined;
    // Before it is known who is there, what was noted stays.
    if (now !== undefined && audience.seenAt) this.#noteEndings(audience, now);
    const ids = toDelete(index.entries(), this.#limits, now, audience).map((entry) => entry.id);
    for (const id of ids) await this.delete(id);
    if (now !== undefined) index.forgetDeleted(now - TOMBSTONE_MS);
    if (index.isDirty) writer.flushIndexSoon();
    return ids;
  }

  /** Notes which messages wait in vain, so that this is said before they end. */
  #noteEndings(audience: Audience, now: number): void {
    for (const entry of this.#parts.index.entries()) {
      const { ending: before, ...local } = entry.local;
      const ending = endingOf(entry, audience, now);
      if (ending === before) continue;
      entry.local = ending ? { ...local, ending } : local;
      this.#files.saveLocal(entry);
      this.#parts.changed(entry.id);
    }
  }

  /** The time until its deletion cannot be undone any more, ms; undefined where it was not deleted. */
  #dueInMs({ id, local }: Entry, afterMs: number): number | undefined {
    if (local.deletedAt === undefined) return undefined;
    // A clock that was set neither erases it early nor keeps it for ever. After a restart the time begins anew.
    const hiddenMs = this.#parts.ports.clock.monotonic() - (this.#hiddenAt.get(id) ?? this.#openedAt);
    return Math.max(0, afterMs - hiddenMs);
  }

  #isHidden(entry: Entry): boolean {
    return this.#parts.index.get(entry.id) === entry && entry.local.deletedAt !== undefined;
  }

  /** Whether a colleague still has to get the message from here. */
  #isNeededByOthers(entry: Entry, isOut: IsRemoved): boolean {
    const ageMs = this.#parts.ports.clock.now() - arrivalOf(entry).at;
    if ((!entry.manifest && ageMs > BROKEN_OFF_MS) || hasEnded(entry)) return false;
    return (entry.roles.mine === 'talker' || entry.roles.keeps) && !isReceivedByAll(entry, isOut);
  }

  /** Notes whether it is hidden. Resolves with whether that is on the disk. */
  #mark(entry: Entry, deletedAt: number | undefined): Promise<boolean> {
    setDeletedAt(entry, deletedAt);
    this.#files.saveLocal(entry);
    return this.#files.save(entry);
  }

  /** Takes back what the disk refused, which may be in the file even so: what is written after it counts. */
  #unmark(entry: Entry, deletedAt: number | undefined): void {
    if (this.#parts.index.get(entry.id) !== entry) return;
    setDeletedAt(entry, deletedAt);
    this.#files.saveLocal(entry);
  }
}

/** Whether it was deleted for this node's person alone: perhaps somebody else has yet to hear it. */
function isOwed(entry: Entry): boolean {
  return entry.roles.mine !== undefined && !isHeardByAll(entry, EVERYBODY);
}

/** Other local facts may have changed meanwhile, and stay. */
function setDeletedAt(entry: Entry, deletedAt: number | undefined): void {
  const { deletedAt: _before, ...local } = entry.local;
  entry.local = deletedAt === undefined ? local : { ...local, deletedAt };
}

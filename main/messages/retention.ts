import type { MessageId, NodeId, Schedule } from '../model/index.ts';
import { personsOf } from './copies.ts';
import type { OfficePort } from './ports.ts';
import type { MessageStore, RetentionLimits } from '../store/index.ts';

/** How often messages are checked for age, room, and whether colleagues have got them, ms. */
const SWEEP_MS = 60 * 60 * 1000;

interface RetentionParts {
  readonly store: Pick<MessageStore, 'eraseHidden' | 'hide' | 'restore' | 'setLimits' | 'sweep'>;
  readonly office: Pick<OfficePort, 'isRemoved' | 'knownNodesOf' | 'personOf' | 'signingKeyOf'>;
  /** When that computer was last online, ms since the epoch. Left out: nobody is ever away for too long. */
  readonly lastOnline?: ((node: NodeId) => number) | undefined;
  /** Whether enough other nodes hold this node's own message at this moment. */
  readonly isSafe: (id: MessageId) => Promise<boolean>;
  readonly schedule: Schedule;
  /** For how long a deletion can be undone, ms. */
  readonly undoMs: number;
}

/**
 * Decides how long messages are kept. Deleting can be undone: the message is marked as hidden on the disk at once, and erased when the
 * time for undoing is over, also if the node restarts in between.
 */
export class Retention {
  readonly #parts: RetentionParts;
  #cancelSweep: (() => void) | undefined;
  #cancelErase: (() => void) | undefined;
  #closed = false;
  /** It has run for a while, so whoever is there has been seen. */
  #hasLooked = false;

  constructor(parts: RetentionParts) {
    this.#parts = parts;
    void this.#erase();
  }

  /** False if it was not there, or is deleted already. @throws CorridorError as `MessageStore.hide` */
  async delete(id: MessageId): Promise<boolean> {
    const isHidden = await this.#parts.store.hide(id);
    if (isHidden) void this.#erase();
    return isHidden;
  }

  /** False if it is too late, or was not deleted. @throws CorridorError as `MessageStore.restore` */
  restore(id: MessageId): Promise<boolean> {
    return this.#parts.store.restore(id);
  }

  /** Applies new limits, and deletes at once what exceeds them. */
  async setLimits(limits: RetentionLimits): Promise<void> {
    this.#parts.store.setLimits(limits);
    await this.#sweep();
  }

  /** Deletes messages that are too old or need too much room, now and every hour. */
  sweepRegularly(): void {
    void this.#sweep();
    this.#cancelSweep = this.#parts.schedule(() => {
      this.#hasLooked = true;
      this.sweepRegularly();
      void this.#erase();
    }, SWEEP_MS);
  }

  close(): void {
    this.#closed = true;
    this.#cancelSweep?.();
    this.#cancelErase?.();
  }

  async #sweep(): Promise<void> {
    const { store, office, lastOnline } = this.#parts;
    const seenAt = (node: NodeId): number => {
      const person = office.personOf(node);
      const computers = person === undefined ? [] : office.knownNodesOf(person);
      return Math.max(...[node, ...computers.map((one) => one.node)].map((one) => lastOnline?.(one) ?? 0));
    };
    await store.sweep({
      ...(lastOnline && this.#hasLooked ? { seenAt } : {}),
      isKnown: (node) => office.signingKeyOf(node) !== undefined,
      ...personsOf(office),
    });
  }

  async #erase(): Promise<void> {
    const { store, office, undoMs, isSafe } = this.#parts;
    this.#cancelErase?.();
    const nextMs = await store.eraseHidden(undoMs, isSafe, (node) => office.isRemoved(node));
    this.#cancelErase?.();
    if (nextMs === undefined || this.#closed) return;
    this.#cancelErase = this.#parts.schedule(() => void this.#erase(), nextMs);
  }
}

import type { Signed } from '../../model/index.ts';
import { afterOf, type StatementId, type Read } from './statement.ts';

/** The most statements that wait. Beyond it the oldest are dropped; they will be sent again. */
const MAX_WAITING = 256;

export interface Waiting {
  readonly id: StatementId;
  readonly signed: Signed;
  readonly read: Read;
}

/**
 * Statements that are not held: those whose past is incomplete, and those left out. A statement with a complete past and no seat is left
 * out: it enters only in the past of one that has a seat.
 */
export class WaitingRoom {
  /** By id and signature: a signature can be verified only when the past is here, and a forged one must not displace the right one. */
  readonly #waiting = new Map<string, Waiting>();
  readonly #leftOut = new Map<string, Waiting>();
  readonly #leftOutById = new Map<StatementId, Waiting>();

  /** The statements whose past is incomplete. */
  get unsettled(): Waiting[] {
    return [...this.#waiting].flatMap(([key, one]) => (this.#leftOut.has(key) ? [] : [one]));
  }

  has(one: Waiting): boolean {
    return this.#waiting.has(keyOf(one));
  }

  isLeftOut(one: Waiting): boolean {
    return this.#leftOut.has(keyOf(one));
  }

  leftOut(id: StatementId): Waiting | undefined {
    return this.#leftOutById.get(id);
  }

  add(one: Waiting, { isLeftOut = false } = {}): void {
    this.delete(one);
    this.#waiting.set(keyOf(one), one);
    if (isLeftOut) {
      this.#leftOut.set(keyOf(one), one);
      this.#leftOutById.set(one.id, one);
    }
    for (const oldest of this.#waiting.values()) {
      if (this.#waiting.size <= MAX_WAITING) break;
      this.delete(oldest);
    }
  }

  delete(one: Waiting): void {
    const key = keyOf(one);
    this.#waiting.delete(key);
    if (this.#leftOutById.get(one.id) === this.#leftOut.get(key)) this.#leftOutById.delete(one.id);
    this.#leftOut.delete(key);
  }

  /** Whether the whole past is held or left out here. */
  isWithinReach({ read }: Waiting, isHeld: (id: StatementId) => boolean): boolean {
    const reached = new Set(afterOf(read));
    for (const id of reached) {
      if (isHeld(id)) continue;
      const before = this.#leftOutById.get(id);
      if (!before) return false;
      for (const named of afterOf(before.read)) reached.add(named);
    }
    return true;
  }

  /** Ids that these statements name, and that are neither held nor here. */
  missing(isHeld: (id: StatementId) => boolean): StatementId[] {
    const waiting = [...this.#waiting.values()];
    const ids = new Set(waiting.map(({ id }) => id));
    const named = new Set(waiting.flatMap(({ read }) => afterOf(read)));
    return [...named].filter((id) => !isHeld(id) && !ids.has(id));
  }
}

function keyOf({ id, signed }: Waiting): string {
  return `${id} ${signed.signature}`;
}

import { BUDGETS, FRAME_BUDGETS, TokenBucket, type Budget, type FrameBudgetName } from '../model/index.ts';

const NAMES = Object.keys(FRAME_BUDGETS) as FrameBudgetName[];

/** What one peer may send over its link. Times are milliseconds by one clock of the caller's. */
export class LinkBudget {
  readonly #frames = new Map(
    NAMES.map((name) => [name, new TokenBucket(FRAME_BUDGETS[name].perPeer)] as const),
  );
  readonly #bytes = new TokenBucket(BUDGETS.linkBytes.perPeer);
  readonly #text = new TokenBucket(BUDGETS.textBytes.perPeer);

  /** Takes the bytes of a frame that is still to be read: 0, or how long it has to wait. */
  takeBytes(bytes: number, isText: boolean, now: number): number {
    const waitMs = Math.max(this.#bytes.waitMs(now, bytes), isText ? this.#text.waitMs(now, bytes) : 0);
    if (waitMs > 0) return waitMs;
    this.#bytes.take(now, bytes);
    if (isText) this.#text.take(now, bytes);
    return 0;
  }

  /** Takes a frame of this type: 0, or how long it has to wait, or that it is left out. */
  takeFrame(name: FrameBudgetName, now: number): number | 'dropped' {
    const bucket = this.#frames.get(name)!;
    const waitMs = bucket.waitMs(now);
    if (waitMs === 0) bucket.take(now);
    const { over }: Budget = FRAME_BUDGETS[name];
    return waitMs > 0 && over === 'dropped' ? 'dropped' : waitMs;
  }
}

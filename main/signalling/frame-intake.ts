import { BUDGETS, type BudgetName, type FrameBudgetName } from '../model/index.ts';
import { frameTurns } from './frame-turns.ts';
import { FRAME_JSON, type Frame } from './frames.ts';
import { LinkBudget } from './link-budget.ts';

const MAX_WAITING_BYTES = BUDGETS.waitingBytes.perPeer.atOnce;

/** What a frame holds. */
export interface ReadFrame {
  /** Of which budget it is; left out: of none. */
  readonly budget?: FrameBudgetName;
  readonly handle: () => void;
}

interface FrameIntakeParts {
  /** Reads a frame whose time has come. */
  readonly read: (frame: Frame) => ReadFrame;
  /** Whether the socket is to be read: not while much waits here. */
  readonly reading: (isReading: boolean) => void;
  /** A frame is over this budget: it waits, or is left out. */
  readonly over: (name: BudgetName, isDropped: boolean) => void;
}

/**
 * The frames of one link, on their way in: handled in their order, as fast as the peer's budget and the other links allow.
 * While many wait the socket is not read, so that it is the sender who has to wait, and nothing is lost.
 */
export class FrameIntake {
  readonly #parts: FrameIntakeParts;
  readonly #budget = new LinkBudget();
  #frames: Frame[] = [];
  /** How many of them were handled. */
  #at = 0;
  /** The next frame, if it was read already. */
  #next: ReadFrame | undefined;
  /** Whether some are left, to be handled in a later turn or when the budget allows it. */
  #isWaiting = false;
  #waitingBytes = 0;
  #isReading = true;
  /** Whether the next frame was counted as one that waits. */
  #isCounted = false;
  #timer: NodeJS.Timeout | undefined;
  /** Nothing comes any more: to be called when all is handled. */
  #ended: (() => void) | undefined;
  #closed = false;

  constructor(parts: FrameIntakeParts) {
    this.#parts = parts;
  }

  get isReading(): boolean {
    return this.#isReading;
  }

  push(frames: readonly Frame[]): void {
    if (frames.length === 0 || this.#closed) return;
    this.#frames.push(...frames);
    for (const { payload } of frames) this.#waitingBytes += payload.length;
    if (!this.#isWaiting) this.#run();
    this.#readOrNot();
  }

  /** The peer has said everything. What is left is handled first, but for what is over a budget. */
  end(ended: () => void): void {
    if (!this.#isWaiting) return ended();
    this.#ended = ended;
  }

  /** What waits is forgotten. */
  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#frames = [];
    this.#next = undefined;
  }

  #run(): void {
    frameTurns.run(() => this.#step());
    this.#isWaiting = this.#at < this.#frames.length;
  }

  #step(): boolean {
    if (this.#closed) return false;
    const waitMs = this.#handleNext(performance.now());
    if (waitMs > 0 && !this.#ended) {
      this.#timer = setTimeout(() => this.#run(), Math.ceil(waitMs));
      this.#timer.unref();
      return false;
    }
    if (waitMs === 0 && this.#at < this.#frames.length) return true;
    this.#frames = [];
    this.#at = 0;
    this.#isWaiting = false;
    this.#ended?.();
    return false;
  }

  /** Returns how long the next frame has to wait; 0 where it was handled. */
  #handleNext(now: number): number {
    const frame = this.#frames[this.#at]!;
    const isText = frame.type === FRAME_JSON;
    if (!this.#next) {
      const waitMs = this.#budget.takeBytes(frame.payload.length, isText, now);
      if (waitMs > 0) return this.#over(isText ? 'textBytes' : 'linkBytes', waitMs);
      this.#next = this.#parts.read(frame);
    }
    const { budget } = this.#next;
    const verdict = budget === undefined ? 0 : this.#budget.takeFrame(budget, now);
    if (budget !== undefined && typeof verdict === 'number' && verdict > 0)
      return this.#over(budget, verdict);
    const { handle } = this.#next;
    this.#next = undefined;
    this.#isCounted = false;
    this.#at += 1;
    this.#waitingBytes -= frame.payload.length;
    this.#readOrNot();
    if (budget !== undefined && verdict === 'dropped') this.#parts.over(budget, true);
    else handle();
    return 0;
  }

  #over(name: BudgetName, waitMs: number): number {
    if (!this.#isCounted) this.#parts.over(name, false);
    this.#isCounted = true;
    return waitMs;
  }

  #readOrNot(): void {
    const isReading = this.#waitingBytes <= MAX_WAITING_BYTES;
    if (this.#closed || isReading === this.#isReading) return;
    this.#isReading = isReading;
    this.#parts.reading(isReading);
  }
}

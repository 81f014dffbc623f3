import type { Fragment } from '../model/index.ts';

/** How many fragments one delivery carries at most: a second and a quarter of speech, 128 × 10 ms. */
const BATCH_FRAGMENTS = 128;

/** Why a stream ended. `all`: every fragment that the manifest counts has been delivered. */
export type StreamEnd = 'all' | 'stopped' | 'deleted' | 'damaged' | 'failed' | 'closed';

/** Receives fragments. The next ones are delivered when its promise has resolved. */
export type StreamListener = (fragments: Fragment[]) => void | Promise<void>;

/** What a stream reads from. */
export interface StreamSource {
  /** Resolves once it is known which fragments are held. */
  ready(): Promise<void>;
  /** The lowest number held at or after `n`. */
  next(n: number): number | undefined;
  readNow(numbers: readonly number[]): Fragment[] | undefined;
  read(numbers: readonly number[]): Promise<Fragment[]>;
  /** Whether the manifest is known and as many fragments as it counts are held. */
  allHeld(): boolean;
}

/**
 * Delivers a message from fragment `from` on: the held fragments in ascending order, then the others as they arrive. Every
 * fragment is delivered exactly once, also one that fills an earlier gap.
 */
export class FragmentStream {
  readonly done: Promise<StreamEnd>;
  readonly #source: StreamSource;
  readonly #listener: StreamListener;
  readonly #from: number;
  /** All held fragments below this number have been delivered, except those in `#late`. */
  #cursor: number;
  #late: number[] = [];
  #wake: (() => void) | undefined;
  #ended = false;
  #finish: (end: StreamEnd) => void = () => undefined;

  constructor(source: StreamSource, from: number, listener: StreamListener) {
    this.#source = source;
    this.#from = from;
    this.#cursor = from;
    this.#listener = listener;
    this.done = new Promise((resolve) => (this.#finish = resolve));
    void this.#run();
  }

  /** Fragment `n` is held now. */
  arrived(n: number): void {
    if (n < this.#cursor && n >= this.#from) this.#late.push(n);
    this.poke();
  }

  /** Something changed: look again. */
  poke(): void {
    this.#wake?.();
  }

  end(reason: StreamEnd): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#finish(reason);
    this.poke();
  }

  async #run(): Promise<void> {
    try {
      await this.#source.ready();
      while (!this.#ended) await this.#step();
    } catch {
      this.end('failed');
    }
  }

  async #step(): Promise<void> {
    const numbers = this.#take();
    if (numbers.length > 0) {
      const fragments = this.#source.readNow(numbers) ?? (await this.#source.read(numbers));
      if (!this.#ended && fragments.length > 0) await this.#listener(fragments);
      return;
    }
    const isWhole = this.#source.allHeld();
    if (isWhole) {
      this.end('all');
      return;
    }
    await new Promise<void>((resolve) => (this.#wake = resolve));
    this.#wake = undefined;
  }

  #take(): number[] {
    if (this.#late.length > 0) return this.#late.splice(0, BATCH_FRAGMENTS);
    const numbers: number[] = [];
    while (numbers.length < BATCH_FRAGMENTS) {
      const n = this.#source.next(this.#cursor);
      if (n === undefined) break;
      numbers.push(n);
      this.#cursor = n + 1;
    }
    return numbers;
  }
}

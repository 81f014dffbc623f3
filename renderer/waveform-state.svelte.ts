import { SvelteMap } from 'svelte/reactivity';
import type { MessageSummary, NodeApi, Waveform } from '../preload/api.ts';

/** Waveforms that are asked for at the same time. The others wait; the row that came into view last goes first. */
const AT_ONCE = 3;
/** The panel asks for waveforms after this long without a new row in view: not for rows that are only scrolled past. */
const REST_MS = 120;
/** The number of waveforms that are kept; a drawn one costs about a kilobyte. */
const REMEMBERED = 600;

interface Wanted {
  readonly id: string;
  readonly stamp: string;
}

/** The messages' waveforms, asked for when their rows are seen. */
export class WaveformState {
  readonly #api: NodeApi;
  readonly #known = new SvelteMap<string, Waveform>();
  readonly #stamps = new Map<string, string>();
  readonly #queue: Wanted[] = [];
  /** The messages whose rows came into view and have not rested yet. */
  readonly #seen = new Set<Wanted>();
  /** When the last of them came into view, by the page's clock. */
  #seenAt = 0;
  #isResting = false;
  #asking = 0;

  constructor(api: NodeApi) {
    this.#api = api;
  }

  /** The known part of a waveform; components that use it follow when more arrives. */
  of(id: string): Waveform | undefined {
    return this.#known.get(id);
  }

  /** A row came into view: asks for its waveform, unless that is known. The function that is returned takes it back. */
  want({ id, complete, durationMs }: MessageSummary): () => void {
    const stamp = `${complete} ${durationMs}`;
    if (this.#stamps.get(id) === stamp) return () => undefined;
    const wanted = { id, stamp };
    this.#seen.add(wanted);
    this.#seenAt = performance.now();
    if (!this.#isResting) this.#rest(REST_MS);
    return () => {
      this.#seen.delete(wanted);
      const at = this.#queue.indexOf(wanted);
      if (at >= 0) this.#queue.splice(at, 1);
    };
  }

  /** One timer that is set again when it is over: rows that fly by would set it a hundred times a second. */
  #rest(ms: number): void {
    this.#isResting = true;
    setTimeout(() => {
      const missing = this.#seenAt + REST_MS - performance.now();
      if (missing > 0) return this.#rest(missing);
      this.#isResting = false;
      this.#queue.push(...this.#seen);
      this.#seen.clear();
      this.#next();
    }, ms);
  }

  /** Asks again for one that grows. */
  refresh(id: string): void {
    if (this.#queue.some((wanted) => wanted.id === id)) return;
    this.#queue.push({ id, stamp: '' });
    this.#next();
  }

  forget(id: string): void {
    this.#known.delete(id);
    this.#stamps.delete(id);
  }

  #next(): void {
    while (this.#asking < AT_ONCE) {
      const wanted = this.#queue.pop();
      if (!wanted) return;
      this.#asking += 1;
      void this.#ask(wanted).finally(() => {
        this.#asking -= 1;
        this.#next();
      });
    }
  }

  /** A message without a waveform keeps its line; the person needs no message about it. */
  async #ask({ id, stamp }: Wanted): Promise<void> {
    const waveform = await this.#api.call('waveform', { id }).catch(() => null);
    if (!waveform) return;
    this.#stamps.delete(id);
    this.#stamps.set(id, stamp);
    this.#known.set(id, waveform);
    const [oldest] = this.#stamps.keys();
    if (this.#stamps.size > REMEMBERED && oldest !== undefined) this.forget(oldest);
  }
}

import type { Clock } from '../model/index.ts';
import { arrivalOf, type Arrival, type Entry } from './stored-message.ts';

/** Gives messages their places in the order in which they come to this node, whatever its clock or their talkers' clocks say. */
export class Arrivals {
  readonly #clock: Clock;
  #lastPlace = -1;
  #lastAt: number | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** When the last message before this start had come, ms since the epoch by the clock of then; undefined: there is none. */
  get lastAt(): number | undefined {
    return this.#lastAt;
  }

  /** A message was here before the store was opened: those that come from now on have their places behind it. */
  learn(entry: Entry): void {
    const { place, at } = arrivalOf(entry);
    if (place <= this.#lastPlace) return;
    this.#lastPlace = place;
    this.#lastAt = at;
  }

  /** A message comes now. Places are like the time, so that an older one finds its own, but they only rise. */
  next(): Arrival {
    const at = this.#clock.now();
    this.#lastPlace = Math.max(this.#lastPlace + 1, at);
    return { place: this.#lastPlace, at };
  }

  /** A message comes now that others had long ago: it has its place among the earlier ones, as far as its talker's clock can be right. */
  older(startedAt: number): Arrival {
    const at = this.#clock.now();
    return { place: Math.min(startedAt, at), at };
  }
}

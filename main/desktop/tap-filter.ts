/** Two taps are told apart by this much silence; it outlasts the 660 ms after which X11 begins to repeat. */
export const TAP_GAP_MS = 800;

/** A system's shortcut tells no release and repeats while its key is held: of each hold only the first counts. Pure. */
export class TapFilter {
  readonly #last = new Map<string, number>();

  /** Whether this is a tap of its own. `now`: milliseconds of any steady clock. */
  passes(key: string, now: number): boolean {
    const last = this.#last.get(key);
    this.#last.set(key, now);
    return last === undefined || now - last >= TAP_GAP_MS;
  }
}

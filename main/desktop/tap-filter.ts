/** A press after this much silence is a new tap, ms. X11 begins to repeat a held key after 660 ms. */
export const TAP_GAP_MS = 800;

/** A system shortcut reports no release and repeats while its key is held: only the first press of a hold counts. Pure. */
export class TapFilter {
  readonly #last = new Map<string, number>();

  /** Whether this press is a new tap. `now`: milliseconds of any steady clock. */
  passes(key: string, now: number): boolean {
    const last = this.#last.get(key);
    this.#last.set(key, now);
    return last === undefined || now - last >= TAP_GAP_MS;
  }
}

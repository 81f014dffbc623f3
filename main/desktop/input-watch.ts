/** The system reports its idle time in whole seconds, so inputs that differ by less are the same one, ms. */
const SAME_INPUT_MS = 1500;

/** At the first look an input counts as new if it is not older than this, ms. */
const JUST_NOW_MS = 5000;

/** Detects input since the last look, from the system's idle time. Pure. */
export class InputWatch {
  #lastAt: number | undefined;

  /**
   * Whether there was input since the last look.
   * @param idleS the time since the last input, s
   * @param now ms of one clock
   */
  look(idleS: number, now: number): boolean {
    const at = now - idleS * 1000;
    const isNew = this.#lastAt === undefined ? now - at < JUST_NOW_MS : at - this.#lastAt > SAME_INPUT_MS;
    if (isNew || this.#lastAt === undefined) this.#lastAt = at;
    return isNew;
  }
}

/** The system tells its idle time in whole seconds: what differs by less is the same input, ms. */
const SAME_INPUT_MS = 1500;

/** What the first look finds is an input of now where it is not older, ms. */
const JUST_NOW_MS = 5000;

/** Whether somebody touched the computer since the last look, from for how long the system has seen no input. Pure. */
export class InputWatch {
  #lastAt: number | undefined;

  /**
   * @param idleS for how long nobody touched it, s
   * @param now ms of one clock
   */
  look(idleS: number, now: number): boolean {
    const at = now - idleS * 1000;
    const isNew = this.#lastAt === undefined ? now - at < JUST_NOW_MS : at - this.#lastAt > SAME_INPUT_MS;
    if (isNew || this.#lastAt === undefined) this.#lastAt = at;
    return isNew;
  }
}

const WIDTH = 64;
const ALL = (1n << BigInt(WIDTH)) - 1n;

/** Rejects repeated packets of a sender. The last 64 of its present start may come in any order. */
export class ReplayWindow {
  #boot = 0;
  #highest = -1;
  #seen = 0n;

  /** The highest boot number that was seen; 0: none. */
  get boot(): number {
    return this.#boot;
  }

  isNew(boot: number, seq: number): boolean {
    if (boot !== this.#boot) return boot > this.#boot;
    const behind = this.#highest - seq;
    if (behind < 0) return true;
    return behind < WIDTH && ((this.#seen >> BigInt(behind)) & 1n) === 0n;
  }

  /** Notes a new packet. */
  note(boot: number, seq: number): void {
    if (boot !== this.#boot) {
      this.#boot = boot;
      this.#highest = seq;
      this.#seen = 1n;
      return;
    }
    const ahead = seq - this.#highest;
    if (ahead > 0) {
      this.#seen = ahead < WIDTH ? ((this.#seen << BigInt(ahead)) | 1n) & ALL : 1n;
      this.#highest = seq;
    } else this.#seen |= 1n << BigInt(-ahead);
  }
}

/** How many packets have a sequence number before it begins again at 0. */
export const SEQUENCES = 0x1_0000;
const HALF = SEQUENCES / 2;

/**
 * Which packet of a stream without end a sequence number means (RFC 3711 §3.3.1, Appendix A): the index nearest to the highest one
 * that was authentic. Pure.
 */
export class PacketIndex {
  /** s_l and ROC in one number. */
  #highest: number | undefined;

  /** 2^16 · ROC + SEQ. Nothing is learnt by this: the packet may be forged. */
  estimate(sequence: number): number {
    if (this.#highest === undefined) return sequence;
    const rollover = rolloverOf(this.#highest);
    const last = sequenceOf(this.#highest);
    let guess = rollover;
    if (last < HALF) {
      if (sequence - last > HALF) guess = rollover - 1;
    } else if (last - HALF > sequence) {
      guess = rollover + 1;
    }
    // Before the first packet there is none.
    return Math.max(0, guess) * SEQUENCES + sequence;
  }

  /** The packet with this index turned out to be authentic. */
  accepted(n: number): void {
    this.#highest = Math.max(this.#highest ?? 0, n);
  }
}

/** RFC 3711's rollover counter: how often the sequence number had begun again. */
export function rolloverOf(n: number): number {
  return Math.floor(n / SEQUENCES);
}

export function sequenceOf(n: number): number {
  return n % SEQUENCES;
}

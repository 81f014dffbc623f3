import type { MessageId, NodeId } from '../model/index.ts';
import { BEGUN_WITHIN_MS, LOST_ITS_END_MS, MAX_ARRIVING, MAX_SPOKEN_OF_TALKER } from './limits.ts';

interface Arrival {
  readonly talker: NodeId;
  /** When its header came, ms. */
  readonly at: number;
  /** Its manifest is known; its last fragments may still be on their way. */
  ended: boolean;
}

/** How a message that begins may arrive. */
export interface Admission {
  /** Whether it may arrive by datagram. */
  readonly isIn: boolean;
  /** Earlier messages that make room: their fragments come over a link from now on. */
  readonly giveWay: readonly MessageId[];
  /** The talker begins more messages at once than a person can speak. */
  readonly isTooMuch: boolean;
}

/** Nobody is speaking such a message now: it does not arrive by datagram. */
export const COMES_BY_LINK: Admission = { isIn: false, giveWay: [], isTooMuch: false };

/**
 * The messages that arrive by datagram, in the order in which they began. Each has a receiver in the media worker. Only the newest
 * messages of a talker arrive this way, since a person speaks one at a time. Pure; times are ms of one clock.
 */
export class Arriving {
  readonly #arrivals = new Map<MessageId, Arrival>();

  has(id: MessageId): boolean {
    return this.#arrivals.has(id);
  }

  /** The messages that arrive by datagram now. */
  get all(): readonly { readonly id: MessageId; readonly talker: NodeId }[] {
    return [...this.#arrivals].map(([id, { talker }]) => ({ id, talker }));
  }

  begin(id: MessageId, talker: NodeId, now: number): Admission {
    const giveWay = this.#all(({ at }) => now - at > LOST_ITS_END_MS);
    const spoken = this.#all((one) => one.talker === talker && !one.ended).filter(
      (one) => !giveWay.includes(one),
    );
    const excess = spoken.slice(0, Math.max(0, spoken.length + 1 - MAX_SPOKEN_OF_TALKER));
    const isTooMuch = excess.some((one) => now - (this.#arrivals.get(one)?.at ?? 0) < BEGUN_WITHIN_MS);
    giveWay.push(...excess);
    if (this.#arrivals.size - giveWay.length >= MAX_ARRIVING)
      giveWay.push(
        ...this.#all(({ ended }) => ended)
          .filter((one) => !giveWay.includes(one))
          .slice(0, 1),
      );
    for (const one of giveWay) this.#arrivals.delete(one);
    const isIn = this.#arrivals.size < MAX_ARRIVING;
    if (isIn) this.#arrivals.set(id, { talker, at: now, ended: false });
    return { isIn, giveWay, isTooMuch };
  }

  ended(id: MessageId): void {
    const arrival = this.#arrivals.get(id);
    if (arrival) arrival.ended = true;
  }

  /** It is whole, or gone. */
  settled(id: MessageId): void {
    this.#arrivals.delete(id);
  }

  #all(which: (arrival: Arrival) => boolean): MessageId[] {
    return [...this.#arrivals].filter(([, arrival]) => which(arrival)).map(([id]) => id);
  }
}

import { BUDGETS } from '../model/index.ts';
import { KEEP_EARLY_MS } from './early-fragments.ts';
import type { Packet } from './protocol.ts';

const IN_ALL = BUDGETS.packetsAtRest.inAll.atOnce;
const PER_ADDRESS = BUDGETS.packetsAtRest.perPeer.atOnce;

interface Kept {
  readonly packet: Packet;
  readonly at: number;
}

/**
 * The packets that came to the media port while there is no worker: a talker sends fragments before the header has come that
 * calls for a worker. After two seconds neither the worker nor anybody else has a use for them. Times are ms of one clock.
 */
export class PacketsAtRest {
  /** In the order in which they came. */
  #kept: Kept[] = [];

  put(packet: Packet, now: number): void {
    this.#expire(now);
    const { address } = packet.from;
    const ofAddress = this.#kept.filter((kept) => kept.packet.from.address === address);
    const oldest = ofAddress.length >= PER_ADDRESS ? ofAddress[0] : this.#kept[0];
    if (oldest && (ofAddress.length >= PER_ADDRESS || this.#kept.length >= IN_ALL))
      this.#kept.splice(this.#kept.indexOf(oldest), 1);
    this.#kept.push({ packet, at: now });
  }

  /** Takes out those that may still be of use, in the order in which they came. */
  take(now: number): Packet[] {
    this.#expire(now);
    return this.#kept.splice(0).map(({ packet }) => packet);
  }

  #expire(now: number): void {
    const first = this.#kept.findIndex(({ at }) => now - at <= KEEP_EARLY_MS);
    this.#kept.splice(0, first === -1 ? this.#kept.length : first);
  }
}

import type { Limit } from './budget.ts';
import { BUDGETS } from './budgets.ts';

const KEPT_FOR_FAVOURED = BUDGETS.keptPlaces.inAll.atOnce;

/** The limits for one address and for all together. */
interface Places {
  readonly perPeer: Limit;
  readonly inAll: Limit;
}

interface Place {
  readonly address: string;
  readonly isFavoured: boolean;
}

/**
 * Limits unproven connections: those not known yet to be a member's. A member proves itself within milliseconds, so the oldest is the
 * least likely to be a member's: when all places are taken it is closed, and the newest gets its place.
 */
export class Admission<Connection> {
  readonly #isFavoured: (address: string) => boolean;
  readonly #places: number;
  readonly #placesPerAddress: number;
  /** The connections, in the order in which they came. */
  readonly #taken = new Map<Connection, Place>();

  /** @param isFavoured whether a member is likely to connect from that address; some places are kept for such addresses */
  constructor({ inAll, perPeer }: Places, isFavoured: (address: string) => boolean) {
    this.#isFavoured = isFavoured;
    this.#places = inAll.atOnce;
    this.#placesPerAddress = perPeer.atOnce;
  }

  get connections(): Connection[] {
    return [...this.#taken.keys()];
  }

  has(connection: Connection): boolean {
    return this.#taken.has(connection);
  }

  /** Adds a connection. Returns the one to be closed for it, if any, which may be the new one itself. */
  arrive(connection: Connection, address: string): Connection | undefined {
    const place = { address, isFavoured: this.#isFavoured(address) };
    const goes = this.#goesFor(place);
    if (goes === 'newcomer') return connection;
    if (goes !== undefined) this.#taken.delete(goes);
    this.#taken.set(connection, place);
    return goes;
  }

  /** Removes a connection that has proven itself, or has ended. False if it had no place. */
  leave(connection: Connection): boolean {
    return this.#taken.delete(connection);
  }

  #goesFor({ address, isFavoured }: Place): Connection | 'newcomer' | undefined {
    const ofAddress = this.#where((place) => place.address === address);
    if (ofAddress.length >= this.#placesPerAddress) return ofAddress[0];
    const others = this.#where((place) => !place.isFavoured);
    const isFull = this.#taken.size >= this.#places;
    if (isFavoured) return isFull ? (others[0] ?? this.connections[0]) : undefined;
    if (!isFull && others.length < this.#places - KEPT_FOR_FAVOURED) return undefined;
    return others[0] ?? 'newcomer';
  }

  #where(passes: (place: Place) => boolean): Connection[] {
    return [...this.#taken].filter(([, place]) => passes(place)).map(([connection]) => connection);
  }
}

import type { Limit } from './budget.ts';
import { BUDGETS } from './budgets.ts';

const KEPT_FOR_FAVOURED = BUDGETS.keptPlaces.inAll.atOnce;

/** How many of one address, and how many in all. */
interface Places {
  readonly perPeer: Limit;
  readonly inAll: Limit;
}

interface Place {
  readonly address: string;
  readonly isFavoured: boolean;
}

/**
 * The connections of which nobody knows yet whether a member made them. A member proves that within milliseconds, so the
 * oldest is the least likely to be one: where there is no place it goes, and the newest gets in.
 */
export class Admission<Connection> {
  readonly #isFavoured: (address: string) => boolean;
  readonly #places: number;
  readonly #placesPerAddress: number;
  /** In the order in which they came. */
  readonly #taken = new Map<Connection, Place>();

  /** @param isFavoured whether a member is likely to connect from there: some places are kept for such addresses */
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

  /** One more has come. Returns which one has to go for it, if any; it may be the newcomer itself. */
  arrive(connection: Connection, address: string): Connection | undefined {
    const place = { address, isFavoured: this.#isFavoured(address) };
    const goes = this.#goesFor(place);
    if (goes === 'newcomer') return connection;
    if (goes !== undefined) this.#taken.delete(goes);
    this.#taken.set(connection, place);
    return goes;
  }

  /** It has proven itself, or is gone. False where it had no place. */
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

import { BUDGETS } from '../model/index.ts';

const PLACES = BUDGETS.unproven.inAll.atOnce;
const PLACES_PER_ADDRESS = BUDGETS.unproven.perPeer.atOnce;
const KEPT_FOR_FAVOURED = BUDGETS.keptPlaces.inAll.atOnce;

interface Place {
  readonly address: string;
  readonly isFavoured: boolean;
}

/**
 * The connections that have proven nothing yet. A member proves itself within milliseconds, so the oldest is the least
 * likely to be one: where there is no place it goes, and the newest gets in.
 */
export class Admission<Connection> {
  readonly #isFavoured: (address: string) => boolean;
  /** In the order in which they came. */
  readonly #places = new Map<Connection, Place>();

  /** @param isFavoured whether a member is likely to connect from there: some places are kept for such addresses */
  constructor(isFavoured: (address: string) => boolean) {
    this.#isFavoured = isFavoured;
  }

  get connections(): Connection[] {
    return [...this.#places.keys()];
  }

  has(connection: Connection): boolean {
    return this.#places.has(connection);
  }

  /** One more has come. Returns which one has to go for it, if any; it may be the newcomer itself. */
  arrive(connection: Connection, address: string): Connection | undefined {
    const place = { address, isFavoured: this.#isFavoured(address) };
    const goes = this.#goesFor(place);
    if (goes === 'newcomer') return connection;
    if (goes !== undefined) this.#places.delete(goes);
    this.#places.set(connection, place);
    return goes;
  }

  /** It has proven itself, or is gone. False where it had no place. */
  leave(connection: Connection): boolean {
    return this.#places.delete(connection);
  }

  #goesFor({ address, isFavoured }: Place): Connection | 'newcomer' | undefined {
    const ofAddress = this.#where((place) => place.address === address);
    if (ofAddress.length >= PLACES_PER_ADDRESS) return ofAddress[0];
    const others = this.#where((place) => !place.isFavoured);
    const isFull = this.#places.size >= PLACES;
    if (isFavoured) return isFull ? (others[0] ?? this.connections[0]) : undefined;
    if (!isFull && others.length < PLACES - KEPT_FOR_FAVOURED) return undefined;
    return others[0] ?? 'newcomer';
  }

  #where(passes: (place: Place) => boolean): Connection[] {
    return [...this.#places].filter(([, place]) => passes(place)).map(([connection]) => connection);
  }
}

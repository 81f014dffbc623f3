import type { LocalizedText } from '../../i18n/index.ts';
import type { SavedAddresses } from '../discovery/index.ts';
import { addressKey, CorridorError, faults, type Schedule } from '../model/index.ts';
import type { ControlLink } from '../signalling/index.ts';
import type { JoinOutcome } from './join-outcome.ts';
import type { Finder, OfficeNetwork, SocketAddress } from './ports.ts';

/** A place that did not let this node in is asked again after this time, ms. */
export const AGAIN_MS = 2_000;
/** A place that refused for good is asked again after this many times `AGAIN_MS`. */
const RESTS = 30;
const REFUSALS_FOR_GOOD = 2;
/** After this many attempts without a link a place counts as empty. */
const DIALS_IN_VAIN = 4;
/** At most this many places are remembered. */
const MAX_PLACES = 64;
const MAX_DIALS = 4;

/** The result of asking at one place. */
export type PlaceAnswer =
  /** No node answered. */
  | { readonly kind: 'nothing' }
  /** `weight`: how much it counts as a refusal; 0: only not now. */
  | { readonly kind: 'refused'; readonly why: LocalizedText; readonly weight: number };

interface OfficeSearchParts {
  readonly network: Pick<OfficeNetwork, 'finder' | 'lookUp'>;
  readonly interfaces: readonly string[];
  readonly addresses: SavedAddresses;
  readonly schedule: Schedule;
  /** The tag of the office, eight hex digits. */
  readonly tag: string;
  /** Is called with the announced name of the office. */
  readonly named?: (name: string) => void;
  /** The number of places that are asked at once. */
  readonly talks: number;
  readonly dial: (at: SocketAddress) => Promise<ControlLink>;
  /** Asks over this link. Resolves with the outcome. */
  readonly talk: (link: ControlLink, at: SocketAddress) => Promise<PlaceAnswer>;
  readonly outcome: JoinOutcome;
}

interface Place {
  readonly at: SocketAddress;
  refusals: number;
  /** Failed attempts since the last link. */
  dialsInVain: number;
  isAsked: boolean;
  isDue: boolean;
  rests: number;
}

/**
 * Asks at every place where the office may be: found by mDNS, given by a person, or named by a node. A single refusal proves nothing,
 * since any computer on the LAN can announce the office's tag. The search ends once every known place at which a node answers has
 * refused twice.
 */
export class OfficeSearch {
  readonly #parts: OfficeSearchParts;
  readonly #finder: Finder;
  /** Places by address and port; the one that was asked longest ago comes first. */
  #places = new Map<string, Place>();
  #dials = 0;
  #asked = 0;
  /** The first final refusal. */
  #why: LocalizedText | undefined;
  #lastWhy: LocalizedText | undefined;
  #cancel: (() => void) | undefined;
  #stopping: Promise<void> | undefined;

  constructor(parts: OfficeSearchParts) {
    const { network, interfaces, tag, named } = parts;
    this.#parts = parts;
    const found: Parameters<OfficeNetwork['finder']>[1]['found'] = (one) => {
      if (one.officeTag !== tag) return;
      if (one.officeName !== undefined) named?.(one.officeName);
      for (const address of one.addresses) this.know({ address, port: one.controlPort });
    };
    this.#finder = network.finder({ interfaces }, { found, foundAgain: found });
  }

  start(): void {
    this.#finder.start();
    this.#tick();
  }

  stop(): Promise<void> {
    this.#cancel?.();
    this.#stopping ??= this.#finder.stop();
    return this.#stopping;
  }

  /** Adds a place where the office may be. */
  know(at: SocketAddress): void {
    const key = addressKey(at);
    if (!this.#places.has(key)) {
      this.#makeRoom();
      this.#places.set(key, { at, refusals: 0, dialsInVain: 0, isAsked: false, isDue: true, rests: 0 });
    }
    this.#askDue();
  }

  /** Asks that place next. */
  askFirst(at: SocketAddress): void {
    this.know(at);
    const key = addressKey(at);
    const place = this.#places.get(key);
    if (place) this.#places = new Map([[key, place], ...this.#places]);
  }

  #tick(): void {
    const { addresses, schedule, outcome } = this.#parts;
    if (outcome.isOver) return;
    for (const place of this.#places.values()) {
      place.rests -= 1;
      if (place.rests <= 0) place.isDue = true;
    }
    for (const given of addresses.given) void this.#lookUp(given);
    this.#askDue();
    this.#cancel = schedule(() => this.#tick(), AGAIN_MS);
  }

  async #lookUp({ host, port }: { readonly host: string; readonly port: number }): Promise<void> {
    const address = await this.#parts.network.lookUp(host).catch(() => undefined);
    if (address !== undefined) this.know({ address, port });
  }

  #askDue(): void {
    const { outcome, talks } = this.#parts;
    for (const [key, place] of [...this.#places]) {
      if (outcome.isOver || this.#dials >= MAX_DIALS || this.#asked >= talks) return;
      if (!place.isDue || place.isAsked) continue;
      this.#places.delete(key);
      this.#places.set(key, place);
      place.isDue = false;
      place.isAsked = true;
      this.#asked += 1;
      void this.#ask(key, place).finally(() => {
        place.isAsked = false;
        this.#asked -= 1;
        this.#askDue();
      });
    }
  }

  async #ask(key: string, place: Place): Promise<void> {
    const link = await this.#dial(key, place);
    if (!link) return;
    const { outcome, talk } = this.#parts;
    try {
      if (outcome.isOver) return;
      const answer = await talk(link, place.at);
      if (answer.kind === 'refused') this.#refused(place, answer);
    } catch (error) {
      faults.tell('a search', error);
    } finally {
      link.close();
    }
  }

  async #dial(key: string, place: Place): Promise<ControlLink | undefined> {
    this.#dials += 1;
    try {
      const link = await this.#parts.dial(place.at);
      place.dialsInVain = 0;
      return link;
    } catch (error) {
      // A node of another office is there, or none at all.
      if (error instanceof CorridorError && error.code === 'wrong-office') this.#places.delete(key);
      place.dialsInVain += 1;
      this.#judge();
      return undefined;
    } finally {
      this.#dials -= 1;
    }
  }

  #refused(place: Place, { why, weight }: Extract<PlaceAnswer, { kind: 'refused' }>): void {
    place.refusals += weight;
    if (place.refusals >= REFUSALS_FOR_GOOD) place.rests = RESTS;
    // Only the first refusal is shown: a second one often just says that the first request is still known.
    if (!this.#why) this.#parts.outcome.show(why);
    if (weight >= 1) this.#why ??= why;
    this.#lastWhy = why;
    this.#judge();
  }

  #judge(): void {
    const places = [...this.#places.values()];
    const isHopeless = places.every(
      ({ refusals, dialsInVain }) => refusals >= REFUSALS_FOR_GOOD || dialsInVain >= DIALS_IN_VAIN,
    );
    const why = this.#why ?? this.#lastWhy;
    if (places.length > 0 && isHopeless && why) this.#parts.outcome.fail(why);
  }

  /** Drops the oldest place. */
  #makeRoom(): void {
    if (this.#places.size < MAX_PLACES) return;
    const oldest = [...this.#places].find(([, { isAsked }]) => !isAsked)?.[0] ?? [...this.#places.keys()][0];
    if (oldest !== undefined) this.#places.delete(oldest);
  }
}

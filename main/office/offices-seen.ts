import { addressKey, NewestMap, type Schedule } from '../model/index.ts';
import type { Finder, OfficeNetwork, SocketAddress } from './ports.ts';

/** The search ends this long after `list` was called last, ms. */
const LOOK_MS = 30_000;
/** More offices than one LAN has. Beyond it the one that was heard longest ago is dropped. */
const MAX_OFFICES = 64;
/** So many of an office's places are remembered, those that were heard last. */
const MAX_PLACES = 8;

/** What was announced of an office. */
export interface OfficeSeen {
  readonly name: string | undefined;
  /** Where its nodes say that they take links, the one that was heard last first. */
  readonly places: readonly SocketAddress[];
}

interface OfficesSeenParts {
  readonly network: OfficeNetwork;
  readonly interfaces: readonly string[];
  readonly schedule: Schedule;
}

/** Offices that are announced on the LAN, for a node that is in none. It searches only while `list` is called. Nothing is proven. */
export class OfficesSeen {
  readonly #parts: OfficesSeenParts;
  /** By tag, eight hex digits. */
  readonly #seen = new NewestMap<string, OfficeSeen>(MAX_OFFICES);
  #finder: Finder | undefined;
  #cancel: (() => void) | undefined;

  constructor(parts: OfficesSeenParts) {
    this.#parts = parts;
  }

  /** The offices seen so far. The search goes on as long as this is called. */
  list(): { readonly tag: string; readonly name: string | undefined }[] {
    this.#cancel?.();
    this.#cancel = this.#parts.schedule(() => void this.stop(), LOOK_MS);
    if (!this.#finder) this.#look();
    return [...this.#seen].map(([tag, { name }]) => ({ tag, name }));
  }

  /** @param tag eight hex digits */
  of(tag: string): OfficeSeen | undefined {
    return this.#seen.get(tag);
  }

  async stop(): Promise<void> {
    this.#cancel?.();
    this.#cancel = undefined;
    const finder = this.#finder;
    this.#finder = undefined;
    this.#seen.clear();
    await finder?.stop();
  }

  #look(): void {
    const { network, interfaces } = this.#parts;
    this.#finder = network.finder(
      { interfaces, isKnown: () => true },
      {
        found: ({ officeTag, officeName, addresses, controlPort }) => {
          if (!this.#finder) return;
          const before = this.#seen.get(officeTag);
          const heard = addresses.map((address) => ({ address, port: controlPort }));
          const places = new Map([...heard, ...(before?.places ?? [])].map((at) => [addressKey(at), at]));
          this.#seen.set(officeTag, {
            // An announcement without a name does not remove a known one.
            name: officeName ?? before?.name,
            places: [...places.values()].slice(0, MAX_PLACES),
          });
        },
      },
    );
    this.#finder.start();
  }
}

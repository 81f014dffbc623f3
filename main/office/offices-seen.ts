import { NewestMap, type Schedule } from '../model/index.ts';
import type { Finder, OfficeNetwork } from './ports.ts';

/** The search ends this long after `list` was called last, ms. */
const LOOK_MS = 30_000;
/** More offices than one LAN has. Beyond it the one that was heard longest ago is dropped. */
const MAX_OFFICES = 64;

interface OfficesSeenParts {
  readonly network: OfficeNetwork;
  readonly interfaces: readonly string[];
  readonly schedule: Schedule;
}

/** Offices that are announced on the LAN, for a node that is in none. It searches only while `list` is called. Nothing is proven. */
export class OfficesSeen {
  readonly #parts: OfficesSeenParts;
  /** Name by tag, eight hex digits. */
  readonly #seen = new NewestMap<string, string | undefined>(MAX_OFFICES);
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
    return [...this.#seen].map(([tag, name]) => ({ tag, name }));
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
        found: ({ officeTag, officeName }) => {
          if (!this.#finder) return;
          // An announcement without a name does not remove a known one.
          const name = officeName ?? this.#seen.get(officeTag);
          this.#seen.set(officeTag, name);
        },
      },
    );
    this.#finder.start();
  }
}

import { NewestMap, type Schedule } from '../model/index.ts';
import type { Finder, OfficeNetwork } from './ports.ts';

/** Looks no longer than this after somebody asked last. */
const LOOK_MS = 30_000;
/** More offices than one LAN has. The one that was heard longest ago makes room. */
const MAX_OFFICES = 64;

export interface OfficesSeenParts {
  readonly network: OfficeNetwork;
  readonly interfaces: readonly string[];
  readonly schedule: Schedule;
}

/** What a node that is in no office hears of others, while somebody looks. Nothing of it is proven. */
export class OfficesSeen {
  readonly #parts: OfficesSeenParts;
  /** Name by tag, eight hex digits. */
  readonly #seen = new NewestMap<string, string | undefined>(MAX_OFFICES);
  #finder: Finder | undefined;
  #cancel: (() => void) | undefined;

  constructor(parts: OfficesSeenParts) {
    this.#parts = parts;
  }

  /** Those seen so far. Looks on for as long as this is asked. */
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
      { interfaces },
      {
        found: ({ officeTag, officeName }) => {
          if (!this.#finder) return;
          // A node that does not know the name yet takes none away.
          const name = officeName ?? this.#seen.get(officeTag);
          this.#seen.set(officeTag, name);
        },
      },
    );
    this.#finder.start();
  }
}

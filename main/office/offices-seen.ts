import type { Schedule } from '../model/index.ts';
import type { Finder, OfficeNetwork } from './ports.ts';

/** Looks no longer than this after somebody asked last. */
const LOOK_MS = 30_000;
/** More offices than one LAN has. */
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
  readonly #seen = new Map<string, string | undefined>();
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
          if (!this.#finder || (this.#seen.size >= MAX_OFFICES && !this.#seen.has(officeTag))) return;
          // A node that does not know the name yet takes none away.
          this.#seen.set(officeTag, officeName ?? this.#seen.get(officeTag));
        },
      },
    );
    this.#finder.start();
  }
}

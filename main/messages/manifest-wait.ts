import type { Schedule } from '../model/index.ts';
import type { StoredMessage } from '../store/index.ts';

/** The manifest of a message that is over follows its header over the link. So long it may take, ms. */
const FOLLOWS_MS = 300;

/** A message that ended this much before its header came was over by then: the clocks of two computers differ. Milliseconds. */
const CLOCKS_DIFFER_MS = 500;

/** Whether that moment was before the other, whosever clock it was told by. */
export function isLongBefore(moment: number, other: number): boolean {
  return other - moment >= CLOCKS_DIFFER_MS;
}

/**
 * Whether the message had ended when its header came. The manifest of a very short message may be here as early, while the key is
 * unwrapped, but that message is live.
 */
export function wasOver({ manifest }: StoredMessage, headerCameAt: number): boolean {
  return manifest !== undefined && isLongBefore(manifest.facts.endedAt, headerCameAt);
}

/** Waits for the manifest of a message whose header came late over a link. */
export class ManifestWait {
  readonly #schedule: Schedule;
  readonly #cancels = new Set<() => void>();

  constructor(schedule: Schedule) {
    this.#schedule = schedule;
  }

  /** Resolves when the manifest would be here. Never if this is closed meanwhile. */
  passed(): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.#schedule(() => {
        this.#cancels.delete(cancel);
        resolve();
      }, FOLLOWS_MS);
      this.#cancels.add(cancel);
    });
  }

  close(): void {
    for (const cancel of this.#cancels) cancel();
    this.#cancels.clear();
  }
}

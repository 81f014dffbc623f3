import type { Schedule } from '../model/index.ts';

/** The manifest of a message that is over follows its header over the link. So long it may take, ms. */
const FOLLOWS_MS = 300;

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

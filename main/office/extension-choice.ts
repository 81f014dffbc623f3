import type { Schedule } from '../model/index.ts';

/** Colleagues become known one shortly after the other: it is looked this often whether one of them has the extension. */
const LOOK_EVERY_MS = 200;
/** Two who join at the same moment may find the same: after so many looks without that, the extension is claimed. */
const QUIET_LOOKS = 10;

export interface ExtensionParts {
  /** The extension is one that the person did not choose, and is not claimed yet. */
  readonly isYielding: () => boolean;
  /** Colleagues are there, and what is known of the office comes from them. */
  readonly isMet: () => boolean;
  readonly isTaken: () => boolean;
  /** Takes the lowest one that is free, by what is known now. */
  readonly takeNext: () => void;
  /** It is this person's from now on. */
  readonly claim: () => void;
  readonly schedule: Schedule;
}

/**
 * The extension of who chose none: the lowest that is free in the office. Nobody can know it before the office is met, so until
 * then it gives way to whoever has it. Timers are injected.
 */
export class ExtensionChoice {
  readonly #parts: ExtensionParts;
  readonly #waiting = new Set<() => void>();
  #quietLooks = 0;
  #cancel: (() => void) | undefined;

  constructor(parts: ExtensionParts) {
    this.#parts = parts;
  }

  /** Who is there, or what is known of them, has changed. */
  changed(): void {
    if (this.#cancel || !this.#parts.isYielding() || !this.#parts.isMet()) return;
    this.#quietLooks = 0;
    this.#lookLater();
  }

  /** Resolves when it is free as far as the office is known, or was chosen; at the latest after this time, ms. */
  found(withinMs: number): Promise<void> {
    if (!this.#parts.isYielding()) return Promise.resolve();
    return new Promise((resolve) => {
      const cancel = this.#parts.schedule(() => done(), withinMs);
      const done = (): void => {
        cancel();
        this.#waiting.delete(done);
        resolve();
      };
      this.#waiting.add(done);
    });
  }

  close(): void {
    this.#cancel?.();
    this.#tellFound();
  }

  #lookLater(): void {
    this.#cancel = this.#parts.schedule(() => this.#look(), LOOK_EVERY_MS);
  }

  #look(): void {
    const { isYielding, isMet, isTaken, takeNext, claim } = this.#parts;
    if (isYielding() && isMet() && this.#quietLooks < QUIET_LOOKS) {
      if (isTaken()) {
        this.#quietLooks = 0;
        takeNext();
      } else {
        this.#quietLooks += 1;
        this.#tellFound();
      }
      return this.#lookLater();
    }
    this.#cancel = undefined;
    if (!isYielding()) this.#tellFound();
    else if (isMet()) claim();
  }

  #tellFound(): void {
    for (const done of [...this.#waiting]) done();
  }
}

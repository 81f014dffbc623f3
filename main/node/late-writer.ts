import type { Schedule } from '../model/index.ts';

/** Changes within this time are written at once, ms. What a crash takes is not older. */
const WRITE_AFTER_MS = 60_000;

interface LateWriterParts {
  /** Writes all as it is now. Rejects if the disk fails. */
  readonly save: () => Promise<void>;
  readonly failed: (error: Error) => void;
  readonly schedule: Schedule;
}

/** Writes a file that changes too often to be written at every change: at most once a minute, and when the node closes. */
export class LateWriter {
  readonly #parts: LateWriterParts;
  #cancel: (() => void) | undefined;
  #saving: Promise<void> = Promise.resolve();
  #isClosed = false;

  constructor(parts: LateWriterParts) {
    this.#parts = parts;
  }

  /** There is something new to write. */
  changed(): void {
    if (this.#isClosed) return;
    this.#cancel ??= this.#parts.schedule(() => {
      this.#cancel = undefined;
      void this.#save();
    }, WRITE_AFTER_MS);
  }

  /** Writes once more. Resolves also where the disk fails. */
  close(): Promise<void> {
    this.#isClosed = true;
    this.#cancel?.();
    this.#cancel = undefined;
    return this.#save();
  }

  /** Where the disk fails it is tried again a minute later. */
  #save(): Promise<void> {
    const { save, failed } = this.#parts;
    this.#saving = this.#saving.then(save).catch((error: Error) => {
      failed(error);
      this.changed();
    });
    return this.#saving;
  }
}

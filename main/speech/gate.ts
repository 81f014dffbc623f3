/** What work that can be paused waits at. */
export class Gate {
  /** Resolves when nobody has closed it, or once it is open again. */
  passed: Promise<void> = Promise.resolve();
  #open: (() => void) | undefined;

  close(): void {
    if (this.#open) return;
    this.passed = new Promise((resolve) => (this.#open = resolve));
  }

  open(): void {
    this.#open?.();
    this.#open = undefined;
  }
}

/** Events by name and what each carries. */
export class Emitter<Events extends object> {
  readonly #onError: (error: unknown) => void;
  readonly #listeners = new Map<keyof Events, Set<(value: never) => void>>();

  /** `onError` takes what a listener throws: it must not disturb who emits. */
  constructor(onError: (error: unknown) => void) {
    this.#onError = onError;
  }

  /** Returns what stops the listening. */
  on<Name extends keyof Events>(name: Name, listener: (value: Events[Name]) => void): () => void {
    const listeners = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, listeners.add(listener));
    return () => listeners.delete(listener);
  }

  emit<Name extends keyof Events>(name: Name, value: Events[Name]): void {
    for (const listener of [...(this.#listeners.get(name) ?? [])]) {
      try {
        (listener as (value: Events[Name]) => void)(value);
      } catch (error) {
        this.#onError(error);
      }
    }
  }
}

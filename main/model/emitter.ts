/** A typed event emitter: `Events` maps each event's name to its value. */
export class Emitter<Events extends object> {
  readonly #onError: (error: unknown) => void;
  readonly #listeners = new Map<keyof Events, Set<(value: never) => void>>();

  /** @param onError takes the errors of listeners, which must not reach the emitting code */
  constructor(onError: (error: unknown) => void) {
    this.#onError = onError;
  }

  /** Adds a listener. Returns a function that removes it. */
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

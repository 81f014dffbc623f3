import type { Trouble } from '../../preload/api.ts';

/** What is wrong now, each said once; gone when it is mended. */
export class Troubles {
  readonly #sentences = new Map<string, string>();
  readonly #changed: () => void;

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  /** undefined: mended. */
  set(code: string, sentence: string | undefined): void {
    if (this.#sentences.get(code) === sentence) return;
    if (sentence === undefined) this.#sentences.delete(code);
    else this.#sentences.set(code, sentence);
    this.#changed();
  }

  list(): readonly Trouble[] {
    return [...this.#sentences].map(([code, sentence]) => ({ code, sentence }));
  }
}

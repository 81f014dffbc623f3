import type { Trouble } from '../../preload/api.ts';
import type { LocalizedText } from '../../i18n/index.ts';
import { Emitter, faults, textOfError, type CorridorError } from '../model/index.ts';

/** What is wrong now. Each trouble has a name, and goes when it is mended. */
export class Troubles {
  readonly events = new Emitter<{ changed: undefined }>((error) => faults.tell('troubles', error));
  readonly #texts = new Map<string, LocalizedText>();

  /** undefined: mended. */
  set(code: string, text: LocalizedText | undefined): void {
    if (this.#texts.get(code)?.sentence === text?.sentence) return;
    if (text === undefined) this.#texts.delete(code);
    else this.#texts.set(code, text);
    this.events.emit('changed', undefined);
  }

  /** Several of one kind are several troubles. */
  found(errors: readonly CorridorError[]): void {
    for (const [index, error] of errors.entries()) {
      const isRepeated = errors.findIndex(({ code }) => code === error.code) < index;
      this.set(isRepeated ? `${error.code}-${index}` : error.code, textOfError(error));
    }
  }

  /** Everything whose code begins like this is mended. */
  mended(beginning: string): void {
    for (const code of [...this.#texts.keys()]) if (code.startsWith(beginning)) this.set(code, undefined);
  }

  /** The first trouble whose code begins like this. */
  find(beginning: string): LocalizedText | undefined {
    return this.list().find(({ code }) => code.startsWith(beginning));
  }

  list(): readonly Trouble[] {
    return [...this.#texts].map(([code, { sentence, phrase }]) => ({ code, sentence, phrase }));
  }
}

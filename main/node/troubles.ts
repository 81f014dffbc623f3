import type { Trouble } from '../../preload/api.ts';
import type { LocalizedText } from '../../i18n/index.ts';
import type { CorridorError } from '../model/index.ts';

/** What is wrong now, each said once; gone when it is mended. */
export class Troubles {
  readonly #said = new Map<string, LocalizedText>();
  readonly #changed: () => void;

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  /** undefined: mended. */
  set(code: string, said: LocalizedText | undefined): void {
    if (this.#said.get(code)?.sentence === said?.sentence) return;
    if (said === undefined) this.#said.delete(code);
    else this.#said.set(code, said);
    this.#changed();
  }

  /** Everything whose code begins so is mended. */
  mended(beginning: string): void {
    for (const code of [...this.#said.keys()]) if (code.startsWith(beginning)) this.set(code, undefined);
  }

  /** The first one whose code begins so. */
  find(beginning: string): LocalizedText | undefined {
    return this.list().find(({ code }) => code.startsWith(beginning));
  }

  list(): readonly Trouble[] {
    return [...this.#said].map(([code, { sentence, phrase }]) => ({ code, sentence, phrase }));
  }
}

/** An error as a trouble. */
export function textOfError({ message, phrase }: CorridorError): LocalizedText {
  return { sentence: message, phrase: phrase ?? { code: 'failed', details: { why: message } } };
}

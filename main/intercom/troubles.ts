import type { Trouble } from '../../preload/api.ts';
import type { Said } from '../../words/index.ts';
import type { CorridorError } from '../model/index.ts';

/** What is wrong now, each said once; gone when it is mended. */
export class Troubles {
  readonly #said = new Map<string, Said>();
  readonly #changed: () => void;

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  /** undefined: mended. */
  set(code: string, said: Said | undefined): void {
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
  find(beginning: string): Said | undefined {
    return this.list().find(({ code }) => code.startsWith(beginning));
  }

  list(): readonly Trouble[] {
    return [...this.#said].map(([code, { sentence, saying }]) => ({ code, sentence, saying }));
  }
}

/** An error as a trouble. */
export function saidBy({ message, saying }: CorridorError): Said {
  return { sentence: message, saying: saying ?? { code: 'failed', details: { why: message } } };
}

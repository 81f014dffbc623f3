import { redact } from '../model/index.ts';

const MAX_LINES = 200;
const MAX_CHARACTERS = 500;

/** The last lines of the log, in memory, to be shown to a person who helps. Links and keys are taken out as the lines come. */
export class LogTail {
  readonly #now: () => number;
  #lines: string[] = [];

  constructor(now: () => number) {
    this.#now = now;
  }

  add(line: string): void {
    const text = redact(line);
    const short = text.length > MAX_CHARACTERS ? `${text.slice(0, MAX_CHARACTERS)}…` : text;
    this.#lines.push(`${new Date(this.#now()).toISOString()} ${short}`);
    if (this.#lines.length > 2 * MAX_LINES) this.#lines = this.#lines.slice(-MAX_LINES);
  }

  /** The oldest first. */
  lines(): readonly string[] {
    return this.#lines.slice(-MAX_LINES);
  }
}

/** A program's output as lines, as it comes. */
export class LineReader {
  readonly #decoder = new TextDecoder();
  #rest = '';

  /** The lines that are whole now. */
  put(chunk: Uint8Array): readonly string[] {
    const lines = (this.#rest + this.#decoder.decode(chunk, { stream: true })).split(/\r?\n|\r/);
    this.#rest = lines.pop() ?? '';
    return lines;
  }

  /** What has no end yet. */
  get rest(): string {
    return this.#rest;
  }
}

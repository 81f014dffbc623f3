/** A line that was longer than the limit and was dropped, with its beginning. */
interface LongLine {
  readonly tooLong: true;
}

/**
 * Splits a stream of bytes into lines of bounded length. When a line exceeds `firstLimit`, its beginning is passed to `limitOf`, which
 * returns how long this line may become.
 */
export class LineReader {
  readonly #firstLimit: number;
  readonly #limitOf: (beginning: string) => number;
  #parts: Buffer[] = [];
  #length = 0;
  #limit: number;
  #dropping = false;

  /** Sizes in bytes. */
  constructor(firstLimit: number, limitOf: (beginning: string) => number = () => firstLimit) {
    this.#firstLimit = firstLimit;
    this.#limitOf = limitOf;
    this.#limit = firstLimit;
  }

  /** The lines that end in `chunk`, without their ends; empty lines are left out. */
  push(chunk: Buffer): (string | LongLine)[] {
    const lines: (string | LongLine)[] = [];
    let from = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, from)) {
      this.#add(chunk.subarray(from, end));
      const line = this.#take();
      if (line !== '') lines.push(line);
      from = end + 1;
    }
    if (from < chunk.length) this.#add(chunk.subarray(from));
    return lines;
  }

  #add(part: Buffer): void {
    if (this.#dropping || part.length === 0) return;
    this.#parts.push(part);
    this.#length += part.length;
    if (this.#length > this.#limit && this.#limit === this.#firstLimit) {
      this.#limit = Math.max(this.#firstLimit, this.#limitOf(this.#beginning()));
    }
    if (this.#length > this.#limit) {
      this.#dropping = true;
      this.#parts = [];
    }
  }

  #beginning(): string {
    const wanted = 256;
    const parts: Buffer[] = [];
    let length = 0;
    for (const part of this.#parts) {
      if (length >= wanted) break;
      parts.push(part.subarray(0, wanted - length));
      length += part.length;
    }
    return Buffer.concat(parts).toString('utf8');
  }

  #take(): string | LongLine {
    const line = this.#dropping
      ? ({ tooLong: true } as const)
      : Buffer.concat(this.#parts, this.#length).toString('utf8');
    this.#parts = [];
    this.#length = 0;
    this.#limit = this.#firstLimit;
    this.#dropping = false;
    return line;
  }
}

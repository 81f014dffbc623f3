/** The output of a command: lines for a person, or one JSON value a line for a program. */
export class Output {
  readonly json: boolean;
  /** Resolves at the first line that nobody takes any more: a reader that closes the pipe has read enough; the node goes on. */
  readonly closed: Promise<void>;

  constructor(json: boolean) {
    this.json = json;
    this.closed = new Promise((resolve) => process.stdout.on('error', () => resolve()));
    process.stderr.on('error', () => undefined);
  }

  /** Prints text for a person; nothing with --json. */
  say(...lines: readonly string[]): void {
    if (!this.json) for (const line of lines) process.stdout.write(`${plain(line)}\n`);
  }

  /** Prints a value for a program; nothing without --json. */
  give(value: unknown): void {
    if (this.json) process.stdout.write(`${JSON.stringify(value)}\n`);
  }

  /** Prints an error. */
  fail(code: string, sentence: string): void {
    if (this.json) this.give({ ok: false, code, error: sentence });
    else process.stderr.write(`corridor: ${plain(sentence)}\n`);
  }

  /** Prints a note that is no result, to the error stream. */
  note(line: string): void {
    process.stderr.write(`${plain(line)}\n`);
  }
}

/** Removes control characters: names come from other computers, and must not control this terminal. The joiners that `nameSchema` allows stay. */
function plain(text: string): string {
  return text.replace(/(?!\u200c|\u200d)[\p{Cc}\p{Cf}]/gu, '\ufffd');
}

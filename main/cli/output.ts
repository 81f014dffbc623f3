/** Where a command writes: lines for a person, or one JSON value a line for a program. */
export class Output {
  readonly json: boolean;

  constructor(json: boolean) {
    this.json = json;
    // Who closes the pipe has read enough; the node goes on.
    process.stdout.on('error', () => undefined);
    process.stderr.on('error', () => undefined);
  }

  /** Text for a person; nothing where a program reads. */
  say(...lines: readonly string[]): void {
    if (!this.json) for (const line of lines) process.stdout.write(`${plain(line)}\n`);
  }

  /** A value for a program; nothing where a person reads. */
  give(value: unknown): void {
    if (this.json) process.stdout.write(`${JSON.stringify(value)}\n`);
  }

  /** What went wrong. */
  fail(code: string, sentence: string): void {
    if (this.json) this.give({ ok: false, code, error: sentence });
    else process.stderr.write(`corridor: ${plain(sentence)}\n`);
  }

  /** What is worth knowing and no result: kept out of what a program reads. */
  note(line: string): void {
    process.stderr.write(`${plain(line)}\n`);
  }
}

/** Names come from other computers: nothing in them steers this terminal. */
function plain(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}]/gu, '\ufffd');
}

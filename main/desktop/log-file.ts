import { closeSync, fstatSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { redact } from '../model/index.ts';

/** One log; with the two before it, it takes three times as much at most. */
const MAX_BYTES = 512 * 1024;
const OLDER = 2;
/** A line longer than this is cut: no single line fills the log. */
const MAX_LINE = 8 * 1024;

export interface LogLimits {
  readonly maxBytes?: number;
  readonly older?: number;
  readonly now?: () => Date;
}

/**
 * What happens, a line each, in `desktop.log` of the profile; a full one becomes `desktop.log.1`, that one `desktop.log.2`, and
 * the oldest is dropped. Keys and links are taken out. A disk that is full or a folder that is gone loses lines, nothing else.
 */
export class LogFile {
  readonly #path: string;
  readonly #maxBytes: number;
  readonly #older: number;
  readonly #now: () => Date;
  #file: { readonly descriptor: number; bytes: number } | undefined;

  constructor(
    profile: string,
    { maxBytes = MAX_BYTES, older = OLDER, now = () => new Date() }: LogLimits = {},
  ) {
    this.#path = join(profile, 'desktop.log');
    this.#maxBytes = maxBytes;
    this.#older = older;
    this.#now = now;
    try {
      mkdirSync(profile, { recursive: true, mode: 0o700 });
    } catch {
      // Whoever needs the folder says so.
    }
  }

  /** Writes the line at once, so that the last ones before a crash are there. Returns it as it was written. */
  write(line: string): string {
    const text = `${this.#now().toISOString()} ${redact(shortened(line))}\n`;
    const bytes = Buffer.from(text);
    try {
      this.#file ??= this.#open();
      if (this.#file.bytes > 0 && this.#file.bytes + bytes.length > this.#maxBytes) {
        this.#rotate();
        // What could not be moved away is given up rather than let grow.
        this.#file = this.#open('w');
      }
      this.#file.bytes += writeSync(this.#file.descriptor, bytes);
    } catch {
      this.close();
    }
    return text;
  }

  close(): void {
    if (!this.#file) return;
    const { descriptor } = this.#file;
    this.#file = undefined;
    try {
      closeSync(descriptor);
    } catch {
      // It was closed.
    }
  }

  #open(flags: 'a' | 'w' = 'a'): { descriptor: number; bytes: number } {
    const descriptor = openSync(this.#path, flags, 0o600);
    return { descriptor, bytes: fstatSync(descriptor).size };
  }

  #rotate(): void {
    this.close();
    for (let age = this.#older; age >= 1; age -= 1) {
      const from = age === 1 ? this.#path : `${this.#path}.${age - 1}`;
      try {
        renameSync(from, `${this.#path}.${age}`);
      } catch {
        // There is none of that age yet.
      }
    }
  }
}

/** Cut before what may be one half of a key. */
function shortened(line: string): string {
  return line.length > MAX_LINE ? `${line.slice(0, MAX_LINE).replace(/[A-Za-z0-9_-]+$/, '')}…` : line;
}

/** Writes to the log, and to the terminal, if there is one. */
export function openLog(profile: string): (line: string) => void {
  const file = new LogFile(profile);
  process.stderr.on('error', () => undefined);
  return (line) => void process.stderr.write(file.write(line));
}

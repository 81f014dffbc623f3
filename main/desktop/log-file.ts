import { closeSync, fstatSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { redact } from '../model/index.ts';

/** The limit of one log file, bytes; with its two predecessors the log takes at most three times as much. */
const MAX_BYTES = 512 * 1024;
const OLDER = 2;
/** Longer lines are cut: no single line fills the log. */
const MAX_LINE = 8 * 1024;

interface LogLimits {
  readonly maxBytes?: number;
  readonly older?: number;
  readonly now?: () => Date;
}

/**
 * The app's log: `desktop.log` of the profile. A full file becomes `desktop.log.1`, that one `desktop.log.2`, and the oldest is
 * deleted. Office keys and links are removed from the lines. A full disk or a missing folder costs lines and nothing else.
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
      // The code that needs the folder reports it.
    }
  }

  /** Writes the line at once, so that a crash loses none. Returns it as it was written. */
  write(line: string): string {
    const text = `${this.#now().toISOString()} ${redact(shortened(line))}\n`;
    const bytes = Buffer.from(text);
    try {
      this.#file ??= this.#open();
      if (this.#file.bytes > 0 && this.#file.bytes + bytes.length > this.#maxBytes) {
        this.#rotate();
        // A file that cannot be renamed is emptied: it must not grow.
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
      // It was closed already.
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
        // There is no file of that age yet.
      }
    }
  }
}

/** Cuts a long line before a word that may be the first half of a key. */
function shortened(line: string): string {
  return line.length > MAX_LINE ? `${line.slice(0, MAX_LINE).replace(/[A-Za-z0-9_-]+$/, '')}…` : line;
}

/** Writes to the log and, if there is one, to the terminal. */
export function openLog(profile: string): (line: string) => void {
  const file = new LogFile(profile);
  process.stderr.on('error', () => undefined);
  return (line) => void process.stderr.write(file.write(line));
}

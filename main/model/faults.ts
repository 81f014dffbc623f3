/** At most this many places in the code are counted separately; faults at further places are counted together. */
const MAX_PLACES = 100;

/** A fault to be logged: once for each place in the code, and again at every tenfold. */
export interface LoggedFault {
  /** One sentence and the error's stack. */
  readonly line: string;
  /** The handler that failed. */
  readonly where: string;
  /** How often it happened there. */
  readonly times: number;
}

/**
 * Unexpected errors of one thread. They are caught, counted and logged once, and the program goes on. A colleague's packet that makes a
 * handler throw has no further effect, and repeating it does not fill the log.
 */
export class Faults {
  readonly #times = new Map<string, number>();
  readonly #listeners = new Set<(fault: LoggedFault) => void>();
  #total = 0;

  /** The number of faults since the thread started. */
  get total(): number {
    return this.#total;
  }

  /** Calls the listener for each fault to be logged. Returns a function that removes it. */
  onLogged(listener: (fault: LoggedFault) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Counts a fault. `where`: the handler that failed, one of few. `times`: the number that another thread has counted. */
  tell(where: string, error: unknown, times = 1): void {
    const before = this.#count(where, error, times);
    this.#total += times;
    const after = before + times;
    if (before > 0 && String(before).length === String(after).length) return;
    const line = `Something went wrong that nobody foresaw (${where}, ${after} so far): ${textOf(error)}`;
    const fault = { line, where, times: after };
    for (const listener of [...this.#listeners]) quietly(() => listener(fault));
    if (this.#listeners.size === 0) console.error(line);
  }

  /** Runs a handler of outside input. An error that it throws, or with which its promise rejects, is counted here and goes no further. */
  guard(where: string, handle: () => unknown): void {
    try {
      const result = handle();
      if (result instanceof Promise) result.catch((error: unknown) => this.tell(where, error));
    } catch (error) {
      this.tell(where, error);
    }
  }

  /** Counts a fault at its place. Returns the number before. */
  #count(where: string, error: unknown, times: number): number {
    const place = `${where} ${placeOf(error)}`;
    const key = this.#times.has(place) || this.#times.size < MAX_PLACES ? place : where;
    const before = this.#times.get(key) ?? 0;
    this.#times.set(key, before + times);
    return before;
  }
}

/** The faults of this thread. */
export const faults = new Faults();

/**
 * Keeps the process running after an uncaught error, at which Node.js would end it, since others rely on this node. (The media worker's
 * thread is replaced instead.) Returns a function that undoes it.
 */
export function surviveFaults(): () => void {
  const uncaught = (error: unknown): void => faults.tell('uncaught', error);
  const unhandled = (reason: unknown): void => faults.tell('unhandled rejection', reason);
  process.on('uncaughtException', uncaught);
  process.on('unhandledRejection', unhandled);
  return () => {
    process.off('uncaughtException', uncaught);
    process.off('unhandledRejection', unhandled);
  };
}

/** Where the error was thrown: the first line of its stack that names a place. */
function placeOf(error: unknown): string {
  const stack = error instanceof Error ? error.stack : undefined;
  return stack?.split('\n').find((line) => line.trimStart().startsWith('at ')) ?? '';
}

function textOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** Runs a listener, ignoring its errors: a log may fail itself, for instance on a full disk. */
function quietly(tell: () => void): void {
  try {
    tell();
  } catch {
    // There is nowhere left to report it.
  }
}

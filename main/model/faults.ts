/** So many places where something went wrong are told apart; the rest is counted with the first of them. */
const MAX_PLACES = 100;

/** A fault that is to be said: each place in the code once, and again at every tenfold. */
export interface SaidFault {
  /** One sentence and the error's stack. */
  readonly line: string;
  /** What took in the input that led to it. */
  readonly where: string;
  /** How often it happened there. */
  readonly times: number;
}

/**
 * What nobody foresaw, in one thread: caught, counted, said once, and gone on from. A colleague's packet that makes a handler throw
 * ends with that packet, and nobody can fill the log by repeating it.
 */
export class Faults {
  readonly #times = new Map<string, number>();
  readonly #listeners = new Set<(said: SaidFault) => void>();
  #total = 0;

  /** How many there were since the thread started. */
  get total(): number {
    return this.#total;
  }

  /** Calls the listener where a fault is to be said. Returns what stops that. */
  onSaid(listener: (said: SaidFault) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** `where`: the handler that failed, one of few. `times`: another thread has counted as many. */
  tell(where: string, error: unknown, times = 1): void {
    const before = this.#count(where, error, times);
    this.#total += times;
    const after = before + times;
    if (before > 0 && String(before).length === String(after).length) return;
    const line = `Something went wrong that nobody foresaw (${where}, ${after} so far): ${textOf(error)}`;
    const said = { line, where, times: after };
    for (const listener of [...this.#listeners]) quietly(() => listener(said));
    if (this.#listeners.size === 0) console.error(line);
  }

  /** Runs a handler of what came from outside. What it throws, or its promise rejects with, is told, and goes no further. */
  guard(where: string, handle: () => unknown): void {
    try {
      const result = handle();
      if (result instanceof Promise) result.catch((error: unknown) => this.tell(where, error));
    } catch (error) {
      this.tell(where, error);
    }
  }

  /** Returns how often it had happened at that place before. */
  #count(where: string, error: unknown, times: number): number {
    const place = `${where} ${placeOf(error)}`;
    const key = this.#times.has(place) || this.#times.size < MAX_PLACES ? place : where;
    const before = this.#times.get(key) ?? 0;
    this.#times.set(key, before + times);
    return before;
  }
}

/** Of this thread: as Node's own last-resort events are. */
export const faults = new Faults();

/**
 * Node ends the process for an error that nobody caught; a node that others rely on goes on instead. Of a thread whose parts are in
 * doubt afterwards (the media worker) another is made instead. Returns what undoes it.
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

/** Where it was thrown: the first line of its stack that names a place. */
function placeOf(error: unknown): string {
  const stack = error instanceof Error ? error.stack : undefined;
  return stack?.split('\n').find((line) => line.trimStart().startsWith('at ')) ?? '';
}

function textOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** Who is told of faults may have one itself, such as a log on a full disk. */
function quietly(tell: () => void): void {
  try {
    tell();
  } catch {
    // There is nobody left to be told.
  }
}

import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { schedule } from '../model/index.ts';
import { engineFailed, engineSlow, engineTooMuch, notStarted } from './engine-errors.ts';
import { lastWordsOf } from './last-words.ts';
import { signalGroup, startGroup, type Urgency } from './process-group.ts';
import { TimeLimit, type LimitTime } from './time-limit.ts';

/** A process that has left the group may hold the output open: it is waited for this long after the program's end. */
const CLOSE_TIMEOUT_MS = 1000;

export interface Program {
  /** What it is called in sentences. */
  readonly engine: string;
  readonly program: string;
  readonly args: readonly string[];
  /** Given to it as standard input. */
  readonly input?: string;
  /** Running longer it is ended. Time for which it is paused does not count. */
  readonly limitMs: number;
  /** Printing more it is ended. */
  readonly maxBytes: number;
  readonly urgency: Urgency;
}

/** A program that runs, in a process group of its own. */
export class RunningProgram {
  /** Its standard output. Rejects with a CorridorError where it cannot be started, fails, or breaks a limit. */
  readonly output: Promise<Buffer>;
  readonly #options: Program;
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #chunks: Buffer[] = [];
  #bytes = 0;
  #stopped: Error | undefined;
  readonly #limit: TimeLimit;

  /** @param time left out: this computer's, for the time limit */
  constructor(options: Program, time?: LimitTime) {
    this.#options = options;
    this.#child = startGroup(options.program, options.args, options.urgency);
    const { engine, limitMs } = options;
    this.#limit = new TimeLimit(limitMs, () => this.end(engineSlow(engine, limitMs)), time);
    this.output = this.#run();
  }

  /** Ends it, with all that it has started; `output` rejects with `why`. */
  end(why: Error): void {
    this.#stopped ??= why;
    signalGroup(this.#child.pid, 'SIGKILL');
  }

  /** Stops it until `resume`. Has no effect where processes cannot be stopped. */
  pause(): void {
    if (this.#child.pid === undefined) return;
    this.#limit.pause();
    signalGroup(this.#child.pid, 'SIGSTOP');
  }

  resume(): void {
    if (this.#child.pid === undefined) return;
    this.#limit.resume();
    signalGroup(this.#child.pid, 'SIGCONT');
  }

  async #run(): Promise<Buffer> {
    const { engine, maxBytes, input } = this.#options;
    const child = this.#child;
    child.stdout.on('data', (chunk: Buffer) => {
      this.#bytes += chunk.length;
      if (this.#bytes > maxBytes) this.end(engineTooMuch(engine));
      else this.#chunks.push(chunk);
    });
    const lastWords = lastWordsOf([child.stderr]);
    // A program that reads nothing closes its input: whether that is a fault, its exit code says.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input ?? '');
    try {
      const code = await exitOf(child);
      if (this.#stopped) throw this.#stopped;
      if (code !== 0) throw engineFailed(engine, lastWords());
      return Buffer.concat(this.#chunks);
    } catch (error) {
      throw notStarted(engine, error);
    } finally {
      this.#limit.end();
    }
  }
}

/** Runs a program to its end; an aborted signal ends it. */
export async function runProgram(options: Program, signal?: AbortSignal): Promise<Buffer> {
  signal?.throwIfAborted();
  const running = new RunningProgram(options);
  return signal ? endedBy(signal, running) : running.output;
}

/** The program's output; an aborted signal ends the program, and is the reason of the rejection. */
export async function endedBy(signal: AbortSignal, running: RunningProgram): Promise<Buffer> {
  const end = (): void => running.end(signal.reason as Error);
  signal.addEventListener('abort', end, { once: true });
  try {
    return await running.output;
  } finally {
    signal.removeEventListener('abort', end);
  }
}

/** Resolves with the exit code when the program has ended and its output is read; null: a signal ended it. */
export function exitOf(child: ChildProcessWithoutNullStreams): Promise<number | null> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', () => {
      const cancel = schedule(() => {
        child.stdout.destroy();
        child.stderr.destroy();
      }, CLOSE_TIMEOUT_MS);
      child.once('close', cancel);
    });
    child.once('close', (code) => resolve(code));
  });
}

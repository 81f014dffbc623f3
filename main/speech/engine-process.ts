import * as v from 'valibot';
import { schedule } from '../model/index.ts';
import { engineAnswerSchema, type EngineRequest, type EngineSetup } from './child-protocol.ts';
import { engineFailed, engineGarbage, engineSlow } from './engine-errors.ts';
import { lastWordsOf } from './last-words.ts';
import { NICE, type Urgency } from './process-group.ts';
import type { EngineChild, StartChild } from './start-child.ts';
import { TimeLimit } from './time-limit.ts';

export const SHERPA = 'sherpa-onnx';
/** A model of a gigabyte from a slow disk. */
const OPEN_LIMIT_MS = 120_000;
/** An unused process ends after this time: a model takes some hundred megabytes. */
const IDLE_MS = 60_000;

type Setup = Omit<EngineSetup, 'nice'>;

/** A child with the model that it has loaded. */
interface Opened {
  readonly child: EngineChild;
  readonly key: string;
}

/** The process of sherpa-onnx with one model: started when it is needed, ended when it is unused, and after every failure. */
export class EngineProcess {
  readonly #start: StartChild;
  readonly #nice: number;
  readonly #idleMs: number;
  #opened: Opened | undefined;
  #queue: Promise<unknown> = Promise.resolve();
  #limit: TimeLimit | undefined;
  #answer: ((message: unknown) => void) | undefined;
  #refuse: ((error: Error) => void) | undefined;
  #isPaused = false;
  #cancelIdle: (() => void) | undefined;

  constructor(start: StartChild, urgency: Urgency, idleMs = IDLE_MS) {
    this.#start = start;
    this.#nice = NICE[urgency];
    this.#idleMs = idleMs;
  }

  /**
   * Loads a model, unless it is loaded, and asks it something. One question after the other. Rejects with a CorridorError, or with the
   * signal's reason; in both cases the process has ended.
   */
  ask(setup: Setup, request: EngineRequest, limitMs: number, signal: AbortSignal): Promise<unknown> {
    const answer = this.#queue.then(() => this.#ask(setup, request, limitMs, signal));
    this.#queue = answer.catch(() => undefined);
    return answer;
  }

  /** Stops the process until `resume`, where processes can be stopped. */
  pause(): void {
    this.#isPaused = true;
    this.#limit?.pause();
    this.#opened?.child.pause();
  }

  resume(): void {
    this.#isPaused = false;
    this.#limit?.resume();
    this.#opened?.child.resume();
  }

  close(): void {
    this.#isPaused = false;
    this.#end(new DOMException('The engine is closed.', 'AbortError'));
  }

  async #ask(setup: Setup, request: EngineRequest, limitMs: number, signal: AbortSignal): Promise<unknown> {
    signal.throwIfAborted();
    this.#cancelIdle?.();
    const abort = (): void => this.#end(signal.reason as Error);
    signal.addEventListener('abort', abort, { once: true });
    try {
      const child = await this.#open(setup);
      signal.throwIfAborted();
      return await this.#exchange(child, request, limitMs);
    } catch (error) {
      this.#end(engineFailed(SHERPA));
      throw error;
    } finally {
      signal.removeEventListener('abort', abort);
      this.#cancelIdle = schedule(() => this.close(), this.#idleMs);
    }
  }

  async #open(setup: Setup): Promise<EngineChild> {
    const key = JSON.stringify(setup);
    if (this.#opened?.key === key) return this.#opened.child;
    this.#opened?.child.kill();
    const child = this.#start();
    this.#opened = { child, key };
    const lastWords = lastWordsOf(child.output);
    child.onEnd((why = lastWords()) => {
      if (this.#opened?.child !== child) return;
      this.#opened = undefined;
      this.#refuse?.(engineFailed(SHERPA, why));
    });
    child.onMessage((message) => this.#answer?.(message));
    if (this.#isPaused) child.pause();
    await this.#exchange(child, { type: 'open', setup: { ...setup, nice: this.#nice } }, OPEN_LIMIT_MS);
    return child;
  }

  async #exchange(child: EngineChild, request: EngineRequest, limitMs: number): Promise<unknown> {
    // It was closed, or has ended, in the moment before.
    if (this.#opened?.child !== child) throw engineFailed(SHERPA);
    const answer = new Promise<unknown>((resolve, reject) => {
      this.#refuse = reject;
      this.#answer = resolve;
    });
    this.#limit = new TimeLimit(limitMs, () => this.#end(engineSlow(SHERPA, limitMs)));
    if (this.#isPaused) this.#limit.pause();
    try {
      child.post(request);
      const parsed = v.safeParse(engineAnswerSchema, await answer);
      if (!parsed.success) throw engineGarbage(SHERPA);
      if (!parsed.output.ok) throw engineFailed(SHERPA, parsed.output.why);
      return parsed.output.value;
    } finally {
      this.#limit.end();
      this.#limit = undefined;
      this.#refuse = undefined;
      this.#answer = undefined;
    }
  }

  /** Ends the process; who waits for an answer gets `error`. */
  #end(error: Error): void {
    this.#cancelIdle?.();
    const opened = this.#opened;
    this.#opened = undefined;
    opened?.child.kill();
    this.#refuse?.(error);
  }
}

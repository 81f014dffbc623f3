import { Worker } from 'node:worker_threads';
import { CorridorError } from '../model/index.ts';
import type { SoundConfiguration, WorkerCommand, WorkerEvent } from './protocol.ts';

const CLOSE_PATIENCE_MS = 1500;
const RESTART_FIRST_MS = 50;
const RESTART_MAX_MS = 5000;
/** After so long without a crash, the next is the first. */
const STEADY_MS = 30_000;

export interface Opening {
  readonly address: string;
  /** 0 takes any; a restarted worker takes the one it had. */
  readonly port: number;
  readonly sound: SoundConfiguration;
}

/**
 * Main's side of the media worker: a thread that owns the sound devices and the media socket. It may crash alone; then
 * it is started again, on the same port, and everything it was doing is gone.
 */
export class MediaWorker {
  readonly #path: string;
  readonly #log: (line: string) => void;
  readonly #listeners = new Set<(event: WorkerEvent) => void>();
  readonly #crashListeners = new Set<() => void>();
  #worker: Worker | undefined;
  #opening: Opening | undefined;
  #restartTimer: NodeJS.Timeout | undefined;
  #restartMs = RESTART_FIRST_MS;
  #startedAt = 0;
  #closed = false;

  /** `path`: the worker's program, built or not. Nothing starts before `open`. */
  constructor(path: string, log: (line: string) => void = () => undefined) {
    this.#path = path;
    this.#log = log;
  }

  /** Starts the worker. Resolves with the port it listens on. @throws CorridorError `media-open-failed` */
  open(opening: Opening): Promise<number> {
    this.#opening = opening;
    if (!this.#worker) this.#start();
    return new Promise((resolve, reject) => {
      const stops = [
        this.onEvent((event) => {
          if (event.type === 'opened') settle(() => resolve(event.port));
          if (event.type === 'open-failed') {
            settle(() => reject(new CorridorError('media-open-failed', event.sentence, { saying: null })));
          }
        }),
        this.onCrash(() => {
          const sentence = 'The sound part of Corridor does not start. Install Corridor again.';
          settle(() => reject(new CorridorError('media-open-failed', sentence, { saying: null })));
        }),
      ];
      const settle = (how: () => void) => {
        for (const stop of stops) stop();
        how();
      };
      this.post({ ...opening, type: 'open' });
    });
  }

  /** Says it to the worker; lost while it is being started again, as what it was doing is. */
  post(command: WorkerCommand): void {
    if (command.type === 'sound' && this.#opening) this.#opening = { ...this.#opening, sound: command.sound };
    this.#worker?.postMessage(command);
  }

  onEvent(listener: (event: WorkerEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Called when the worker has died; `opened` comes when it is there again. */
  onCrash(listener: () => void): () => void {
    this.#crashListeners.add(listener);
    return () => void this.#crashListeners.delete(listener);
  }

  /** Gives devices and socket back, and ends the thread. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#restartTimer);
    const worker = this.#worker;
    if (!worker) return;
    const exited = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
    worker.postMessage({ type: 'close' } satisfies WorkerCommand);
    const patience = setTimeout(() => void worker.terminate(), CLOSE_PATIENCE_MS);
    await exited;
    clearTimeout(patience);
  }

  #start(): void {
    const worker = new Worker(this.#path);
    this.#worker = worker;
    this.#startedAt = performance.now();
    worker.on('message', (event: WorkerEvent) => this.#onEvent(event));
    worker.on('error', (error) => this.#log(`media worker: ${error.stack ?? error.message}`));
    worker.on('exit', () => this.#onExit(worker));
  }

  #onEvent(event: WorkerEvent): void {
    if (event.type === 'opened' && this.#opening) this.#opening = { ...this.#opening, port: event.port };
    for (const listener of [...this.#listeners]) listener(event);
  }

  #onExit(worker: Worker): void {
    if (this.#worker !== worker) return;
    this.#worker = undefined;
    if (this.#closed) return;
    if (performance.now() - this.#startedAt > STEADY_MS) this.#restartMs = RESTART_FIRST_MS;
    const pause = this.#restartMs;
    this.#restartMs = Math.min(RESTART_MAX_MS, pause * 2);
    this.#log(`media worker: ended by itself; starting it again in ${pause} ms`);
    this.#restartTimer = setTimeout(() => {
      this.#start();
      if (this.#opening) this.post({ ...this.#opening, type: 'open' });
    }, pause);
    for (const listener of [...this.#crashListeners]) listener();
  }
}

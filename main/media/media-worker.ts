import { setFlagsFromString } from 'node:v8';
import { Worker } from 'node:worker_threads';
import { silenceNativeOutput } from '../../native-audio/index.ts';
import { localizedText, type LocalizedText } from '../../i18n/index.ts';
import { CorridorError } from '../model/index.ts';
import { bindingFailed } from './media-socket.ts';
import { PortKeeper } from './port-keeper.ts';
import type { SoundConfiguration, WorkerCommand, WorkerEvent } from './protocol.ts';

const CLOSE_PATIENCE_MS = 1500;
const RESTART_FIRST_MS = 50;
const RESTART_MAX_MS = 5000;
/** After so long without a crash, the next is the first. */
const STEADY_MS = 30_000;
const NOT_STARTED = localizedText(
  'media-not-started',
  'The sound part of Corridor does not start. Install Corridor again.',
);
/** A port that somebody took in the moment between two owners is asked for again so often. */
const REOPEN_MS = 1000;
/** Unused for so long, a worker that may rest does. */
const REST_AFTER_MS = 5 * 60_000;

/** Orders that begin something. The others are about something that a worker which rests does not have. */
const CALLS: ReadonlySet<WorkerCommand['type']> = new Set([
  ...(['talk', 'receive', 'receive-sealed', 'play', 'render', 'loudness'] as const),
  ...(['list-devices', 'meter', 'sound-test'] as const),
]);
/** What is said of the state of things does not count as use. */
const NO_USE: ReadonlySet<WorkerEvent['type']> = new Set(['opened', 'sound-state', 'dropped', 'stays']);

export interface Opening {
  readonly address: string;
  /** 0 takes any; a restarted worker takes the one it had. */
  readonly port: number;
  readonly sound: SoundConfiguration;
}

export interface MediaWorkerOptions {
  /** Whether there is no thread while it is unused and the microphone cold: 20 MB less, and a tenth of a second more at first. */
  readonly rests?: boolean;
  readonly restAfterMs?: number;
  readonly log?: (line: string) => void;
}

/**
 * Main's side of the media worker: a thread that owns the sound devices and the media socket. It may crash alone; then
 * it is started again, on the same port, and everything it was doing is gone. Where it rests, main holds its port.
 */
export class MediaWorker {
  readonly #path: string;
  readonly #rests: boolean;
  readonly #restAfterMs: number;
  readonly #log: (line: string) => void;
  readonly #listeners = new Set<(event: WorkerEvent) => void>();
  readonly #crashListeners = new Set<() => void>();
  #worker: Worker | undefined;
  #keeper: PortKeeper | undefined;
  #opening: Opening | undefined;
  /** Orders for a worker that is starting, or about to rest. */
  #waiting: WorkerCommand[] | undefined;
  #isLyingDown = false;
  /** Asked for while the worker could not be told. */
  #mustReopen = false;
  #isResting = false;
  #restTimer: NodeJS.Timeout | undefined;
  #restartTimer: NodeJS.Timeout | undefined;
  #reopenTimer: NodeJS.Timeout | undefined;
  #restartMs = RESTART_FIRST_MS;
  #startedAt = 0;
  #closed = false;

  /** `path`: the worker's program, built or not. Nothing starts before `open`. */
  constructor(path: string, options: MediaWorkerOptions = {}) {
    this.#path = path;
    this.#rests = options.rests ?? false;
    this.#restAfterMs = options.restAfterMs ?? REST_AFTER_MS;
    this.#log = options.log ?? (() => undefined);
  }

  /** Resolves with the port it listens on. @throws CorridorError `media-open-failed` */
  open(opening: Opening): Promise<number> {
    this.#opening = opening;
    if (!this.#worker && this.#mayRest) return this.#keep(opening);
    return new Promise((resolve, reject) => {
      const stops = [
        this.onEvent((event) => {
          if (event.type === 'opened') settle(() => resolve(event.port));
          if (event.type === 'open-failed') settle(() => reject(cannotOpen(event.said)));
        }),
        this.onCrash(() => {
          settle(() => reject(cannotOpen(NOT_STARTED)));
        }),
      ];
      const settle = (how: () => void) => {
        for (const stop of stops) stop();
        clearTimeout(this.#reopenTimer);
        how();
      };
      if (!this.#worker) this.#start();
      else if (this.#waiting) this.#mustReopen = true;
      else this.#reopen();
    });
  }

  /** Says it to the worker; lost while it is being started again after a crash, as what it was doing is. */
  post(command: WorkerCommand): void {
    if (command.type === 'sound' && this.#opening) this.#opening = { ...this.#opening, sound: command.sound };
    if (this.#isResting) {
      if (!CALLS.has(command.type) && this.#mayRest) return;
      this.#start();
    }
    if (this.#waiting) this.#waiting.push(command);
    else this.#worker?.postMessage(command);
    this.#used();
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
    for (const timer of [this.#restTimer, this.#restartTimer, this.#reopenTimer]) clearTimeout(timer);
    this.#isResting = false;
    this.#keeper?.close();
    this.#keeper = undefined;
    const worker = this.#worker;
    if (!worker) return;
    const exited = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
    worker.postMessage({ type: 'close' } satisfies WorkerCommand);
    const patience = setTimeout(() => void worker.terminate(), CLOSE_PATIENCE_MS);
    await exited;
    clearTimeout(patience);
  }

  get #mayRest(): boolean {
    return this.#rests && this.#opening?.sound.ready === 'cold';
  }

  #reopen(): void {
    this.#mustReopen = false;
    if (this.#opening) this.#worker?.postMessage({ ...this.#opening, type: 'open' } satisfies WorkerCommand);
  }

  /** Main holds the port until somebody calls for the worker. */
  async #keep({ address, port }: Opening): Promise<number> {
    this.#isResting = true;
    // Even heartbeats are hot some day: V8's optimizer then loads 5 MiB of its own code, for a node that does nothing.
    setFlagsFromString('--no-opt');
    this.#keeper?.close();
    this.#keeper = undefined;
    const keeper = await PortKeeper.open(address, port, () => {
      if (this.#isResting) this.#start();
    }).catch((error: NodeJS.ErrnoException) => {
      throw cannotOpen(bindingFailed(address, port, error));
    });
    if (this.#opening) this.#opening = { ...this.#opening, port: keeper.port };
    if (this.#closed || (this.#worker && !this.#waiting)) keeper.close();
    else this.#keeper = keeper;
    return keeper.port;
  }

  #start(): void {
    if (this.#closed) return;
    this.#isResting = false;
    if (this.#rests) setFlagsFromString('--opt');
    // Here, since the thread's native code prints for the whole process; and only now, since it takes some memory.
    silenceNativeOutput();
    const worker = new Worker(this.#path);
    this.#worker = worker;
    this.#waiting ??= [];
    this.#startedAt = performance.now();
    worker.on('message', (event: WorkerEvent) => this.#onEvent(event));
    worker.on('error', (error) => this.#log(`media worker: ${error.stack ?? error.message}`));
    worker.on('exit', () => this.#onExit(worker));
  }

  /** The thread can take orders: the port is handed over, what came meanwhile follows. */
  #onReady(worker: Worker): void {
    const packets = this.#keeper?.close() ?? [];
    this.#keeper = undefined;
    this.#reopen();
    if (packets.length > 0) worker.postMessage({ type: 'packets', packets } satisfies WorkerCommand);
    this.#flush(worker);
  }

  #flush(worker: Worker): void {
    const waiting = this.#waiting ?? [];
    this.#waiting = undefined;
    for (const command of waiting) worker.postMessage(command);
    this.#used();
  }

  #onEvent(event: WorkerEvent): void {
    if (event.type === 'ready') {
      if (this.#worker && !this.#closed) this.#onReady(this.#worker);
      return;
    }
    if (event.type === 'stays') {
      this.#isLyingDown = false;
      if (this.#mustReopen) this.#reopen();
      if (this.#worker) this.#flush(this.#worker);
      return;
    }
    if (event.type === 'opened' && this.#opening) this.#opening = { ...this.#opening, port: event.port };
    if (event.type === 'open-failed') this.#reopenLater();
    if (!NO_USE.has(event.type)) this.#used();
    for (const listener of [...this.#listeners]) listener(event);
  }

  /** Unless whoever asked for it gives up: then that is theirs to decide. */
  #reopenLater(): void {
    clearTimeout(this.#reopenTimer);
    this.#reopenTimer = setTimeout(() => this.#reopen(), REOPEN_MS);
  }

  #used(): void {
    clearTimeout(this.#restTimer);
    if (!this.#mayRest || this.#closed) return;
    this.#restTimer = setTimeout(() => this.#lieDown(), this.#restAfterMs).unref();
  }

  /** The worker ends, or says that it stays: only it knows whether anything goes on. */
  #lieDown(): void {
    if (!this.#worker || this.#waiting || !this.#mayRest) return;
    this.#waiting = [];
    this.#isLyingDown = true;
    this.#worker.postMessage({ type: 'rest' } satisfies WorkerCommand);
  }

  #onExit(worker: Worker): void {
    if (this.#worker !== worker) return;
    this.#worker = undefined;
    const waiting = this.#waiting ?? [];
    this.#waiting = undefined;
    if (this.#closed) return;
    if (this.#isLyingDown) {
      this.#isLyingDown = false;
      this.#rest(waiting);
      return;
    }
    if (performance.now() - this.#startedAt > STEADY_MS) this.#restartMs = RESTART_FIRST_MS;
    const pause = this.#restartMs;
    this.#restartMs = Math.min(RESTART_MAX_MS, pause * 2);
    this.#log(`media worker: ended by itself; starting it again in ${pause} ms`);
    this.#restartTimer = setTimeout(() => this.#start(), pause);
    for (const listener of [...this.#crashListeners]) listener();
  }

  #rest(waiting: readonly WorkerCommand[]): void {
    if (!this.#opening) return;
    if (waiting.length > 0 || this.#mustReopen || !this.#mayRest) {
      this.#waiting = [...waiting];
      this.#start();
      return;
    }
    this.#keep(this.#opening).catch((error: Error) => {
      this.#log(`media worker: ${error.message}`);
      if (this.#isResting) this.#start();
    });
  }
}

function cannotOpen({ sentence, phrase }: LocalizedText): CorridorError {
  return new CorridorError('media-open-failed', sentence, { phrase });
}

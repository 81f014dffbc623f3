import { setFlagsFromString } from 'node:v8';
import { Worker } from 'node:worker_threads';
import { silenceNativeOutput } from '../../native-audio/index.ts';
import { localizedText, type LocalizedText } from '../../i18n/index.ts';
import { CorridorError, Emitter } from '../model/index.ts';
import { bindingFailed } from './media-socket.ts';
import { PortKeeper } from './port-keeper.ts';
import type { SoundConfiguration, MediaAddress, WorkerCommand, WorkerEvent } from './protocol.ts';

const CLOSE_PATIENCE_MS = 1500;
const RESTART_FIRST_MS = 50;
const RESTART_MAX_MS = 5000;
/** After this long without a crash the restart delay resets. */
const STEADY_MS = 30_000;
const NOT_STARTED = localizedText(
  'media-not-started',
  'The sound part of Corridor does not start. Install Corridor again.',
);
/** Another program can take a port in the moment between two owners: Corridor asks for it again after this long. */
const REBIND_MS = 1000;
/** A worker that may rest does so after it was unused for this long. */
const REST_AFTER_MS = 5 * 60_000;

/** Orders that begin something. The others are about something that a worker which rests does not have. */
const CALLS: ReadonlySet<WorkerCommand['type']> = new Set([
  ...(['talk', 'receive', 'receive-sealed', 'play', 'render', 'loudness'] as const),
  ...(['list-devices', 'meter', 'sound-test'] as const),
]);
/** Events that report the state of things do not count as use. */
const NO_USE: ReadonlySet<WorkerEvent['type']> = new Set(['bound', 'sound-state', 'dropped', 'stays']);

/** The worker's events by name; and its end by an error, after which it is started again. */
export type MediaEvents = { [E in WorkerEvent as E['type']]: E } & {
  /** All that the worker was doing is gone. */
  readonly crashed: undefined;
  /** The worker takes orders again after a crash. */
  readonly restarted: undefined;
};

export interface MediaWorkerOptions {
  /** Whether there is no thread while it is unused and the microphone cold: 20 MB less, and a tenth of a second more at first. */
  readonly rests?: boolean;
  readonly restAfterMs?: number;
  readonly log?: (line: string) => void;
}

/**
 * Main's side of the media worker: a thread that owns the sound devices and the media socket. It may crash alone; then
 * it is started again, on the same port, and all that it was doing is gone. While it rests, main holds its port.
 */
export class MediaWorker {
  readonly #path: string;
  readonly #rests: boolean;
  readonly #restAfterMs: number;
  readonly #log: (line: string) => void;
  readonly #events: Emitter<MediaEvents>;
  #worker: Worker | undefined;
  #keeper: PortKeeper | undefined;
  #sound: SoundConfiguration | undefined;
  #endpoint: MediaAddress | undefined;
  /** One binding after the other. */
  #binding: Promise<unknown> = Promise.resolve();
  /** Orders for a worker that is starting, or about to rest. */
  #waiting: WorkerCommand[] | undefined;
  #isLyingDown = false;
  /** Asked for while the worker could not be told. */
  #mustBind = false;
  #hasCrashed = false;
  #isResting = false;
  #restTimer: NodeJS.Timeout | undefined;
  #restartTimer: NodeJS.Timeout | undefined;
  #rebindTimer: NodeJS.Timeout | undefined;
  #restartMs = RESTART_FIRST_MS;
  #startedAt = 0;
  #closed = false;

  /** `path`: the worker's program, built or not. Nothing starts before `start`. */
  constructor(path: string, options: MediaWorkerOptions = {}) {
    this.#path = path;
    this.#rests = options.rests ?? false;
    this.#restAfterMs = options.restAfterMs ?? REST_AFTER_MS;
    this.#log = options.log ?? (() => undefined);
    this.#events = new Emitter((error) => this.#log(`media worker: ${String(error)}`));
  }

  on<Name extends keyof MediaEvents>(name: Name, listener: (event: MediaEvents[Name]) => void): () => void {
    return this.#events.on(name, listener);
  }

  /** Sound works from now on, with or without a network. The thread starts, unless it may rest. */
  start(sound: SoundConfiguration): void {
    this.#sound = sound;
    if (!this.#mayRest) return this.#start();
    this.#isResting = true;
    allowOptimizer(false);
  }

  /**
   * Moves the media socket to this address; port 0 takes any. Resolves with the port. A restarted worker binds by itself
   * to the same port. What plays or records is not disturbed. @throws CorridorError `media-open-failed`: there is no socket then
   */
  bind(address: string, port: number): Promise<number> {
    const bound = this.#binding.then(() => this.#bind({ address, port }));
    this.#binding = bound.catch(() => undefined);
    return bound;
  }

  /** Other devices, or another readiness, from now on. */
  configure(sound: SoundConfiguration): void {
    this.#sound = sound;
    this.post({ type: 'sound', sound });
  }

  /** Hands an order to the worker. While the worker is restarted after a crash, orders are lost. */
  post(command: WorkerCommand): void {
    if (this.#isResting) {
      if (!CALLS.has(command.type) && this.#mayRest) return;
      this.#start();
    }
    if (this.#waiting) this.#waiting.push(command);
    else this.#worker?.postMessage(command);
    this.#used();
  }

  /** Gives devices and socket back, and ends the thread. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const timer of [this.#restTimer, this.#restartTimer, this.#rebindTimer]) clearTimeout(timer);
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
    return this.#rests && this.#sound?.ready === 'cold';
  }

  #bind(endpoint: MediaAddress): Promise<number> {
    this.#endpoint = endpoint;
    if (this.#isResting) return this.#keep(endpoint);
    return new Promise((resolve, reject) => {
      const stops = [
        this.on('bound', ({ port }) => settle(() => resolve(port))),
        this.on('bind-failed', ({ text }) => fail(text)),
        this.on('crashed', () => fail(NOT_STARTED)),
      ];
      const fail = (why: LocalizedText) => {
        this.#endpoint = undefined;
        settle(() => reject(cannotOpen(why)));
      };
      const settle = (how: () => void) => {
        for (const stop of stops) stop();
        clearTimeout(this.#rebindTimer);
        how();
      };
      if (this.#waiting) this.#mustBind = true;
      else this.#postBind();
    });
  }

  #postBind(): void {
    this.#mustBind = false;
    if (this.#endpoint)
      this.#worker?.postMessage({ ...this.#endpoint, type: 'bind' } satisfies WorkerCommand);
  }

  /** Main holds the port until a packet or an order calls for the worker. */
  async #keep({ address, port }: MediaAddress): Promise<number> {
    this.#keeper?.close();
    this.#keeper = undefined;
    const keeper = await PortKeeper.open(address, port, () => {
      if (this.#isResting) this.#start();
    }).catch((error: NodeJS.ErrnoException) => {
      throw cannotOpen(bindingFailed(address, port, error));
    });
    this.#endpoint = { address, port: keeper.port };
    if (this.#closed || (this.#worker && !this.#waiting)) keeper.close();
    else this.#keeper = keeper;
    return keeper.port;
  }

  #start(): void {
    if (this.#closed) return;
    this.#isResting = false;
    if (this.#rests) allowOptimizer(true);
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

  /** The thread takes orders: first its devices, then the port and what came there, then the orders that waited. */
  #onReady(worker: Worker): void {
    const packets = this.#keeper?.close() ?? [];
    this.#keeper = undefined;
    if (this.#sound) worker.postMessage({ type: 'sound', sound: this.#sound } satisfies WorkerCommand);
    this.#postBind();
    if (packets.length > 0) worker.postMessage({ type: 'packets', packets } satisfies WorkerCommand);
    this.#flush(worker);
    if (!this.#hasCrashed) return;
    this.#hasCrashed = false;
    this.#events.emit('restarted', undefined);
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
      if (this.#mustBind) this.#postBind();
      if (this.#worker) this.#flush(this.#worker);
      return;
    }
    if (event.type === 'bound' && this.#endpoint) this.#endpoint = { ...this.#endpoint, port: event.port };
    if (event.type === 'bind-failed') this.#rebindLater();
    if (!NO_USE.has(event.type)) this.#used();
    this.#events.emit(event.type, event);
  }

  /** For a restarted worker. A caller of `bind` that hears of the failure decides by itself, and stops this. */
  #rebindLater(): void {
    clearTimeout(this.#rebindTimer);
    this.#rebindTimer = setTimeout(() => this.#postBind(), REBIND_MS);
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
    this.#hasCrashed = true;
    this.#events.emit('crashed', undefined);
  }

  #rest(waiting: readonly WorkerCommand[]): void {
    if (waiting.length > 0 || this.#mustBind || !this.#mayRest) {
      this.#waiting = [...waiting];
      this.#start();
      return;
    }
    this.#isResting = true;
    allowOptimizer(false);
    if (!this.#endpoint) return;
    this.#keep(this.#endpoint).catch((error: Error) => {
      this.#log(`media worker: ${error.message}`);
      if (this.#isResting) this.#start();
    });
  }
}

/** Even heartbeats are hot some day: V8's optimizer then loads 5 MiB of its own code, for a node that does nothing. */
function allowOptimizer(isAllowed: boolean): void {
  setFlagsFromString(isAllowed ? '--opt' : '--no-opt');
}

function cannotOpen({ sentence, phrase }: LocalizedText): CorridorError {
  return new CorridorError('media-open-failed', sentence, { phrase });
}

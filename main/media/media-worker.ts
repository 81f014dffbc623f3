import { once } from 'node:events';
import { setFlagsFromString } from 'node:v8';
import { MessageChannel, Worker, type MessagePort } from 'node:worker_threads';
import { silenceNativeOutput } from '../../native-audio/index.ts';
import type { LocalizedText } from '../../i18n/index.ts';
import { assertNever, BUDGETS, CorridorError, Emitter, faults, TokenBucket } from '../model/index.ts';
import { bindingFailed } from './media-socket.ts';
import { PortKeeper } from './port-keeper.ts';
import type { MediaAddress, Packet, SoundConfiguration, WorkerCommand, WorkerEvent } from './protocol.ts';
import { isFragment } from './rtp.ts';
import { WorkerLifecycle, type LifecycleInput, type LifecycleOutput } from './worker-lifecycle.ts';

const CLOSE_PATIENCE_MS = 1500;
/** A worker that may rest does so after it was unused for this long. */
const REST_AFTER_MS = 5 * 60_000;

/** Events about the thread itself: only its lifecycle uses them. */
type LifecycleEvent = Extract<WorkerEvent, { type: 'started' | 'stays' | 'pong' }>;

/** The worker's events by name; and its end by an error, after which it is started again. */
export type MediaEvents = { [E in Exclude<WorkerEvent, LifecycleEvent> as E['type']]: E } & {
  /** The worker has died, or hung and was ended: everything that it was doing is gone. */
  readonly crashed: undefined;
  /** The worker takes orders again after a crash. */
  readonly restarted: undefined;
};

export interface MediaWorkerOptions {
  /**
   * Whether the thread ends while it is unused and the microphone is cold. That saves 20 MB, and costs a tenth of a second at the
   * next use.
   */
  readonly rests?: boolean;
  readonly restAfterMs?: number;
  /** Whether a colleague's computer has this IP address. Left out: any may be one. */
  readonly isKnown?: (address: string) => boolean;
  readonly log?: (line: string) => void;
}

/**
 * The main thread's side of the media worker: a thread that owns the sound devices and the media socket. It may crash or hang alone;
 * then it is started again, on the same port, and everything that it was doing is gone. While it rests, main holds its port.
 * `WorkerLifecycle` decides; this class has the thread, the timer and the port.
 */
export class MediaWorker {
  readonly #path: string;
  readonly #log: (line: string) => void;
  readonly #events: Emitter<MediaEvents>;
  readonly #lifecycle: WorkerLifecycle;
  readonly #isKnown: (address: string) => boolean;
  readonly #wakings = new TokenBucket(BUDGETS.wakingsByPacket.inAll);
  #worker: Worker | undefined;
  /** Closes when the worker's thread runs no program any more. */
  #life: MessagePort | undefined;
  /** Resolves when the last thread that was ended by force runs no program any more. */
  #killing: Promise<unknown> = Promise.resolve();
  /** Threads that were ended by force and have not exited. */
  readonly #stuck = new Set<Worker>();
  #keeper: PortKeeper | undefined;
  /** One port after the other: the next may be the same as the one before. */
  #keeping: Promise<void> = Promise.resolve();
  /** One binding after the other. */
  #binding: Promise<unknown> = Promise.resolve();
  #boundCaller: { resolve(port: number): void; reject(error: CorridorError): void } | undefined;
  #timer: NodeJS.Timeout | undefined;

  /** `path`: the worker's program, built or not. Nothing starts before `start`. */
  constructor(path: string, options: MediaWorkerOptions = {}) {
    const { rests = false, restAfterMs = REST_AFTER_MS, isKnown = () => true } = options;
    this.#path = path;
    this.#isKnown = isKnown;
    this.#lifecycle = new WorkerLifecycle({ rests, restAfterMs });
    this.#log = options.log ?? (() => undefined);
    this.#events = new Emitter((error) => faults.tell('sound and media', error));
  }

  on<Name extends keyof MediaEvents>(name: Name, listener: (event: MediaEvents[Name]) => void): () => void {
    return this.#events.on(name, listener);
  }

  /** From now on sound works, with or without a network. The thread starts, unless it may rest. */
  start(sound: SoundConfiguration): void {
    this.#step({ type: 'start', sound });
  }

  /**
   * Moves the media socket to this address; port 0 takes any. Resolves with the port. A restarted worker binds by itself
   * to the same port. What plays or records is not disturbed. @throws CorridorError `media-open-failed`: there is no socket then
   */
  bind(address: string, port: number): Promise<number> {
    const bound = this.#binding.then(
      () =>
        new Promise<number>((resolve, reject) => {
          this.#boundCaller = { resolve, reject };
          this.#step({ type: 'bind', endpoint: { address, port } });
        }),
    );
    this.#binding = bound.catch(() => undefined);
    return bound;
  }

  /** Listens to that multicast group, at the media socket's address, wherever that moves; undefined: to none. */
  join(group: MediaAddress | undefined): void {
    this.#step({ type: 'join', group });
  }

  /** From now on other devices are used, or the microphone is ready in another way. */
  configure(sound: SoundConfiguration): void {
    this.#step({ type: 'configure', sound });
  }

  /** Hands an order to the worker. Before `start` orders are lost; after a crash they wait for the next thread. */
  post(command: WorkerCommand): void {
    this.#step({ type: 'order', command });
  }

  /**
   * Gives devices and socket back, and ends the thread.
   * @throws Error where the thread is stuck: an exit of the process would wait for it for ever (`endAtOnce`)
   */
  async close(): Promise<void> {
    const worker = this.#worker;
    const exited = worker ? exitOf(worker) : Promise.resolve();
    const others = Promise.all([...this.#stuck].map(exitOf));
    this.#step({ type: 'close' });
    clearTimeout(this.#timer);
    if (!(await isWithin(CLOSE_PATIENCE_MS, exited))) void worker?.terminate();
    if (await isWithin(CLOSE_PATIENCE_MS, Promise.all([exited, others]))) return;
    throw new Error('The media worker does not end.');
  }

  #step(input: LifecycleInput): void {
    for (const output of this.#lifecycle.step(input, performance.now())) this.#carryOut(output);
  }

  #carryOut(output: LifecycleOutput): void {
    switch (output.type) {
      case 'start-thread':
        // PortAudio has one thread at a time.
        void this.#killing.then(() => this.#startThread());
        break;
      case 'kill-thread':
        this.#killThread();
        break;
      case 'post':
        this.#worker?.postMessage(output.command);
        break;
      case 'end-thread':
        this.#worker?.postMessage({ type: 'close' } satisfies WorkerCommand);
        break;
      case 'keep-port':
        this.#keeping = this.#keeping.then(() => this.#keep(output.endpoint));
        break;
      case 'keep-group':
        this.#keeping = this.#keeping.then(() => this.#keeper?.join(output.group));
        break;
      case 'hand-over-port': {
        const packets = this.#freePort();
        if (packets.length > 0)
          this.#worker?.postMessage({ type: 'packets', packets } satisfies WorkerCommand);
        break;
      }
      case 'free-port':
        this.#freePort();
        break;
      case 'bind-done':
        this.#boundCaller?.resolve(output.port);
        break;
      case 'bind-refused':
        this.#boundCaller?.reject(cannotOpen(output.text));
        break;
      case 'allow-optimizer':
        setFlagsFromString(output.isAllowed ? '--opt' : '--no-opt');
        break;
      case 'schedule':
        this.#schedule(output.at);
        break;
      case 'crashed':
        this.#log(`media worker: gone; starting it again in ${output.restartInMs} ms`);
        this.#events.emit('crashed', undefined);
        break;
      case 'restarted':
        this.#events.emit('restarted', undefined);
        break;
      default:
        assertNever(output);
    }
  }

  #startThread(): void {
    // Another thread that hung was awaited, and perhaps given up.
    if (this.#lifecycle.phase !== 'starting' || this.#worker) return;
    // It stands here, since the thread's native code prints for the whole process. It is done late, since it takes some memory.
    silenceNativeOutput();
    const { port1, port2 } = new MessageChannel();
    const worker = new Worker(this.#path, { workerData: { life: port2 }, transferList: [port2] });
    this.#worker = worker;
    this.#life = port1;
    port1.unref();
    worker.on('message', (event: WorkerEvent) => {
      if (worker === this.#worker) faults.guard('sound and media', () => this.#onEvent(event));
    });
    worker.on('error', (error) => faults.tell('the media worker', error));
    worker.on('exit', () => {
      this.#stuck.delete(worker);
      if (worker !== this.#worker) return;
      this.#worker = undefined;
      this.#step({ type: 'exit' });
    });
  }

  /** Ends a thread that does not answer. While it is stuck in the system's own code nothing ends it, and no other starts. */
  #killThread(): void {
    const [worker, life] = [this.#worker, this.#life];
    this.#worker = undefined;
    if (!worker || !life) return;
    this.#log('media worker: does not answer; ending it');
    this.#stuck.add(worker);
    this.#killing = Promise.race([exitOf(worker), once(life, 'close')]);
    void worker.terminate();
  }

  #onEvent(event: WorkerEvent): void {
    if (event.type === 'fault') faults.tell(`the media worker: ${event.where}`, event.error, event.times);
    this.#step({ type: 'event', event });
    if (event.type !== 'started' && event.type !== 'stays' && event.type !== 'pong')
      this.#events.emit(event.type, event);
  }

  /** Main holds the port until a packet or an order calls for the worker. */
  async #keep(endpoint: MediaAddress): Promise<void> {
    const { address, port } = endpoint;
    this.#freePort();
    try {
      this.#keeper = await PortKeeper.open(address, port, (packet) => this.#wakeFor(packet));
    } catch (error) {
      const text = bindingFailed(address, port, error);
      this.#log(`media worker: ${text.sentence}`);
      this.#step({ type: 'keep-failed', endpoint, text });
      return;
    }
    this.#step({ type: 'kept', endpoint, port: this.#keeper.port });
  }

  /**
   * A colleague's first fragment wakes the worker before the header comes. Any other packet waits for the header, which
   * wakes it by an order: so nobody on the LAN keeps it awake, nor does what is sent to the group for others.
   */
  #wakeFor({ bytes, from, isByGroup }: Packet): void {
    if (
      isByGroup ||
      this.#lifecycle.phase !== 'resting' ||
      !isFragment(bytes) ||
      !this.#isKnown(from.address)
    )
      return;
    if (this.#wakings.take(performance.now())) this.#step({ type: 'packet' });
  }

  #freePort(): Packet[] {
    const packets = this.#keeper?.close() ?? [];
    this.#keeper = undefined;
    return packets;
  }

  #schedule(at: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#step({ type: 'time' }), Math.max(1, at - performance.now()));
  }
}

function exitOf(worker: Worker): Promise<unknown> {
  return once(worker, 'exit');
}

async function isWithin(ms: number, work: Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => (timer = setTimeout(() => resolve(false), ms)));
  const isDone = await Promise.race([work.then(() => true), late]);
  clearTimeout(timer);
  return isDone;
}

function cannotOpen({ sentence, phrase }: LocalizedText): CorridorError {
  return new CorridorError('media-open-failed', sentence, { phrase });
}

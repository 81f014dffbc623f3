import type { SoundConfiguration, WorkerCommand, WorkerEvent } from '../../main/media/index.ts';
import { WorkerLifecycle, type LifecycleInput } from '../../main/media/worker-lifecycle.ts';
import { HandMedia } from '../../main/messages/test-ports.ts';
import type { Fragment } from '../../main/model/index.ts';
import type { SimulatedPlayout } from './simulated-playout.ts';
import { SimulatedThread } from './simulated-thread.ts';

/** How long a new thread takes until it takes orders, ms. */
const LOADING_MS = 100;
const SOUND: SoundConfiguration = { microphone: null, speaker: null, ready: 'warm' };

/**
 * A media worker in a simulation. Its lifecycle is the real one: it decides when the thread starts again after a crash, and what
 * becomes of orders meanwhile. The thread does what it was ordered, and main is told what it says, where the simulation says so.
 */
export class SimulatedWorker extends HandMedia {
  hasLoudspeaker = true;
  /** Called with each order of main, before anything else. */
  onOrder: (command: WorkerCommand) => void = () => undefined;
  /** The messages that were played to their end. */
  readonly ended = new Set<string>();
  /** What sounded in the last run, also where that ended it. */
  sounds: readonly SimulatedPlayout[] = [];
  readonly #now: () => number;
  readonly #lifecycle = new WorkerLifecycle({ rests: false, restAfterMs: 0 });
  #thread: SimulatedThread | undefined;
  #loadedAt: number | undefined;
  #dueAt = Infinity;
  #orders: WorkerCommand[] = [];
  #told: WorkerEvent[] = [];

  constructor(now: () => number) {
    super();
    this.#now = now;
    this.#step({ type: 'start', sound: SOUND });
  }

  /** The thread takes orders. */
  get isUp(): boolean {
    return this.#thread !== undefined && this.#loadedAt === undefined;
  }

  /** The messages that have a playout, whether they sound or not. */
  get playing(): readonly string[] {
    return this.#thread?.playouts.map(({ id }) => id) ?? [];
  }

  override post(command: WorkerCommand): void {
    this.onOrder(command);
    this.#step({ type: 'order', command });
  }

  override arrive(fragments: readonly Fragment[], ssrc: number): void {
    if (this.isUp) this.#thread?.arrive(fragments, ssrc);
  }

  /** The thread does what it was ordered, and `ms` of sound go by. */
  run(ms: number): void {
    if (this.#now() >= this.#dueAt) this.#step({ type: 'time' });
    if (this.#now() >= (this.#loadedAt ?? Infinity)) {
      this.#loadedAt = undefined;
      this.#step({ type: 'event', event: { type: 'started' } });
    }
    const orders = this.#orders;
    this.#orders = [];
    for (const order of orders) this.#thread?.execute(order);
    const before = this.#thread?.playouts ?? [];
    this.#thread?.run(ms);
    this.sounds = before.filter(({ isSounding }) => isSounding);
  }

  /** Main takes what the thread has said. */
  tell(): void {
    const told = this.#told;
    this.#told = [];
    for (const event of told) {
      if (event.type === 'playback-ended' && event.reason === 'end') this.ended.add(event.id);
      this.#step({ type: 'event', event });
      if (event.type !== 'started' && event.type !== 'stays' && event.type !== 'pong') this.report(event);
    }
  }

  override crash(): void {
    if (!this.#thread) return;
    this.tell();
    this.#thread = undefined;
    this.#loadedAt = undefined;
    this.#orders = [];
    this.sounds = [];
    this.#step({ type: 'exit' });
  }

  #step(input: LifecycleInput): void {
    let isAsked = false;
    for (const output of this.#lifecycle.step(input, this.#now())) {
      if (output.type === 'schedule') this.#dueAt = output.at;
      else if (output.type === 'kill-thread') throw new Error('a thread that lives was ended');
      else if (output.type === 'post' && output.command.type === 'ping') isAsked = true;
      else if (output.type === 'post') this.#orders.push(output.command);
      else if (output.type === 'start-thread') this.#start();
      else if (output.type === 'crashed') super.crash();
      else if (output.type === 'restarted') this.restart();
    }
    if (isAsked) this.#step({ type: 'event', event: { type: 'pong' } });
  }

  #start(): void {
    this.#loadedAt = this.#now() + LOADING_MS;
    this.#thread = new SimulatedThread({
      now: this.#now,
      tell: (event) => void this.#told.push(event),
      send: (fragments, ssrc, targets) => this.carry?.(fragments, ssrc, targets),
      hasLoudspeaker: () => this.hasLoudspeaker,
    });
  }
}

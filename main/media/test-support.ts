import { fork, type ChildProcess } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { correlate } from '../../test/support/correlate.ts';
import { eventually } from '../../test/support/eventually.ts';
import { seededRandom } from '../../test/support/seeded-random.ts';
import type { Fragment, FragmentRange } from '../model/index.ts';
import type { SoundConfiguration, MediaAddress, WorkerCommand, WorkerEvent } from './index.ts';
import type { Order, Report } from './test-worker-process.ts';

type EventOf<T extends WorkerEvent['type']> = Extract<WorkerEvent, { type: T }>;

const PATIENCE_MS = 10_000;
const WORKER = fileURLToPath(new URL('worker.ts', import.meta.url));
const PROGRAM = fileURLToPath(new URL('test-worker-process.ts', import.meta.url));
const PIECE_SAMPLES = 12_000;

export const newKey = () => ({ masterKey: randomBytes(16), masterSalt: randomBytes(12) });

/** A process of its own with one media worker, on loopback. */
export class WorkerProcess {
  readonly #child: ChildProcess;
  readonly events: WorkerEvent[] = [];
  readonly fragments = new Map<string, Map<number, Uint8Array>>();
  crashes = 0;
  address: MediaAddress = { address: '127.0.0.1', port: 0 };

  private constructor(child: ChildProcess) {
    this.#child = child;
    child.on('message', (report: Report) => {
      if (report.report === 'event') this.#take(report.event);
      else if (report.report === 'crashed') this.crashes += 1;
    });
  }

  static async start(
    env: Readonly<Record<string, string>>,
    sound: Partial<SoundConfiguration> = {},
    worker = WORKER,
  ): Promise<WorkerProcess> {
    const child = fork(PROGRAM, [worker], {
      env: { ...process.env, ...env },
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    const started = new WorkerProcess(child);
    started.#order({
      order: 'start',
      sound: { microphone: null, speaker: null, ready: 'cold', ...sound },
    });
    try {
      await started.bind('127.0.0.1', 0);
    } catch (error) {
      child.kill('SIGKILL');
      throw error;
    }
    return started;
  }

  /** Moves the media socket; from then on `address` is there. */
  async bind(address: string, port: number): Promise<void> {
    const bound = this.next('bound');
    this.#order({ order: 'bind', address, port });
    this.address = { address, port: (await bound).port };
  }

  post(command: WorkerCommand): void {
    this.#order({ order: 'post', command });
  }

  /** The worker plays what it has received of this message and what it receives from now on, as if it came from a store. */
  playFromReceived(id: string): void {
    this.post({ type: 'play-fragments', id, fragments: this.stored(id) });
    this.#child.on('message', (report: Report) => {
      if (report.report !== 'event' || report.event.type !== 'received' || report.event.id !== id) return;
      this.post({ type: 'play-fragments', id, fragments: report.event.fragments });
    });
  }

  /** Resolves once its microphone and its loudspeaker run. */
  async soundRuns(): Promise<void> {
    const sound = () => this.events.findLast((event) => event.type === 'sound-state');
    await eventually(
      () => sound()?.microphone.state === 'running' && sound()?.speaker.state === 'running',
      () => `microphone and loudspeaker run: ${JSON.stringify(sound())}`,
    );
  }

  /** Resolves once it has made or received this many fragments of the message. */
  async holds(id: string, count: number): Promise<void> {
    const held = () => this.fragments.get(id)?.size ?? 0;
    await eventually(
      () => held() >= count,
      () => `${held()} of ${count} fragments came`,
    );
  }

  /** Blocks the main loop of that process. */
  stall(ms: number): void {
    this.#order({ order: 'stall', ms });
  }

  /** The next event of that type that fits. */
  next<T extends WorkerEvent['type']>(
    type: T,
    fits: (event: EventOf<T>) => boolean = () => true,
  ): Promise<EventOf<T>> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`no ${type} came`)), PATIENCE_MS);
      const onMessage = (report: Report) => {
        if (report.report !== 'event' || report.event.type !== type) return;
        const event = report.event as EventOf<T>;
        if (!fits(event)) return;
        clearTimeout(timer);
        this.#child.off('message', onMessage);
        resolve(event);
      };
      this.#child.on('message', onMessage);
    });
  }

  /** Fragments made or received of a message, in order; those in `without` left out. */
  stored(id: string, without: FragmentRange = { from: 0, to: 0 }): Fragment[] {
    return [...(this.fragments.get(id) ?? new Map<number, Uint8Array>())]
      .map(([n, bytes]) => ({ n, bytes }))
      .filter(({ n }) => n < without.from || n >= without.to)
      .sort((a, b) => a.n - b.n);
  }

  async close(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exited = once(this.#child, 'exit');
    this.#order({ order: 'close' });
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), 3000);
    await exited;
    clearTimeout(timer);
  }

  #take(event: WorkerEvent): void {
    this.events.push(event);
    if (event.type !== 'received' && event.type !== 'talk-fragments') return;
    const fragments = this.fragments.get(event.id) ?? new Map<number, Uint8Array>();
    this.fragments.set(event.id, fragments);
    for (const { n, bytes } of event.fragments) fragments.set(n, bytes);
  }

  #order(order: Order): void {
    this.#child.send(order);
  }
}

/** Passes packets between two, and loses some: seeded, each way. */
export async function startLossyRelay(a: MediaAddress, b: MediaAddress, loss: number, seed: number) {
  const random = seededRandom(seed);
  const open = async (to: MediaAddress, back: () => ReturnType<typeof createSocket>) => {
    const socket = createSocket('udp4');
    socket.on('message', (packet) => {
      if (random() >= loss) back().send(packet, to.port, to.address);
    });
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    return socket;
  };
  // What A sends to `facingA` leaves towards B by `facingB`, and the other way.
  const facingA: ReturnType<typeof createSocket> = await open(b, () => facingB);
  const facingB: ReturnType<typeof createSocket> = await open(a, () => facingA);
  const addressOf = (socket: typeof facingA): MediaAddress => ({
    address: '127.0.0.1',
    port: socket.address().port,
  });
  return {
    forA: addressOf(facingA),
    forB: addressOf(facingB),
    close: () => {
      facingA.close();
      facingB.close();
    },
  };
}

/**
 * How much the delay of one spoken quarter second differs from that of another, milliseconds, among those that are
 * heard clearly: a pause of the whole chain would show here.
 */
export function delaySpread(spoken: Int16Array, heard: Int16Array): number {
  const whole = Math.round(correlate(spoken, heard).lagMs * 48);
  const lags: number[] = [];
  for (let at = 0; at + PIECE_SAMPLES <= spoken.length; at += PIECE_SAMPLES) {
    const from = Math.max(0, at + whole - PIECE_SAMPLES);
    const window = heard.subarray(from, from + 3 * PIECE_SAMPLES);
    const { peak, lagMs } = correlate(spoken.subarray(at, at + PIECE_SAMPLES), window);
    if (peak > 0.8) lags.push(lagMs + (from - at) / 48);
  }
  return Math.max(...lags) - Math.min(...lags);
}

import { spawn, type ChildProcess } from 'node:child_process';
import type { Pulse } from './pulse.ts';

const RATE_HZ = 48_000;
/** How long the estimate of the start takes to become accurate, ms. */
const WARM_UP_MS = 300;

/**
 * Records a Pulse source and relates it to this process's clock. The start is the earliest that the arrival of any chunk allows: a chunk can
 * come late, never early. The server's own delay is the same for every source, so differences between two listeners are exact.
 */
export class Listener {
  readonly #recorder: ChildProcess;
  readonly #chunks: Buffer[] = [];
  #bytes = 0;
  #startedAt = Number.POSITIVE_INFINITY;

  private constructor(recorder: ChildProcess) {
    this.#recorder = recorder;
    recorder.stdout?.on('data', (chunk: Buffer) => {
      this.#bytes += chunk.length;
      this.#chunks.push(chunk);
      this.#startedAt = Math.min(this.#startedAt, performance.now() - (this.#bytes / 2 / RATE_HZ) * 1000);
    });
  }

  static async start(pulse: Pulse, source: string): Promise<Listener> {
    const format = ['--format=s16le', '--rate=48000', '--channels=1', '--latency-msec=5', '--raw'];
    const recorder = spawn('parec', [`--device=${source}`, ...format], {
      env: { ...process.env, ...pulse.env },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const listener = new Listener(recorder);
    await new Promise((resolve) => recorder.stdout?.once('data', resolve));
    await new Promise((resolve) => setTimeout(resolve, WARM_UP_MS));
    return listener;
  }

  /** Samples from `fromMs` (performance.now) on, `durationMs` long; what was not recorded is silence. */
  between(fromMs: number, durationMs: number): Int16Array {
    const all = Buffer.concat(this.#chunks);
    const out = new Int16Array(Math.round((durationMs * RATE_HZ) / 1000));
    const first = Math.round(((fromMs - this.#startedAt) * RATE_HZ) / 1000);
    for (let n = 0; n < out.length; n++) {
      const at = (first + n) * 2;
      if (at >= 0 && at + 1 < all.length) out[n] = all.readInt16LE(at);
    }
    return out;
  }

  /** When the first sample louder than `level` (0..1) was heard after `fromMs`; undefined within `withinMs`. */
  firstSound(fromMs: number, withinMs: number, level = 0.01): number | undefined {
    const samples = this.between(fromMs, withinMs);
    const at = samples.findIndex((sample) => Math.abs(sample) > level * 32768);
    return at < 0 ? undefined : fromMs + (at * 1000) / RATE_HZ;
  }

  /** Forgets what was recorded: long runs need not keep it all. */
  forget(): void {
    const kept = this.#chunks.splice(0).reduce((sum, chunk) => sum + chunk.length, 0);
    this.#startedAt += (kept / 2 / RATE_HZ) * 1000;
    this.#bytes -= kept;
  }

  stop(): void {
    this.#recorder.kill();
  }
}

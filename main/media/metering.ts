import type { Capture, SoundEngine } from '../../native-audio/index.ts';
import { schedule, type Schedule } from '../model/index.ts';

/** Whoever looks at the meter asks again in time; a window that went away does not keep the microphone open. */
const METER_MS = 60_000;

/** Keeps the microphone open so that its loudness can be shown, and keeps nothing of what it hears. */
export class Metering {
  readonly #engine: Pick<SoundEngine, 'startCapture'>;
  #capture: Capture | undefined;
  readonly #schedule: Schedule;
  #cancel: (() => void) | undefined;

  constructor(engine: Pick<SoundEngine, 'startCapture'>, own: Schedule = schedule) {
    this.#engine = engine;
    this.#schedule = own;
  }

  get isOn(): boolean {
    return this.#capture !== undefined;
  }

  /** From now on, for a minute. */
  start(): void {
    this.#cancel?.();
    this.#cancel = this.#schedule(() => this.stop(), METER_MS);
    this.#capture ??= this.#engine.startCapture(() => undefined);
  }

  stop(): void {
    this.#cancel?.();
    this.#capture?.end();
    this.#capture = undefined;
  }
}

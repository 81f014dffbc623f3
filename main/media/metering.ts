import { schedule, type Schedule } from '../model/index.ts';
import type { AudioCapture, AudioPort } from './audio-port.ts';

/** A window that shows the meter asks again in time. One that has gone does not keep the microphone open. */
const METER_MS = 60_000;

/** Keeps the microphone open so that its loudness can be shown. It keeps nothing of what it hears. */
export class Metering {
  readonly #audio: Pick<AudioPort, 'startCapture'>;
  #capture: AudioCapture | undefined;
  readonly #schedule: Schedule;
  #cancel: (() => void) | undefined;

  constructor(audio: Pick<AudioPort, 'startCapture'>, own: Schedule = schedule) {
    this.#audio = audio;
    this.#schedule = own;
  }

  get isOn(): boolean {
    return this.#capture !== undefined;
  }

  /** From now on, for a minute. */
  start(): void {
    this.#cancel?.();
    this.#cancel = this.#schedule(() => this.stop(), METER_MS);
    this.#capture ??= this.#audio.startCapture(() => undefined);
  }

  stop(): void {
    this.#cancel?.();
    this.#capture?.end();
    this.#capture = undefined;
  }
}

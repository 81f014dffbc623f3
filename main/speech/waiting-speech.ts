import { SPEECH_RATE_HZ } from './sixteen-kilohertz.ts';

/** A caption that is later than this is of no use any more: the oldest of what waits is dropped. */
const MAX_WAITING = 5 * SPEECH_RATE_HZ;

/** Speech of 16 kHz that an engine has not taken yet: five seconds at most. */
export class WaitingSpeech {
  #parts: Int16Array[] = [];
  #samples = 0;

  get isEmpty(): boolean {
    return this.#samples === 0;
  }

  put(part: Int16Array): void {
    if (part.length === 0) return;
    this.#parts.push(part);
    this.#samples += part.length;
    while (this.#samples > MAX_WAITING) this.#samples -= this.#parts.shift()!.length;
  }

  /** All that waits, in one piece. */
  take(): Int16Array {
    const all = new Int16Array(this.#samples);
    let at = 0;
    for (const part of this.#parts) {
      all.set(part, at);
      at += part.length;
    }
    this.#parts = [];
    this.#samples = 0;
    return all;
  }
}

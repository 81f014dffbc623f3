/** How sound is handed to the loudspeaker. */
export interface OutputBuffers {
  /** PortAudio's buffer, in samples at 48 kHz. */
  readonly framesPerBuffer: number;
  /** Into how many parts a frame of 10 ms is cut while something sounds. Silence goes by halves of a frame. */
  readonly parts: number;
}

/**
 * Two parts are always queued ahead of the device, so the smaller they are, the later each is asked for, and the less a
 * frame that just arrived waits for its turn. Measured on PulseAudio, microphone to loudspeaker with nothing in between:
 * see the floor in the benchmarks; the second are what a busy computer still fills in time.
 */
export const SMALL: OutputBuffers = { framesPerBuffer: 80, parts: 6 };
export const SAFE: OutputBuffers = { framesPerBuffer: 240, parts: 4 };

/** The device ran dry so often within so long: that is heard. */
const DRY_TIMES = 4;
const DRY_WITHIN_MS = 5000;
/** A device that was just opened runs dry until its first samples come. */
const OPENING_MS = 500;
/** After so long without running dry the small ones are tried again; twice as long after each time that failed. */
const CALM_FIRST_MS = 5 * 60 * 1000;
const CALM_MAX_MS = 2 * 60 * 60 * 1000;

/**
 * Which buffers a loudspeaker gets: the small ones, until it runs dry again and again; then the safe ones, for a while.
 * Stability before latency. Pure; times in milliseconds by one clock.
 */
export class OutputBufferChoice {
  #current = SMALL;
  #openedAt = 0;
  #calmMs = CALM_FIRST_MS;
  #lastDryAt = -Infinity;
  /** When it ran dry, the latest last. */
  #dry: number[] = [];

  get current(): OutputBuffers {
    return this.#current;
  }

  /** The device was opened with `current`. */
  opened(now: number): void {
    this.#openedAt = now;
    this.#dry = [];
  }

  /** The device ran dry. True: it is to be opened anew, with other buffers. */
  ranDry(now: number): boolean {
    if (now - this.#openedAt < OPENING_MS) return false;
    this.#lastDryAt = now;
    this.#dry = [...this.#dry.filter((at) => now - at < DRY_WITHIN_MS), now];
    if (this.#current === SAFE || this.#dry.length < DRY_TIMES) return false;
    this.#current = SAFE;
    return true;
  }

  /** Nothing sounds. True: it is to be opened anew, with the small buffers again, which nobody hears. */
  silent(now: number): boolean {
    if (this.#current === SMALL || now - Math.max(this.#lastDryAt, this.#openedAt) < this.#calmMs)
      return false;
    this.#current = SMALL;
    this.#calmMs = Math.min(CALM_MAX_MS, this.#calmMs * 2);
    return true;
  }
}

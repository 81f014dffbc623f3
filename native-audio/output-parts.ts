/*
 * Sound is asked for and handed over in parts of a frame: two parts are always queued ahead of the device, so the smaller
 * they are, the later each is asked for, and the less a frame that just arrived waits for its turn. Measured on PulseAudio
 * with PortAudio buffers of 80 samples, microphone to loudspeaker with nothing in between: 21 to 24 ms with six parts, 33 to
 * 35 ms with two. With eight busy programs on two processors the device ran dry 42 times in ten seconds with six parts, and
 * 11 times with two, which buffers of 240 samples do not better.
 */
export const SMALL_PARTS = 6;
export const LARGE_PARTS = 2;

/** A listener hears it when the device ran dry this many times within this time. */
const DRY_TIMES = 4;
const DRY_WITHIN_MS = 5000;
/** A device that was just opened runs dry until its first samples come. */
const OPENING_MS = 500;
/** The first fragments of a message are there some 5 to 10 ms before its key is opened; a busy computer takes longer. */
const EXPECTED_MS = 300;
/** After this long without running dry the small parts are tried again. The time doubles with each attempt. */
const CALM_FIRST_MS = 60 * 1000;
const CALM_MAX_MS = 60 * 60 * 1000;

/**
 * Into how many parts a frame is cut. Silence, which is written all day, into few and large ones, since each part costs
 * processor time; sound, and silence just before it, into many and small ones, until the loudspeaker runs dry again and
 * again: then into few and large ones for a while. Stability before latency. Pure; times in milliseconds by one clock.
 */
export class OutputParts {
  #parts = SMALL_PARTS;
  #openedAt = 0;
  #calmMs = CALM_FIRST_MS;
  #lastDryAt = 0;
  #expectedUntil = -Infinity;
  /** When it ran dry, the latest last. */
  #dry: number[] = [];

  opened(now: number): void {
    this.#openedAt = now;
  }

  /** The device ran dry. */
  ranDry(now: number): void {
    if (now - this.#openedAt < OPENING_MS) return;
    this.#lastDryAt = now;
    this.#dry = [...this.#dry.filter((at) => now - at < DRY_WITHIN_MS), now];
    if (this.#dry.length >= DRY_TIMES) this.#parts = LARGE_PARTS;
  }

  /** Sound is on its way: less silence is to be queued before it. */
  expectSound(now: number): void {
    this.#expectedUntil = now + EXPECTED_MS;
  }

  /** Of a frame, from now on. `isSound`: whether the samples before were. */
  parts(now: number, isSound: boolean): number {
    return isSound || now < this.#expectedUntil ? this.#ofSound(now) : LARGE_PARTS;
  }

  #ofSound(now: number): number {
    if (this.#parts === LARGE_PARTS && now - this.#lastDryAt >= this.#calmMs) {
      this.#parts = SMALL_PARTS;
      this.#calmMs = Math.min(CALM_MAX_MS, this.#calmMs * 2);
    }
    return this.#parts;
  }
}

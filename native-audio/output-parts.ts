import { FRAME_SAMPLES } from './frame.ts';

/*
 * The loudspeaker takes a frame in parts, and two parts are always queued ahead of the device. The smaller the parts, the
 * later the loudspeaker asks for each, and the less a frame that has just arrived waits. Measured on PulseAudio with
 * PortAudio buffers of 80 samples, from microphone to loudspeaker with nothing in between: 21 to 24 ms with six parts, 33
 * to 35 ms with two. With eight busy programs on two processors the device ran dry 42 times in ten seconds with six parts,
 * and 11 times with two. Buffers of 240 samples were no better.
 */
export const SMALL_PARTS = 6;
export const LARGE_PARTS = 2;

/**
 * How many samples to write at once: a part, and the samples after it that are final. The last two parts of these are written separately,
 * so that the samples behind them are asked for as late as if each part had been written by itself.
 * @param part the size of a part, samples
 * @param decided how many samples after that part are final
 */
export function samplesAtOnce(part: number, decided: number): number {
  return Math.min(FRAME_SAMPLES, part * Math.max(1, Math.floor(decided / part) - 1));
}

/** A listener notices that the device runs dry once it does so this many times within this time. */
const DRY_TIMES = 4;
const DRY_WITHIN_MS = 5000;
/** A device that was just opened runs dry until its first samples come, ms. */
const OPENING_MS = 500;
/** How long expected sound is awaited, ms: fragments arrive 5 to 10 ms before the node has opened the key, or longer on a busy computer. */
const EXPECTED_MS = 300;
/** After this long without running dry the loudspeaker tries the small parts again. The time doubles with each attempt that fails. */
const CALM_FIRST_MS = 5 * 1000;
const CALM_MAX_MS = 60 * 60 * 1000;
/** Small parts that lasted this long have not failed: what disturbs the computer now is something else. */
const LASTED_MS = 10 * 60 * 1000;

/**
 * Decides into how many parts the loudspeaker cuts a frame. Silence goes in few large parts: the device gets it all day,
 * and each part costs processor time. Sound, and silence just before it, goes in many small parts. If the loudspeaker runs
 * dry again and again, sound goes in few large parts for a while: stability before latency. Pure; times in milliseconds by
 * one clock.
 */
export class OutputParts {
  #parts = SMALL_PARTS;
  #openedAt = 0;
  #calmMs = CALM_FIRST_MS;
  #lastDryAt = 0;
  /** When it last went back to small parts. */
  #smallSince = -Infinity;
  #expectedUntil = -Infinity;
  /** The times at which it ran dry, the latest last. */
  #dry: number[] = [];

  opened(now: number): void {
    this.#openedAt = now;
  }

  /** The device ran dry. */
  ranDry(now: number): void {
    if (now - this.#openedAt < OPENING_MS) return;
    this.#lastDryAt = now;
    this.#dry = [...this.#dry.filter((at) => now - at < DRY_WITHIN_MS), now];
    if (this.#dry.length >= DRY_TIMES) this.#becomeLarge(now);
  }

  /** Sound is on its way: the loudspeaker queues less silence ahead of it. */
  expectSound(now: number): void {
    this.#expectedUntil = now + EXPECTED_MS;
  }

  /** Whether sound that comes now should find as little queued ahead of it as possible. */
  isExpecting(now: number): boolean {
    return now < this.#expectedUntil;
  }

  /** The number of parts of a frame, from now on. `isSound`: whether the samples before were sound. */
  parts(now: number, isSound: boolean): number {
    return isSound || this.isExpecting(now) ? this.#ofSound(now) : LARGE_PARTS;
  }

  #ofSound(now: number): number {
    if (this.#parts === LARGE_PARTS && now - this.#lastDryAt >= this.#calmMs) {
      this.#parts = SMALL_PARTS;
      this.#smallSince = now;
    }
    return this.#parts;
  }

  #becomeLarge(now: number): void {
    if (this.#parts === LARGE_PARTS) return;
    this.#parts = LARGE_PARTS;
    const hasLasted = now - this.#smallSince >= LASTED_MS;
    this.#calmMs = hasLasted ? CALM_FIRST_MS : Math.min(CALM_MAX_MS, this.#calmMs * 2);
  }
}

import { FRAME_MS } from '../model/index.ts';

/** A key that was let go sooner was only clicked, unless there was a voice before, ms. */
export const CLICK_MS = 400;
/** The least loudness of a frame with a voice in it, of full scale (root mean square): -46 dB, as in the sound check of the settings. */
const VOICE_LEVEL = 0.005;
const FULL_SCALE = 32_768;

/**
 * Holds back the frames of a talk that may be a click: until there is a voice in one of them, or until no click lasts as long.
 * It takes no frame to decide, so a voice is sent as soon as without it, with all that came before.
 */
export class FirstVoice {
  readonly #keyDownAt: number;
  readonly #held: Int16Array[] = [];

  /** @param keyDownAt by `Clock.monotonic`, ms */
  constructor(keyDownAt: number) {
    this.#keyDownAt = keyDownAt;
  }

  /** Takes a frame, 10 ms at 48 kHz. Whether the talk is meant as one. */
  put(frame: Int16Array): boolean {
    this.#held.push(frame.slice());
    return this.#held.length * FRAME_MS >= CLICK_MS || levelOf(frame) >= VOICE_LEVEL;
  }

  /** Whether the key that is let go now was only clicked. A microphone that takes long to open gives no frame by then. */
  isClick(now: number): boolean {
    return now - this.#keyDownAt < CLICK_MS;
  }

  /** All frames that were held back, in order. */
  get held(): readonly Int16Array[] {
    return this.#held;
  }
}

/** The root mean square, 0 to 1. */
function levelOf(frame: Int16Array): number {
  let sum = 0;
  for (const sample of frame) sum += sample * sample;
  return Math.sqrt(sum / Math.max(1, frame.length)) / FULL_SCALE;
}

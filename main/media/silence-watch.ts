import { FRAME_MS } from '../model/index.ts';

/** A microphone that gives nothing for this long gives nothing at all, ms: it is muted, or the wrong one. */
const SILENT_AFTER_MS = 2000;
/** Samples below this are no sound: the noise of an open microphone in a quiet room is louder. A muted one gives zeros. */
const SOUND = 4;

/** Notices that a microphone which somebody talks into gives no sound, and that it does again. */
export class SilenceWatch {
  #silentMs = 0;
  #isSilent = false;

  /** Takes a frame, 10 ms. Returns whether the microphone is silent from now on; undefined: as before. */
  put(frame: Int16Array): boolean | undefined {
    this.#silentMs = hasSound(frame) ? 0 : this.#silentMs + FRAME_MS;
    const isSilent = this.#silentMs >= SILENT_AFTER_MS;
    if (isSilent === this.#isSilent) return undefined;
    this.#isSilent = isSilent;
    return isSilent;
  }
}

function hasSound(frame: Int16Array): boolean {
  for (const sample of frame) if (sample >= SOUND || sample <= -SOUND) return true;
  return false;
}

import { resample } from '../../native-audio/index.ts';
import { SAMPLE_RATE_HZ } from '../model/index.ts';
import { floatsOf, REACH, SPEECH_RATE_HZ, STEP } from './sixteen-kilohertz.ts';

/** 48 kHz as 16 kHz, part after part, without a seam. The result is 4 ms behind, since the filter needs what follows. */
export class LiveSpeechRate {
  /** What the filter still needs of what came, -1 to 1. */
  #kept = new Float32Array(0);
  /** Samples of the result that lie within `#kept` and were given already. */
  #given = 0;

  put(pcm: Int16Array): Int16Array {
    const all = new Float32Array(this.#kept.length + pcm.length);
    all.set(this.#kept);
    all.set(floatsOf(pcm), this.#kept.length);
    const ready = Math.max(this.#given, Math.floor(all.length / STEP) - REACH);
    const result = resample(all, SAMPLE_RATE_HZ, SPEECH_RATE_HZ).slice(this.#given, ready);
    const from = Math.max(0, ready - REACH);
    this.#kept = all.slice(from * STEP);
    this.#given = ready - from;
    return result;
  }
}

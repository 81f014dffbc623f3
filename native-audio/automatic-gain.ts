import { FRAME_MS, FRAME_SAMPLES } from './frame.ts';

/** The target loudness of speech, decibels relative to full scale: as a headset close to the mouth gives it. */
const TARGET_DB = -23;
const LEAST_DB = -12;
const MOST_DB = 18;
/** The background is never amplified above this, decibels relative to full scale. */
const LOUDEST_NOISE_DB = -50;
/** Sound that is this much louder than the background is taken for speech. */
const SPEECH_ABOVE_NOISE_DB = 12;
const SOFTEST_SPEECH_DB = -55;
/** The background estimate is the softest sound that was heard, except digital silence. If it gets louder, the estimate rises slowly. */
const SOFTEST_NOISE_DB = -75;
const NOISE_RISES_DB = (2 * FRAME_MS) / 1000;
/** The time constants of the loudness estimate, in speech. A louder voice is followed sooner. */
const LOUDER_MS = 300;
const SOFTER_MS = 2000;
/** The gain changes slowly, so that the change is not heard: decibels a frame. */
const GAIN_RISES_DB = (6 * FRAME_MS) / 1000;
const GAIN_FALLS_DB = (20 * FRAME_MS) / 1000;
/** No sample is louder than this. */
const CEILING = 32_768 * 10 ** (-1 / 20);
/** If a frame would be too loud, the gain falls within this many samples. */
const LIMIT_SAMPLES = 48;

/**
 * Automatic gain control: makes soft voices louder and loud ones softer, and limits samples that would clip. 48 kHz mono. Noise alone
 * does not change the gain. Adds no delay. Deterministic.
 */
export class AutomaticGain {
  readonly #frame = new Int16Array(FRAME_SAMPLES);
  #noiseDb = SOFTEST_NOISE_DB;
  #speechDb = TARGET_DB;
  /** The gain that the estimated loudness of speech calls for. */
  #gainDb = 0;
  /** The gain of the last sample, a factor, which the limiter may have lowered. */
  #gain = 1;

  /** The gain that is applied to speech now, decibels. */
  get gainDb(): number {
    return this.#gainDb;
  }

  /** 480 samples → as many, valid until the next call. */
  process(frame: Int16Array): Int16Array {
    const { levelDb, peak } = measure(frame);
    this.#learn(levelDb);
    const wanted = 10 ** (this.#gainDb / 20);
    const isTooLoud = peak * Math.max(wanted, this.#gain) > CEILING;
    const target = isTooLoud ? Math.min(wanted, CEILING / peak) : wanted;
    const samples = isTooLoud ? LIMIT_SAMPLES : FRAME_SAMPLES;
    const from = this.#gain;
    for (let i = 0; i < FRAME_SAMPLES; i++) {
      const gain = i < samples ? from + ((target - from) * (i + 1)) / samples : target;
      const value = frame[i]! * gain;
      this.#frame[i] = value > CEILING ? CEILING : value < -CEILING ? -CEILING : value;
    }
    this.#gain = target;
    return this.#frame;
  }

  #learn(levelDb: number): void {
    this.#noiseDb = Math.max(SOFTEST_NOISE_DB, Math.min(levelDb, this.#noiseDb + NOISE_RISES_DB));
    const isSpeech = levelDb > Math.max(SOFTEST_SPEECH_DB, this.#noiseDb + SPEECH_ABOVE_NOISE_DB);
    if (isSpeech) {
      const followMs = levelDb > this.#speechDb ? LOUDER_MS : SOFTER_MS;
      this.#speechDb += (levelDb - this.#speechDb) * (FRAME_MS / followMs);
    }
    const mostDb = Math.min(MOST_DB, Math.max(0, LOUDEST_NOISE_DB - this.#noiseDb));
    const wantedDb = Math.max(LEAST_DB, Math.min(mostDb, TARGET_DB - this.#speechDb));
    // The gain rises during speech alone, so that other sounds are not amplified.
    const rises = isSpeech ? GAIN_RISES_DB : 0;
    this.#gainDb += Math.max(-GAIN_FALLS_DB, Math.min(rises, wantedDb - this.#gainDb));
  }
}

function measure(frame: Int16Array): { readonly levelDb: number; readonly peak: number } {
  let power = 0;
  let peak = 0;
  for (let i = 0; i < FRAME_SAMPLES; i++) {
    const value = Math.abs(frame[i]!);
    power += value * value;
    if (value > peak) peak = value;
  }
  return { levelDb: 10 * Math.log10(power / FRAME_SAMPLES / 32_768 ** 2 + 1e-12), peak };
}

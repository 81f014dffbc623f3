import { seededRandom } from './seeded-random.ts';

const RATE_HZ = 48_000;
const SYLLABLE_SAMPLES = 9600;
/** The level as a share of full scale: about that of a person with a headset. */
const LEVEL = 0.08;

/**
 * A speech-like sound without a synthesiser: syllables of a fifth of a second and pauses, each syllable a buzz with noise through a few
 * resonances. The same for the same seed; 48 kHz mono. `atHz`: one pitch for all syllables; left out: each has its own.
 */
export function syntheticVoice(seed: number, seconds: number, atHz?: number): Int16Array {
  const random = seededRandom(seed);
  const samples = new Float64Array(RATE_HZ * seconds);
  let loudness = 0;
  let wanted = 0;
  let pitchHz = 0;
  let phase = 0;
  let formants: Resonance[] = [];
  for (let n = 0; n < samples.length; n++) {
    if (n % SYLLABLE_SAMPLES === 0) {
      wanted = random() < 0.25 ? 0 : 0.4 + random();
      const ownHz = 100 + random() * 120;
      pitchHz = atHz ?? ownHz;
      formants = [300 + random() * 500, 900 + random() * 1500, 2600].map((hz) => new Resonance(hz));
    }
    loudness += (wanted - loudness) * 0.001;
    phase = (phase + pitchHz / RATE_HZ) % 1;
    const source = (phase < 0.1 ? 1 : 0) + (random() - 0.5) * 0.3;
    samples[n] = loudness * formants.reduce((sum, formant) => sum + formant.pass(source), 0);
  }
  const gain =
    (LEVEL * 32_768) / Math.sqrt(samples.reduce((sum, one) => sum + one * one, 0) / samples.length);
  return Int16Array.from(samples, (one) => Math.max(-32_768, Math.min(32_767, Math.round(one * gain))));
}

/** A resonator of two poles, about 200 Hz wide. */
class Resonance {
  readonly #a: number;
  readonly #b: number;
  #last = 0;
  #beforeLast = 0;

  constructor(hz: number) {
    const radius = 0.987;
    this.#a = 2 * radius * Math.cos((2 * Math.PI * hz) / RATE_HZ);
    this.#b = -radius * radius;
  }

  pass(value: number): number {
    const next = value + this.#a * this.#last + this.#b * this.#beforeLast;
    this.#beforeLast = this.#last;
    this.#last = next;
    return next;
  }
}

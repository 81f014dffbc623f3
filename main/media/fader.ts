/** A lowered voice has so much of its amplitude: 14 dB less. */
const LOWERED = 0.2;
/** From the one to the other, samples: 50 ms, in which nobody hears a click. */
const FADE_SAMPLES = 2400;

/** Lowers a voice and brings it back, smoothly. */
export class Fader {
  #gain = 1;
  #target = 1;

  lower(isLowered: boolean): void {
    this.#target = isLowered ? LOWERED : 1;
  }

  apply(samples: Int16Array): void {
    if (this.#gain === 1 && this.#target === 1) return;
    const step = (1 - LOWERED) / FADE_SAMPLES;
    for (let i = 0; i < samples.length; i++) {
      if (this.#gain > this.#target) this.#gain = Math.max(this.#target, this.#gain - step);
      else if (this.#gain < this.#target) this.#gain = Math.min(this.#target, this.#gain + step);
      samples[i]! *= this.#gain;
    }
  }
}

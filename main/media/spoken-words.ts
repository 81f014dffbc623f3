import { samplesVoice, type Voice } from '../../native-audio/index.ts';
import { Gain } from './gain.ts';

interface SpokenWordsOptions {
  /** 48 kHz, mono. */
  readonly pcm: Int16Array;
  /** Samples that sound first (48 kHz mono). */
  readonly before?: Int16Array;
  /** A factor of the amplitude. */
  readonly gain: number;
  readonly on: {
    /** The first of the words goes to the loudspeaker. */
    sounding(): void;
    ended(): void;
  };
}

/** Words that a voice of this computer speaks, at the loudspeaker: they are whole from the beginning. */
export class SpokenWords implements Voice {
  readonly #options: SpokenWordsOptions;
  readonly #parts: Voice[];
  readonly #gain: Gain;
  #hasSounded = false;

  constructor(options: SpokenWordsOptions) {
    const { pcm, before, gain } = options;
    this.#options = options;
    this.#parts = [...(before ? [before] : []), pcm].map((samples) => samplesVoice(samples));
    this.#gain = new Gain(gain);
  }

  setGain(gain: number): void {
    this.#gain.wanted = gain;
  }

  pull(out: Int16Array): boolean {
    for (let part = this.#parts[0]; part; part = this.#parts[0]) {
      if (this.#parts.length === 1) this.#sounds();
      if (part.pull(out)) {
        this.#gain.amplify(out, out.length);
        return true;
      }
      this.#parts.shift();
    }
    this.#options.on.ended();
    return false;
  }

  #sounds(): void {
    if (this.#hasSounded) return;
    this.#hasSounded = true;
    this.#options.on.sounding();
  }
}

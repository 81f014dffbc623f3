import { ringVoice, type RingName, type Voice } from '../../native-audio/index.ts';
import type { AudioPort } from './audio-port.ts';

/** What a call sounds like before it is answered. */
export class Ringing {
  readonly #audio: Pick<AudioPort, 'addVoice' | 'removeVoice'>;
  #voice: Voice | undefined;

  constructor(audio: Pick<AudioPort, 'addVoice' | 'removeVoice'>) {
    this.#audio = audio;
  }

  get isOn(): boolean {
    return this.#voice !== undefined;
  }

  /** Repeats the sound from now on; null: silence. */
  set(ring: RingName | null): void {
    if (this.#voice) this.#audio.removeVoice(this.#voice);
    this.#voice = ring === null ? undefined : ringVoice(ring);
    if (this.#voice) this.#audio.addVoice(this.#voice);
  }
}

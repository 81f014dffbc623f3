import { OpusDecoder, OpusEncoder } from '../../native-audio/index.ts';
import { FRAME_SAMPLES } from '../model/index.ts';

/** The first frames take several times as long, since the code is being compiled: this many frames of silence go first. */
const WARM_UP_FRAMES = 30;

/**
 * Encoders and decoders made ahead, one of each: a message begins with a fresh one, and must not wait for it. Nothing
 * is loaded before `prepare` or the first use.
 */
export class Codecs {
  #encoder: OpusEncoder | undefined;
  #decoder: OpusDecoder | undefined;
  #preparing: Promise<void> | undefined;
  #isWarm = false;

  /** Loads the library and makes the spares. Never rejects; a failure shows at the next use. */
  prepare(): Promise<void> {
    this.#preparing ??= this.#make()
      .catch(() => undefined)
      .finally(() => (this.#preparing = undefined));
    return this.#preparing;
  }

  /** Hands over a fresh encoder: during this call if there is a spare one. */
  withEncoder(use: (encoder: OpusEncoder) => void, failed: (error: unknown) => void): void {
    const spare = this.#encoder;
    this.#encoder = undefined;
    if (spare) use(spare);
    else OpusEncoder.create().then(use).catch(failed);
    void this.prepare();
  }

  /** Hands over a fresh decoder: during this call if there is a spare one. */
  withDecoder(use: (decoder: OpusDecoder) => void, failed: (error: unknown) => void): void {
    const spare = this.#decoder;
    this.#decoder = undefined;
    if (spare) use(spare);
    else OpusDecoder.create().then(use).catch(failed);
    void this.prepare();
  }

  async #make(): Promise<void> {
    if (!this.#isWarm) await this.#warmUp();
    this.#encoder ??= await OpusEncoder.create();
    this.#decoder ??= await OpusDecoder.create();
  }

  async #warmUp(): Promise<void> {
    this.#isWarm = true;
    const encoder = await OpusEncoder.create();
    const decoder = await OpusDecoder.create();
    const noise = Int16Array.from({ length: FRAME_SAMPLES }, (_, i) => 8000 * Math.sin(i * i));
    for (let n = 0; n < WARM_UP_FRAMES; n++) decoder.decode(encoder.encode(noise));
    encoder.free();
    decoder.free();
  }
}

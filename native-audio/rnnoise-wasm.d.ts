/** RNNoise as WebAssembly, as far as `noise-suppressor` uses it: the package has no types. */
declare module '@jitsi/rnnoise-wasm/dist/rnnoise-sync.js' {
  interface RNNoise {
    /** Another one after the library's memory has grown. */
    readonly HEAPF32: Float32Array;
    _malloc(bytes: number): number;
    _rnnoise_create(model: 0): number;
    /** Samples are floats, full scale being 32768; frames have 480. */
    _rnnoise_process_frame(state: number, out: number, heard: number): number;
  }
  export default function open(): RNNoise;
}

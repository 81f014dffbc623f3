import { setImmediate as othersFirst } from 'node:timers/promises';
import { FRAME_SAMPLES, SAMPLE_RATE_HZ } from './frame.ts';
import { saturated } from './saturated.ts';

/*
 * WebRTC's AEC3, the canceller of Chromium, as WebAssembly. It finds the delay between loudspeaker and microphone by
 * itself and follows it, buffers of the devices included. Measured on 10 ms frames (2 vCPU, Node 24): 0.3 ms a frame, and
 * the voice comes out 9 ms later.
 */

/** The library's canceller, as far as it is used here. Samples are floats, full scale being 1. */
interface Aec3 {
  analyze(played: readonly Float32Array[]): void;
  process(out: readonly Float32Array[], heard: readonly Float32Array[]): void;
}

interface Library {
  readonly AEC3: new (sampleRateHz: number, playedChannels: number, heardChannels: number) => Aec3;
}

/** Emscripten's settings, which the package's types do not show. */
interface LibraryOptions {
  instantiateWasm(imports: WebAssembly.Imports, receive: (instance: WebAssembly.Instance) => void): object;
}

interface Loaded {
  readonly open: (options: LibraryOptions) => Promise<Library>;
  readonly code: WebAssembly.Module;
}

const FULL_SCALE = 32_768;
/** While V8 compiles the code, a frame takes up to 15 ms. So this many frames of noise are processed first. */
const WARM_UP_FRAMES = 6;

let loading: Promise<Loaded> | undefined;
/** Kept until it is compiled, because the module that contains it runs once. */
let fetched: { readonly open: Loaded['open']; readonly bytes: Buffer<ArrayBuffer> } | undefined;

/** Removes the loudspeaker's sound from the microphone's frames: 48 kHz mono. */
export class EchoCanceller {
  readonly #aec: Aec3;
  readonly #played = new Float32Array(FRAME_SAMPLES);
  readonly #heard = new Float32Array(FRAME_SAMPLES);
  readonly #cleaned = new Float32Array(FRAME_SAMPLES);
  readonly #frame = new Int16Array(FRAME_SAMPLES);

  private constructor(aec: Aec3) {
    this.#aec = aec;
  }

  /**
   * Makes a canceller that has not adapted to a room yet. It has its own WebAssembly memory, which is freed with it.
   * @throws Error where the library does not load
   */
  static async create(): Promise<EchoCanceller> {
    return new EchoCanceller(await openAec(await loaded()));
  }

  /** Loads the library, so that `create` takes a few milliseconds. @throws Error where it does not load */
  static async prepare(): Promise<void> {
    await loaded();
  }

  /** Takes the samples that the loudspeaker gets next, 480 at most. */
  played(part: Int16Array): void {
    const samples = this.#played.subarray(0, part.length);
    for (let i = 0; i < part.length; i++) samples[i] = part[i]! / FULL_SCALE;
    this.#aec.analyze([samples]);
  }

  /** 480 samples of the microphone → the same without echo, 9 ms later. They are valid until the next call. */
  process(frame: Int16Array): Int16Array {
    for (let i = 0; i < FRAME_SAMPLES; i++) this.#heard[i] = frame[i]! / FULL_SCALE;
    this.#aec.process([this.#cleaned], [this.#heard]);
    for (let i = 0; i < FRAME_SAMPLES; i++) this.#frame[i] = saturated(this.#cleaned[i]! * FULL_SCALE);
    return this.#frame;
  }
}

function loaded(): Promise<Loaded> {
  // After a failure the next call tries again.
  loading ??= load().catch((error: unknown) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

async function load(): Promise<Loaded> {
  fetched ??= await fetchLibrary();
  const ready = { open: fetched.open, code: await WebAssembly.compile(fetched.bytes) };
  await warmUp(await openAec(ready));
  fetched = undefined;
  return ready;
}

async function fetchLibrary(): Promise<NonNullable<typeof fetched>> {
  const own = globalThis as { WebRtcAec3Wasm?: string | undefined };
  // The package puts its WebAssembly there as a `data:` address, and does not declare the name.
  own.WebRtcAec3Wasm = '';
  const library = (await import('@ennuicastr/webrtcaec3.js')) as unknown as { default: Loaded['open'] };
  const [, base64 = ''] = own.WebRtcAec3Wasm.split(',');
  delete own.WebRtcAec3Wasm;
  return { open: library.default, bytes: Buffer.from(base64, 'base64') };
}

async function openAec({ open, code }: Loaded): Promise<Aec3> {
  const { AEC3 } = await new Promise<Library>((resolve, reject) => {
    const instantiateWasm: LibraryOptions['instantiateWasm'] = (imports, receive) => {
      WebAssembly.instantiate(code, imports).then(receive).catch(reject);
      return {};
    };
    withoutItsListeners(() => open({ instantiateWasm })).then(resolve, reject);
  });
  return new AEC3(SAMPLE_RATE_HZ, 1, 1);
}

const CRASHES = ['uncaughtException', 'unhandledRejection'] as const;

/** Removes the library's listeners, which rethrow uncaught errors and so would end this thread before its devices are closed. */
function withoutItsListeners<T>(use: () => T): T {
  const before = CRASHES.map((name) => new Set(process.rawListeners(name)));
  const result = use();
  CRASHES.forEach((name, n) => {
    for (const listener of process.rawListeners(name))
      if (!before[n]!.has(listener)) process.off(name, listener as () => void);
  });
  return result;
}

async function warmUp(aec: Aec3): Promise<void> {
  const noise = Float32Array.from({ length: FRAME_SAMPLES }, (_, i) => Math.sin(i * i) / 4);
  for (let n = 0; n < WARM_UP_FRAMES; n++) {
    aec.analyze([noise]);
    aec.process([new Float32Array(FRAME_SAMPLES)], [noise]);
    await othersFirst();
  }
}

import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** The native binding of naudiodon. Its index.js is not used, since it loads a module that is built for one Node version. */
interface Binding {
  getDevices(): readonly {
    readonly id: number;
    readonly name: string;
    readonly maxInputChannels: number;
    readonly maxOutputChannels: number;
    readonly hostAPIName: string;
  }[];
  getHostAPIs(): {
    readonly defaultHostAPI: number;
    readonly HostAPIs: readonly {
      readonly id: number;
      readonly defaultInput: number;
      readonly defaultOutput: number;
    }[];
  };
  create(options: { inOptions?: NativeOptions; outOptions?: NativeOptions }): NativeStream;
}

interface NativeOptions {
  readonly deviceId: number;
  readonly channelCount: number;
  readonly sampleFormat: 16;
  readonly sampleRate: number;
  readonly framesPerBuffer: number;
  readonly maxQueue: number;
  readonly closeOnError: boolean;
}

/** One open PortAudio stream. A read or a full write occupies a thread of libuv's pool until the device moves on. */
export interface NativeStream {
  start(): void;
  read(bytes: number): Promise<{ readonly err?: string; readonly buf?: Buffer; readonly finished?: boolean }>;
  /** Copies the bytes at once; resolves when they are queued, with a text if the device ran dry before. */
  write(bytes: Buffer): Promise<string | undefined>;
  quit(flag: 'WAIT' | 'ABORT'): Promise<void>;
}

export type DeviceKind = 'microphone' | 'speaker';

/** A device that can be opened for one direction. `id` is good until the next scan. */
export interface SoundDevice {
  readonly id: number;
  readonly name: string;
  readonly hostApi: string;
  readonly kind: DeviceKind;
  readonly channels: number;
  /** The one that the operating system would choose. */
  readonly isDefault: boolean;
}

/**
 * PortAudio's buffers in samples. Input: 240 has 1.5 ms less delay than 480 (measured on PulseAudio). Output: as small as
 * the smallest part that is written (`output-parts`); a larger buffer would ask for several parts at once.
 */
const FRAMES_PER_BUFFER: Record<DeviceKind, number> = { microphone: 240, speaker: 80 };
/** The input's queue holds 200 ms of unread samples; later ones are lost. */
const QUEUE: Record<DeviceKind, number> = { microphone: 40, speaker: 1 };
const SAMPLE_RATE_HZ = 48_000;

const PORTAUDIO_FILES: Partial<Record<NodeJS.Platform, string>> = {
  linux: 'libportaudio.so.2',
  darwin: 'libportaudio.dylib',
  win32: 'portaudio_x64.dll',
};

/**
 * PortAudio, loaded on first use. The binding keeps its class in a variable of the process, so `create` works only in the
 * thread that loaded it last. One thread of a process may use sound, and no other may even list the devices. A thread that
 * replaces it may. PortAudio looks for devices when it is initialised, and naudiodon keeps it initialised while any stream
 * is open: while `openStreams` is above 0, `devices` returns the list from when the first of them opened.
 */
export class PortAudio {
  #binding: Binding | undefined;
  #terminate: (() => void) | undefined;
  #open = new Set<NativeStream>();

  /** How many streams are open. While there are any, the device list does not change. */
  get openStreams(): number {
    return this.#open.size;
  }

  /** @throws Error if naudiodon is not installed or does not load */
  devices(): SoundDevice[] {
    const binding = this.#load();
    const apis = binding.getHostAPIs();
    const preferred = apis.HostAPIs.find((api) => api.id === apis.defaultHostAPI);
    const found: SoundDevice[] = [];
    for (const device of binding.getDevices()) {
      const { id, name, hostAPIName: hostApi } = device;
      if (device.maxInputChannels > 0) {
        const isDefault = preferred?.defaultInput === id;
        found.push({ id, name, hostApi, kind: 'microphone', channels: device.maxInputChannels, isDefault });
      }
      if (device.maxOutputChannels > 0) {
        const isDefault = preferred?.defaultOutput === id;
        found.push({ id, name, hostApi, kind: 'speaker', channels: device.maxOutputChannels, isDefault });
      }
    }
    return found;
  }

  /** Opens and starts a stream of 48 kHz int16. @throws Error with PortAudio's own words */
  open(device: SoundDevice, channels: number): NativeStream {
    const binding = this.#load();
    const input = device.kind === 'microphone';
    const options: NativeOptions = {
      deviceId: device.id,
      channelCount: channels,
      sampleFormat: 16,
      sampleRate: SAMPLE_RATE_HZ,
      framesPerBuffer: FRAMES_PER_BUFFER[device.kind],
      maxQueue: QUEUE[device.kind],
      // With `true`, an overflow of the input costs the frame that was just read. An output only reports that it ran dry.
      closeOnError: !input,
    };
    let stream: NativeStream;
    try {
      stream = binding.create(input ? { inOptions: options } : { outOptions: options });
    } catch (error) {
      // naudiodon has initialised PortAudio for this stream and does not undo that: the device list would never change again.
      this.#terminate?.();
      throw error;
    }
    if (typeof stream.quit !== 'function')
      throw new Error('another thread of this process has taken over sound');
    this.#open.add(stream);
    try {
      stream.start();
    } catch (error) {
      void this.close(stream);
      throw error;
    }
    return stream;
  }

  /** For an input, or an output whose device still moves: `quit` of an output waits for its device for ever. */
  async close(stream: NativeStream): Promise<void> {
    await stream.quit('ABORT');
    this.#open.delete(stream);
  }

  #load(): Binding {
    if (this.#binding) return this.#binding;
    const require = createRequire(import.meta.url);
    const file = require.resolve('naudiodon/build/Release/naudiodon.node');
    this.#binding = require(file) as Binding;
    this.#terminate = loadTerminate(require, dirname(file));
    return this.#binding;
  }
}

/** `Pa_Terminate` of the library that the binding uses; undefined without koffi. */
function loadTerminate(require: NodeJS.Require, folder: string): (() => void) | undefined {
  const name = PORTAUDIO_FILES[process.platform];
  if (!name) return undefined;
  try {
    const koffi = require('koffi') as { load(path: string): { func(prototype: string): () => number } };
    const terminate = koffi.load(join(folder, name)).func('int Pa_Terminate()');
    return () => void terminate();
  } catch {
    return undefined;
  }
}

import { DeviceStream, type StreamState } from './device-stream.ts';
import { FRAME_SAMPLES, type FrameSink } from './frame.ts';
import type { NativeStream, PortAudio } from './portaudio.ts';

/** A microphone, which hands on frames of 10 ms, 48 kHz mono. */
export class MicrophoneStream extends DeviceStream {
  readonly #onFrame: FrameSink;
  readonly #mono = new Int16Array(FRAME_SAMPLES);

  constructor(audio: PortAudio, onFrame: FrameSink, onState: (state: StreamState) => void) {
    super('microphone', audio, onState);
    this.#onFrame = onFrame;
  }

  protected override async run(
    native: NativeStream,
    channels: number,
    isCurrent: () => boolean,
  ): Promise<void> {
    const bytes = FRAME_SAMPLES * channels * 2;
    while (isCurrent()) {
      const { buf, finished } = await native.read(bytes);
      if (!isCurrent() || finished) return;
      if (!buf || buf.length !== bytes) continue;
      this.beat();
      this.#onFrame(this.#toMono(buf, channels));
    }
  }

  #toMono(bytes: Buffer, channels: number): Int16Array {
    if (channels === 1 && bytes.byteOffset % 2 === 0) {
      return new Int16Array(bytes.buffer, bytes.byteOffset, FRAME_SAMPLES);
    }
    for (let i = 0; i < FRAME_SAMPLES; i++) {
      let sum = 0;
      for (let channel = 0; channel < channels; channel++)
        sum += bytes.readInt16LE((i * channels + channel) * 2);
      this.#mono[i] = sum / channels;
    }
    return this.#mono;
  }
}

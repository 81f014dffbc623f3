import { DeviceStream, type StreamState } from './device-stream.ts';
import { FRAME_SAMPLES } from './frame.ts';
import { LARGE_PARTS, OutputParts, SMALL_PARTS } from './output-parts.ts';
import type { NativeStream, PortAudio } from './portaudio.ts';

/** Fills the next samples (48 kHz mono, at most 480); false if it is silence. */
export type FrameSource = (part: Int16Array) => boolean;

/** A loudspeaker: it asks `fill` for the next samples when there is room. It writes silence too: without it the device runs dry. */
export class SpeakerStream extends DeviceStream {
  readonly #fill: FrameSource;
  readonly #parts = new OutputParts();
  #ranDry = 0;

  constructor(audio: PortAudio, fill: FrameSource, onState: (state: StreamState) => void) {
    super('speaker', audio, onState);
    this.#fill = fill;
  }

  /** How often the device wanted samples that were not there. */
  get ranDry(): number {
    return this.#ranDry;
  }

  /** Sound is about to come: the loudspeaker queues less silence ahead of it. */
  expectSound(): void {
    this.#parts.expectSound(performance.now());
  }

  protected override async run(
    native: NativeStream,
    channels: number,
    isCurrent: () => boolean,
  ): Promise<void> {
    const small = new Part(FRAME_SAMPLES / SMALL_PARTS, channels);
    const large = new Part(FRAME_SAMPLES / LARGE_PARTS, channels);
    this.#parts.opened(performance.now());
    let isSound = false;
    while (isCurrent()) {
      const isSmall = this.#parts.parts(performance.now(), isSound) === SMALL_PARTS;
      const part = isSmall ? small : large;
      isSound = this.#fill(part.mono);
      const problem = await native.write(part.bytes());
      if (problem) {
        this.#ranDry += 1;
        this.#parts.ranDry(performance.now());
      }
      if (!isCurrent()) return;
      this.beat();
    }
  }
}

/** A part of a frame: samples of one channel, and the same as bytes for all channels. */
class Part {
  readonly mono: Int16Array;
  readonly #channels: number;
  readonly #out: Int16Array;
  readonly #bytes: Buffer;

  constructor(samples: number, channels: number) {
    this.mono = new Int16Array(samples);
    this.#channels = channels;
    this.#out = channels === 1 ? this.mono : new Int16Array(samples * channels);
    this.#bytes = Buffer.from(this.#out.buffer);
  }

  bytes(): Buffer {
    if (this.#out !== this.mono) spread(this.mono, this.#out, this.#channels);
    return this.#bytes;
  }
}

function spread(mono: Int16Array, out: Int16Array, channels: number): void {
  for (let i = 0; i < mono.length; i++) out.fill(mono[i]!, i * channels, (i + 1) * channels);
}

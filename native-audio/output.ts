import { DeviceStream, type StreamState } from './device-stream.ts';
import { FRAME_SAMPLES } from './frame.ts';
import { LARGE_PARTS, OutputParts, samplesAtOnce, SMALL_PARTS } from './output-parts.ts';
import type { NativeStream, PortAudio } from './portaudio.ts';

/** The source of a loudspeaker's samples, 48 kHz mono. */
interface SpeakerSource {
  /** Fills the next samples, at most 480; false if it is silence. */
  fill(samples: Int16Array): boolean;
  /** How many of the next samples are final. */
  readonly decided: number;
}

/** A loudspeaker: it asks for the next samples when there is room. It writes silence too: without it the device runs dry. */
export class SpeakerStream extends DeviceStream {
  readonly #source: SpeakerSource;
  readonly #parts = new OutputParts();
  #ranDry = 0;

  constructor(audio: PortAudio, source: SpeakerSource, onState: (state: StreamState) => void) {
    super('speaker', audio, onState);
    this.#source = source;
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
    const samples = new Samples(channels);
    this.#parts.opened(performance.now());
    let isSound = false;
    while (isCurrent()) {
      const now = performance.now();
      const isSmall = this.#parts.parts(now, isSound) === SMALL_PARTS;
      const part = FRAME_SAMPLES / (isSmall ? SMALL_PARTS : LARGE_PARTS);
      isSound = this.#source.fill(samples.part(0, part));
      const count = this.#parts.isExpecting(now) ? part : samplesAtOnce(part, this.#source.decided);
      if (count > part) this.#source.fill(samples.part(part, count));
      const problem = await native.write(samples.bytes(count));
      if (problem) {
        this.#ranDry += 1;
        this.#parts.ranDry(performance.now());
      }
      if (!isCurrent()) return;
      this.beat();
    }
  }
}

/** A frame of one channel, and the same as bytes for all channels. It makes each view of them once. */
class Samples {
  readonly #channels: number;
  readonly #mono = new Int16Array(FRAME_SAMPLES);
  readonly #out: Int16Array;
  readonly #parts = new Map<number, Int16Array>();
  readonly #bytes = new Map<number, Buffer>();

  constructor(channels: number) {
    this.#channels = channels;
    this.#out = channels === 1 ? this.#mono : new Int16Array(FRAME_SAMPLES * channels);
  }

  part(from: number, to: number): Int16Array {
    const name = from * (FRAME_SAMPLES + 1) + to;
    const part = this.#parts.get(name) ?? this.#mono.subarray(from, to);
    this.#parts.set(name, part);
    return part;
  }

  /** The first `count` samples of each channel. */
  bytes(count: number): Buffer {
    if (this.#out !== this.#mono) spread(this.#mono, this.#out, count, this.#channels);
    const bytes = this.#bytes.get(count) ?? Buffer.from(this.#out.buffer, 0, count * this.#channels * 2);
    this.#bytes.set(count, bytes);
    return bytes;
  }
}

function spread(mono: Int16Array, out: Int16Array, count: number, channels: number): void {
  for (let i = 0; i < count; i++) out.fill(mono[i]!, i * channels, (i + 1) * channels);
}

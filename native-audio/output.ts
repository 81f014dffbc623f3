import { DeviceStream, type StreamState } from './device-stream.ts';
import { FRAME_SAMPLES } from './frame.ts';
import type { NativeStream, PortAudio } from './portaudio.ts';

/** Fills the next samples (48 kHz mono, at most 480); false if it is silence. */
export type FrameSource = (part: Int16Array) => boolean;

/**
 * Sound is asked for and handed over in parts of a frame: two parts are always queued ahead of the device, so the
 * smaller the part, the later it need be asked for, and the less a frame that just arrived has to wait for its turn.
 * Measured on PulseAudio, from `fill` to sound: 40 ms with whole frames and PortAudio buffers of 480, 20 ms with parts
 * and buffers of 240, 15 ms with parts of 120. Silence goes by the larger.
 */
const PARTS_SPEAKING = 4;
const PARTS_SILENT = 2;

/** A loudspeaker: asks `fill` for the next samples when there is room. Silence is written too: the device waits else. */
export class SpeakerStream extends DeviceStream {
  readonly #fill: FrameSource;
  #ranDry = 0;

  constructor(audio: PortAudio, fill: FrameSource, onState: (state: StreamState) => void) {
    super('speaker', audio, onState);
    this.#fill = fill;
  }

  /** How often the device wanted samples that were not there. */
  get ranDry(): number {
    return this.#ranDry;
  }

  protected override async run(
    native: NativeStream,
    channels: number,
    isCurrent: () => boolean,
  ): Promise<void> {
    const speaking = new Part(FRAME_SAMPLES / PARTS_SPEAKING, channels);
    const silent = new Part(FRAME_SAMPLES / PARTS_SILENT, channels);
    let isSound = false;
    while (isCurrent()) {
      const part = isSound ? speaking : silent;
      isSound = this.#fill(part.mono);
      const problem = await native.write(part.bytes());
      if (problem) this.#ranDry++;
      if (!isCurrent()) return;
      this.beat();
    }
  }
}

/** Some samples of one channel, and the same as bytes for all channels. */
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

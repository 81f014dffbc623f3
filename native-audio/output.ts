import { DeviceStream, type StreamState } from './device-stream.ts';
import { FRAME_SAMPLES } from './frame.ts';
import type { NativeStream, PortAudio } from './portaudio.ts';

/** Fills the next 10 ms (480 samples, 48 kHz mono); false if it is silence. */
export type FrameSource = (frame: Int16Array) => boolean;

/**
 * A frame is handed over in parts: two parts are always queued ahead of the device, so the smaller the part, the
 * later a frame need be asked for. Measured on PulseAudio, from `fill` to sound: 40 ms with whole frames and
 * PortAudio buffers of 480, 20 ms with parts and buffers of 240, 15 ms with parts of 120. Silence goes by the larger.
 */
const PARTS_SPEAKING = 4;
const PARTS_SILENT = 2;

/** A loudspeaker: asks `fill` for the next frame when there is room. Silence is written too: the device waits else. */
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
    const frame = new Int16Array(FRAME_SAMPLES);
    const out = channels === 1 ? frame : new Int16Array(FRAME_SAMPLES * channels);
    const speaking = parts(out, PARTS_SPEAKING);
    const silent = parts(out, PARTS_SILENT);
    while (isCurrent()) {
      const isSound = this.#fill(frame);
      if (out !== frame) spread(frame, out, channels);
      for (const part of isSound ? speaking : silent) {
        const problem = await native.write(part);
        if (problem) this.#ranDry++;
        if (!isCurrent()) return;
        this.beat();
      }
    }
  }
}

function parts(samples: Int16Array, count: number): Buffer[] {
  const bytes = Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength);
  const size = bytes.length / count;
  return Array.from({ length: count }, (_, i) => bytes.subarray(i * size, (i + 1) * size));
}

function spread(mono: Int16Array, out: Int16Array, channels: number): void {
  for (let i = 0; i < mono.length; i++) out.fill(mono[i]!, i * channels, (i + 1) * channels);
}

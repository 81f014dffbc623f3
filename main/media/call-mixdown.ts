import { Mixer, type OpusEncoder, type Voice } from '../../native-audio/index.ts';
import { FRAME_SAMPLES } from '../model/index.ts';
import type { Codecs } from './codecs.ts';
import type { WorkerEvent } from './protocol.ts';
import { SampleQueue } from './sample-queue.ts';

/** Half a second: as much is lost at most where this thread dies. */
const PACKETS_AT_ONCE = 50;

interface CallMixdownParts {
  readonly codecs: Pick<Codecs, 'withEncoder'>;
  readonly emit: (event: WorkerEvent) => void;
}

/**
 * The recording of calls: this side's voice and all others that are heard, mixed as they are heard here, encoded, and handed on. This
 * side's frames set the pace, since they come also where nobody speaks.
 */
export class CallMixdown {
  readonly #parts: CallMixdownParts;
  readonly #mixer = new Mixer(() => undefined);
  readonly #others = new Map<string, SampleQueue>();
  readonly #mixed = new Int16Array(FRAME_SAMPLES);
  readonly #own: Voice;
  #frame: Int16Array = new Int16Array(FRAME_SAMPLES);
  #calls: readonly string[] = [];
  #packets: Uint8Array[] = [];
  #encoder: OpusEncoder | undefined;
  /** The number of the recording that goes on. */
  #recording: number | undefined;

  constructor(parts: CallMixdownParts) {
    this.#parts = parts;
    this.#own = {
      pull: (out) => {
        out.set(this.#frame);
        return true;
      },
    };
    this.#mixer.add(this.#own);
  }

  /** Mixes these calls, and no others, for the recording with that number from now on. A recording that went on before is over. */
  record(recording: number, calls: readonly string[]): void {
    if (this.#recording !== undefined && recording !== this.#recording) this.end(this.#recording);
    this.#mix(calls);
    if (calls.length > 0) this.#begin(recording);
  }

  /** This side says it in a call: 10 ms. */
  spoken(call: string, frame: Int16Array): void {
    // All calls of one computer have the same microphone.
    if (call !== this.#calls[0] || !this.#encoder) return;
    this.#frame = frame;
    this.#mixer.fill(this.#mixed);
    this.#packets.push(this.#encoder.encode(this.#mixed));
    if (this.#packets.length >= PACKETS_AT_ONCE) this.#handOn();
  }

  /** The loudspeaker is given it in a call. */
  heard(call: string, samples: Int16Array): void {
    this.#others.get(call)?.push(samples);
  }

  /** Ends the recording with that number: hands on what is left of it, then reports its end. A recording with another number goes on. */
  end(recording: number): void {
    if (recording === this.#recording) {
      this.#mix([]);
      this.#encoder?.free();
      this.#encoder = undefined;
      this.#handOn();
      this.#recording = undefined;
    }
    this.#parts.emit({ type: 'call-recording-ended', recording });
  }

  #mix(calls: readonly string[]): void {
    this.#calls = calls;
    for (const [id, voice] of this.#others) {
      if (calls.includes(id)) continue;
      this.#mixer.remove(voice);
      this.#others.delete(id);
    }
    for (const id of calls) {
      if (this.#others.has(id)) continue;
      const voice = new SampleQueue();
      this.#others.set(id, voice);
      this.#mixer.add(voice);
    }
  }

  #begin(recording: number): void {
    if (recording === this.#recording) return;
    this.#recording = recording;
    this.#parts.codecs.withEncoder(
      (encoder) => {
        if (recording === this.#recording && !this.#encoder) this.#encoder = encoder;
        else encoder.free();
      },
      // Where nothing can be encoded the calls fail, too.
      () => undefined,
    );
  }

  #handOn(): void {
    if (this.#packets.length === 0 || this.#recording === undefined) return;
    this.#parts.emit({ type: 'call-recorded', recording: this.#recording, packets: this.#packets });
    this.#packets = [];
  }
}

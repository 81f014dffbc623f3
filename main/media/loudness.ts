import { OpusDecoder } from '../../native-audio/index.ts';
import type { WorkerCommand, WorkerEvent } from './protocol.ts';
import { SrtpReceiver } from './srtp.ts';

type LoudnessCommand = Extract<WorkerCommand, { type: 'loudness' }>;

/** This many frames (1 ms of work) are decoded before the other work of this thread has its turn. */
const FRAMES_AT_ONCE = 20;
/** While somebody listens or talks, a request that is wanted at once gets that millisecond of work this often. */
const REST_MS = 10;

interface LoudnessParts {
  readonly emit: (event: WorkerEvent) => void;
  /** Something is heard or spoken now. */
  readonly isBusy: () => boolean;
}

/**
 * How loud stored fragments are, for waveforms. Sound comes first in this thread: while anything is heard or spoken, only
 * requests that a person waits for are worked on, and slowly. Others are refused, and main asks again later.
 */
export class Loudness {
  readonly #parts: LoudnessParts;
  #decoder: OpusDecoder | undefined;
  #working: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(parts: LoudnessParts) {
    this.#parts = parts;
  }

  /** Answers with a `loudness` event, after those that were asked for before. */
  measure(command: LoudnessCommand): void {
    this.#working = this.#working
      .then(() => this.#measure(command))
      .catch(() => undefined)
      .then((powers) => {
        if (!this.#closed) this.#parts.emit({ type: 'loudness', job: command.job, powers: powers ?? null });
      });
  }

  close(): void {
    this.#closed = true;
    void this.#working.then(() => this.#decoder?.free());
  }

  async #measure(command: LoudnessCommand): Promise<Float32Array | undefined> {
    const { fragments, lead, hurry } = command;
    const receiver = new SrtpReceiver(command.key, command.ssrc);
    const decoder = (this.#decoder ??= await OpusDecoder.create());
    const powers = new Float32Array(Math.max(0, fragments.length - lead));
    for (const [i, { n, bytes }] of fragments.entries()) {
      if (i % FRAMES_AT_ONCE === 0 && !(await this.#turn(hurry))) return undefined;
      const opened = receiver.openAt(n, bytes);
      const power = opened ? powerOf(decoder.decode(opened)) : 0;
      if (i >= lead) powers[i - lead] = power;
    }
    return powers;
  }

  /** Lets all other work go first. False where the request is better done later. */
  async #turn(hurry: boolean): Promise<boolean> {
    if (!this.#parts.isBusy()) await new Promise((resolve) => setImmediate(resolve));
    else if (hurry) await new Promise((resolve) => setTimeout(resolve, REST_MS));
    else return false;
    return !this.#closed;
  }
}

/** The mean square, full scale being 1. */
function powerOf(frame: Int16Array): number {
  let sum = 0;
  for (let i = 0; i < frame.length; i++) sum += frame[i]! * frame[i]!;
  return sum / frame.length / 2 ** 30;
}

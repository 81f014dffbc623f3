import { samplesVoice, TimeStretcher, type OpusDecoder, type Voice } from '../../native-audio/index.ts';
import { FRAME_MS, FRAME_SAMPLES } from '../model/index.ts';
import { Gain, silence } from './gain.ts';
import { JitterBuffer, type Step } from './jitter-buffer.ts';
import { canMerge, mergeFrames, shortenFrame } from './merge-frames.ts';
import type { WorkerEvent } from './protocol.ts';

type PlayoutState = Extract<WorkerEvent, { type: 'playback' }>['state'];
type PlayoutEnd = Extract<WorkerEvent, { type: 'playback-ended' }>['reason'];

interface PlayoutOptions {
  readonly id: string;
  /** A live message plays as it arrives. The listener chose any other, and may pause it and go back. */
  readonly live: boolean;
  readonly from: number;
  readonly count: number | null;
  readonly speed: number;
  /** A factor of the amplitude. */
  readonly gain: number;
  /** One direction of a call: it plays until it is stopped. */
  readonly isEndless?: boolean;
  /** Opens a fragment of the store; undefined where it is not authentic. */
  readonly open: (n: number, sealed: Uint8Array) => Uint8Array | undefined;
  /** Samples that sound first (48 kHz mono). Speech that comes meanwhile waits, and is caught up with. */
  readonly before?: Int16Array;
  /** Milliseconds, never going back. */
  readonly clock: () => number;
  readonly on: PlayoutListener;
}

interface PlayoutListener {
  sounding(): void;
  played?(beforeItsVolume: Int16Array): void;
  moved(state: PlayoutState, positionFragment: number, speed: number): void;
  ended(reason: PlayoutEnd): void;
}

/** An Opus frame. One from the store is still sealed: the playout opens it when its turn comes. */
interface Frame {
  readonly bytes: Uint8Array;
  readonly sealed: boolean;
}

const MOVED_EVERY_MS = 200;
/** After this long without a fragment the rest counts as lost. */
export const LIVE_PATIENCE_MS = 10_000;
export const STORED_PATIENCE_MS = 5000;
/** After this many refusals, since the speech was never quiet nor regular enough, two frames are merged all the same. */
const MAX_REFUSED_MERGES = 40;

/**
 * The playout of one message, live or stored. The loudspeaker pulls at most 10 ms at a time: out of the jitter buffer,
 * through the decoder and the time stretcher.
 */
export class Playout implements Voice {
  readonly id: string;
  readonly live: boolean;
  readonly buffer: JitterBuffer<Frame>;
  readonly #options: PlayoutOptions;
  readonly #stretcher = new TimeStretcher();
  /** Decoded speech, of which the loudspeaker may take less than a frame at a time. */
  readonly #decoded = new Int16Array(FRAME_SAMPLES);
  /** The samples that sound first, until they have sounded. */
  #before: Voice | undefined;
  #taken = 0;
  #made = 0;
  /** The second of two decoded frames that were not merged. */
  readonly #spare = new Int16Array(FRAME_SAMPLES);
  #hasSpare = false;
  #refusedMerges = 0;
  #decoder: OpusDecoder | undefined;
  #speed: number;
  readonly #gain: Gain;
  #paused = false;
  #isMuted = false;
  #ended = false;
  #hasSounded = false;
  #movedAt = -Infinity;
  #movedState: PlayoutState | undefined;
  #lastFrameAt: number;

  constructor(options: PlayoutOptions) {
    this.id = options.id;
    this.live = options.live;
    this.#options = options;
    this.#speed = options.speed;
    this.#before = options.before && samplesVoice(options.before);
    this.#gain = new Gain(options.gain);
    const { from, count, isEndless = false } = options;
    this.buffer = new JitterBuffer({ from, count, keep: !options.live, isEndless });
    this.#lastFrameAt = options.clock();
  }

  /** The playout is silent until it has a decoder. It frees the decoder when it ends. */
  setDecoder(decoder: OpusDecoder): void {
    if (this.#ended) decoder.free();
    else this.#decoder = decoder;
  }

  /** An opened frame that came over the network at `at`. */
  putReceived(n: number, opusFrame: Uint8Array, at: number): void {
    this.buffer.put(n, { bytes: opusFrame, sealed: false }, at);
    this.#lastFrameAt = this.#options.clock();
  }

  /** A fragment from the store. */
  putStored(n: number, sealed: Uint8Array): void {
    this.buffer.put(n, { bytes: sealed, sealed: true }, null);
    this.#lastFrameAt = this.#options.clock();
  }

  setCount(count: number): void {
    this.buffer.setCount(count);
  }

  setSpeed(speed: number): void {
    this.#speed = speed;
    this.#movedAt = -Infinity;
  }

  setGain(gain: number): void {
    this.#gain.wanted = gain;
  }

  setPaused(paused: boolean): void {
    this.#paused = paused;
    this.#lastFrameAt = this.#options.clock();
    this.#move(this.#lastFrameAt, true);
  }

  /** What comes while it is muted is taken and played to nobody, so the playout is no later afterwards. */
  setMuted(isMuted: boolean): void {
    this.#isMuted = isMuted;
  }

  seek(from: number): void {
    this.buffer.seek(from);
    this.#stretcher.reset();
    this.#taken = this.#made;
    this.#hasSpare = false;
    this.#lastFrameAt = this.#options.clock();
    this.#move(this.#lastFrameAt, true);
  }

  /** Ends the playout without an event: the caller knows. */
  stop(): void {
    this.#ended = true;
    this.#decoder?.free();
    this.#decoder = undefined;
  }

  /** What is left of a decoded frame. */
  get decided(): number {
    return this.#before || this.#paused ? 0 : this.#made - this.#taken;
  }

  /** Fills `out`, of any length up to a frame. A loudspeaker that takes shorter parts asks for each later, which saves delay. */
  pull(out: Int16Array): boolean {
    if (this.#ended) return false;
    if (this.#before?.pull(out)) {
      this.#gain.amplify(out, out.length);
      return true;
    }
    this.#before = undefined;
    const now = this.#options.clock();
    if (this.#paused || !this.#decoder) return silence(out);
    let filled = 0;
    while (filled < out.length && (this.#taken < this.#made || this.#produce(now, out.length))) {
      const count = Math.min(out.length - filled, this.#made - this.#taken);
      out.set(this.#decoded.subarray(this.#taken, this.#taken + count), filled);
      this.#taken += count;
      filled += count;
    }
    if (filled > 0 && !this.#isMuted) this.#options.on.played?.(out.subarray(0, filled));
    this.#gain.amplify(out, filled);
    this.#move(now, false);
    if (this.#isMuted) return silence(out);
    if (filled === out.length) return true;
    out.fill(0, filled);
    return filled > 0 || this.#hasPatience(now);
  }

  /** Makes the next 10 ms, at the present speed; false if there are none now. */
  #produce(now: number, partSamples: number): boolean {
    this.#stretcher.speed = this.#speedNow(now);
    if (!this.#stretcher.pull(this.#decoded, this.#source)) return false;
    this.#taken = 0;
    this.#made = FRAME_SAMPLES - this.#shorten(partSamples);
    if (!this.#hasSounded) {
      this.#hasSounded = true;
      this.#options.on.sounding();
    }
    return true;
  }

  /** Nobody can hear faster than somebody speaks: the listener's speed counts until the listener has caught up. */
  #speedNow(now: number): number {
    if (this.buffer.count !== null && !this.live) return this.#speed;
    const hurry = this.buffer.speed(now);
    return hurry > 1 ? Math.max(this.#speed, hurry) : 1;
  }

  /** Gives up less delay than a whole frame. Only a loudspeaker that takes less than a frame at a time gains by that. */
  #shorten(partSamples: number): number {
    if (this.#stretcher.speed !== 1) return 0;
    const surplus =
      Math.floor((this.buffer.surplusMs * FRAME_SAMPLES) / FRAME_MS / partSamples) * partSamples;
    const taken = surplus === 0 || partSamples === FRAME_SAMPLES ? 0 : shortenFrame(this.#decoded, surplus);
    if (taken > 0) this.buffer.shortened((taken * FRAME_MS) / FRAME_SAMPLES);
    return taken;
  }

  /** Whether the silence is only for now; false if there is nothing left to wait for. */
  #hasPatience(now: number): boolean {
    const { count } = this.buffer;
    if (this.#options.isEndless) return true;
    if (count !== null && this.buffer.position >= count) return this.#end('end');
    const patience = count === null ? LIVE_PATIENCE_MS : STORED_PATIENCE_MS;
    return now - this.#lastFrameAt <= patience || this.#end('lost');
  }

  /** Ends a message that this computer cannot decode, so that nobody waits for it. */
  failed(): void {
    if (!this.#ended) this.#end('lost');
  }

  /** Decodes the next frame of the jitter buffer; false if there is none now. */
  readonly #source = (frame: Int16Array): boolean => {
    if (this.#hasSpare) {
      frame.set(this.#spare);
      this.#hasSpare = false;
      return true;
    }
    const decoder = this.#decoder;
    if (!decoder) return false;
    const ahead = this.#stretcher.speed !== 1;
    const step = this.buffer.next(this.#options.clock(), ahead);
    const samples = this.#decode(step, decoder);
    if (!samples) return false;
    frame.set(samples);
    if (step.kind === 'merge') this.#merge(frame, this.#decodeFrame(step.next, step.n + 1, decoder));
    return true;
  };

  #decode(step: Step<Frame>, decoder: OpusDecoder): Int16Array | undefined {
    switch (step.kind) {
      case 'frame':
      case 'merge':
        return this.#decodeFrame(step.frame, step.n, decoder);
      case 'fec': {
        const next = this.#opened(step.next, step.n + 1);
        return next ? decoder.decodeFec(next) : decoder.conceal();
      }
      case 'conceal':
      case 'stall':
        return decoder.conceal();
      case 'wait':
      case 'end':
        return undefined;
    }
  }

  #decodeFrame(frame: Frame, n: number, decoder: OpusDecoder): Int16Array {
    const opened = this.#opened(frame, n);
    return opened ? decoder.decode(opened) : decoder.conceal();
  }

  #opened(frame: Frame, n: number): Uint8Array | undefined {
    return frame.sealed ? this.#options.open(n, frame.bytes) : frame.bytes;
  }

  #merge(frame: Int16Array, next: Int16Array): void {
    if (canMerge(frame, next) || this.#refusedMerges >= MAX_REFUSED_MERGES) {
      mergeFrames(frame, next);
      this.#refusedMerges = 0;
      this.buffer.shortened(FRAME_MS);
    } else {
      this.#refusedMerges += 1;
      this.#spare.set(next);
      this.#hasSpare = true;
    }
  }

  #move(now: number, atOnce: boolean): void {
    const pace = this.buffer.pace(now);
    const state = this.#paused ? 'paused' : pace === 'stored' ? 'playing' : pace;
    if (!atOnce && state === this.#movedState && now - this.#movedAt < MOVED_EVERY_MS) return;
    this.#movedAt = now;
    this.#movedState = state;
    const buffered = this.#stretcher.bufferedSamples / FRAME_SAMPLES + (this.#hasSpare ? 1 : 0);
    const position = Math.max(0, Math.floor(this.buffer.position - buffered));
    this.#options.on.moved(state, position, this.#stretcher.speed);
  }

  #end(reason: PlayoutEnd): false {
    this.stop();
    this.#options.on.ended(reason);
    return false;
  }
}

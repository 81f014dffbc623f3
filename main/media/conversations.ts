import type { OpusEncoder, Voice } from '../../native-audio/index.ts';
import { FRAME_MS, FRAME_SAMPLES } from '../model/index.ts';
import type { AudioPort } from './audio-port.ts';
import type { CaptionTap } from './caption-tap.ts';
import type { CallMicrophone } from './call-microphone.ts';
import type { CallMixdown } from './call-mixdown.ts';
import type { Codecs } from './codecs.ts';
import { PcmPacer } from './pcm-pacer.ts';
import { Playout } from './playout.ts';
import type { MediaAddress, WorkerCommand, WorkerEvent } from './protocol.ts';
import type { RtpDemuxer } from './rtp-demuxer.ts';
import { RtpSender } from './rtp-sender.ts';

type CallCommand = Extract<WorkerCommand, { type: 'call' }>;
type CallChange = Extract<WorkerCommand, { type: 'call-change' }>;

const STREAM = 'call ';
/** The worker reports to the main thread that packets come, at most once in this time, ms. */
const HEARD_EVERY_MS = 1000;
/** A microphone that gives nothing for this long is replaced by silence, so that the other side's playout goes on. */
const MICROPHONE_GAP_MS = 150;
/** A longer gap, as after a sleep, is not filled: nobody waits for a night of silence. */
const MAX_GAP_MS = 2000;
const LOOK_EVERY_MS = 50;
/** Frames that wait for the encoder. */
const MAX_EARLY = 30;

interface ConversationsParts {
  readonly audio: Pick<AudioPort, 'addVoice' | 'removeVoice'>;
  readonly microphone: Pick<CallMicrophone, 'startCapture'>;
  /** Where both sides are recorded. */
  readonly mixdown: Pick<CallMixdown, 'spoken' | 'heard'>;
  readonly codecs: Codecs;
  readonly captions: Pick<CaptionTap, 'put' | 'over'>;
  readonly send: (packet: Uint8Array, to: MediaAddress) => void;
  readonly emit: (event: WorkerEvent) => void;
  readonly clock: () => number;
  readonly demuxer: Pick<RtpDemuxer, 'expect' | 'forget'>;
  /** Whether the microphone is used for something else now: the person holds the talk key. */
  readonly isTalking: () => boolean;
}

/** The calls whose voices go both ways at the same time. Nothing of them is stored but what the mixdown records. */
export class Conversations {
  readonly #parts: ConversationsParts;
  readonly #byId = new Map<string, Conversation>();

  constructor(parts: ConversationsParts) {
    this.#parts = parts;
  }

  get isActive(): boolean {
    return this.#byId.size > 0;
  }

  start(command: CallCommand): void {
    if (!this.#byId.has(command.id)) this.#byId.set(command.id, new Conversation(this.#parts, command));
  }

  change(command: CallChange): void {
    this.#byId.get(command.id)?.change(command);
  }

  end(id: string): void {
    this.#byId.get(id)?.end();
    this.#byId.delete(id);
  }

  /** An opened frame of a stream, which may be one of theirs. */
  put(stream: string, n: number, opusFrame: Uint8Array, at: number): void {
    if (stream.startsWith(STREAM)) this.#byId.get(stream.slice(STREAM.length))?.put(n, opusFrame, at);
  }

  /** Answers an RTCP packet. Returns the reason if no call takes it. */
  answer(packet: Uint8Array, from: MediaAddress, now: number): string | undefined {
    let reason: string | undefined = 'asked by no target';
    for (const conversation of this.#byId.values()) {
      const refusal = conversation.answer(packet, from, now);
      if (refusal === undefined) return undefined;
      if (refusal !== 'asked by no target') reason = refusal;
    }
    return reason;
  }

  close(): void {
    for (const id of [...this.#byId.keys()]) this.end(id);
  }
}

/** The caller chooses the call's id: its stream must not be taken for that of a message. */
const streamOf = (call: string): string => `${STREAM}${call}`;

/** Both directions of one call. */
class Conversation {
  readonly #sender: RtpSender;
  readonly #parts: ConversationsParts;
  readonly #id: string;
  readonly #ssrc: number;
  readonly #key: CallCommand['receive']['key'];
  readonly #playout: Playout;
  /** What the loudspeaker is given of it. */
  readonly #voice: Voice;
  readonly #watch: NodeJS.Timeout;
  readonly #silence = new Int16Array(FRAME_SAMPLES);
  #capture: ReturnType<CallMicrophone['startCapture']> | undefined;
  #pacer: PcmPacer | undefined;
  #encoder: OpusEncoder | undefined;
  #early: Int16Array[] = [];
  #isMuted: boolean;
  #lastFrameAt: number;
  #heardAt = -Infinity;
  #hasEnded = false;

  constructor(parts: ConversationsParts, command: CallCommand) {
    const { audio, microphone, codecs, send, clock, demuxer } = parts;
    const { id, receive, isMuted, pcm } = command;
    this.#parts = parts;
    this.#id = id;
    this.#ssrc = receive.ssrc;
    this.#key = receive.key;
    this.#isMuted = isMuted;
    this.#lastFrameAt = clock();
    this.#sender = new RtpSender({ id, ...command.send, isEndless: true, send });
    this.#playout = new Playout({
      ...{ id, live: true, from: 0, count: null, speed: 1, isEndless: true, gain: command.gain, clock },
      // Nothing of a call comes out of the store.
      open: () => undefined,
      on: {
        sounding: () => parts.emit({ type: 'call-heard', id }),
        played: (samples) => parts.captions.put('call', id, samples),
        moved: () => undefined,
        ended: () => undefined,
      },
    });
    this.#playout.setMuted(command.isSilent);
    codecs.withDecoder(
      (decoder) => this.#playout.setDecoder(decoder),
      () => this.#fail(),
    );
    codecs.withEncoder(
      (encoder) => this.#useEncoder(encoder),
      () => this.#fail(),
    );
    this.#voice = overheard(this.#playout, (samples) => parts.mixdown.heard(id, samples));
    audio.addVoice(this.#voice);
    demuxer.expect({ ...receive, id: streamOf(id), isEndless: true });
    if (pcm)
      this.#pacer = new PcmPacer(
        pcm,
        (frame) => this.#spoken(frame),
        () => undefined,
      );
    else this.#capture = microphone.startCapture((frame) => this.#spoken(frame));
    this.#watch = setInterval(() => this.#fillGap(), LOOK_EVERY_MS);
  }

  change({ target, isMuted, isSilent, gain }: CallChange): void {
    this.#isMuted = isMuted;
    this.#playout.setMuted(isSilent);
    this.#playout.setGain(gain);
    this.#sender.setTargets([target]);
    this.#parts.demuxer.expect({
      ...{ id: streamOf(this.#id), ssrc: this.#ssrc, key: this.#key, talker: target, isEndless: true },
    });
  }

  put(n: number, opusFrame: Uint8Array, at: number): void {
    this.#playout.putReceived(n, opusFrame, at);
    this.#isThere(at);
  }

  /** An RTCP packet. Returns the reason if it is refused. */
  answer(packet: Uint8Array, from: MediaAddress, now: number): string | undefined {
    const refusal = this.#sender.answer(packet, from, now);
    // The other side is there if it asks for fragments that it lacks, also while nothing of its voice comes.
    if (refusal === undefined) this.#isThere(now);
    return refusal;
  }

  end(): void {
    this.#hasEnded = true;
    clearInterval(this.#watch);
    this.#pacer?.stop();
    this.#capture?.end();
    this.#encoder?.free();
    this.#encoder = undefined;
    this.#parts.demuxer.forget(streamOf(this.#id));
    this.#playout.stop();
    this.#parts.audio.removeVoice(this.#voice);
    this.#parts.captions.over('call', this.#id);
  }

  #isThere(now: number): void {
    if (now - this.#heardAt < HEARD_EVERY_MS) return;
    this.#heardAt = now;
    this.#parts.emit({ type: 'call-heard', id: this.#id });
  }

  #fail(): void {
    this.#parts.emit({ type: 'call-failed', id: this.#id });
  }

  #useEncoder(encoder: OpusEncoder): void {
    if (this.#hasEnded) return encoder.free();
    this.#encoder = encoder;
    for (const frame of this.#early) this.#sender.push(encoder.encode(frame), this.#parts.clock());
    this.#early = [];
  }

  #spoken(frame: Int16Array): void {
    this.#lastFrameAt = this.#parts.clock();
    this.#push(this.#isMuted || this.#parts.isTalking() ? this.#silence : frame);
  }

  #push(frame: Int16Array): void {
    if (this.#encoder) this.#sender.push(this.#encoder.encode(frame), this.#parts.clock());
    else if (this.#early.length < MAX_EARLY) this.#early.push(frame.slice());
    // The other side waits for it, the recording does not.
    this.#parts.mixdown.spoken(this.#id, frame);
  }

  /** RTP's time goes on where the microphone gives nothing: it was unplugged, there is none, or a recording has ended. */
  #fillGap(): void {
    const gapMs = this.#parts.clock() - this.#lastFrameAt;
    if (gapMs < MICROPHONE_GAP_MS) return;
    const filledMs = gapMs > MAX_GAP_MS ? MICROPHONE_GAP_MS : gapMs;
    const frames = Math.floor(filledMs / FRAME_MS);
    this.#lastFrameAt += frames * FRAME_MS + gapMs - filledMs;
    for (let i = 0; i < frames; i++) this.#push(this.#silence);
  }
}

/** The same voice; `heard` is given what it gives. */
function overheard(voice: Playout, heard: (samples: Int16Array) => void): Voice {
  return {
    get decided() {
      return voice.decided;
    },
    pull: (out) => {
      const isOn = voice.pull(out);
      if (isOn) heard(out);
      return isOn;
    },
    failed: () => voice.failed(),
  };
}

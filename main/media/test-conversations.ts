import type { TestContext } from 'node:test';
import type { FrameSink, OpusEncoder, Voice } from '../../native-audio/index.ts';
import { seededRandom } from '../../test/support/seeded-random.ts';
import { FRAME_MS, FRAME_SAMPLES } from '../model/index.ts';
import { CaptionTap } from './caption-tap.ts';
import { CallMixdown } from './call-mixdown.ts';
import { Codecs } from './codecs.ts';
import { Conversations } from './conversations.ts';
import type { MediaAddress, WorkerCommand, WorkerEvent } from './protocol.ts';
import { RtpDemuxer } from './rtp-demuxer.ts';
import { isRtcp } from './rtp.ts';

type CallCommand = Extract<WorkerCommand, { type: 'call' }>;
type Timers = TestContext['mock']['timers'];

const CALL = 'A'.repeat(22);
const keyOf = (byte: number) => ({ masterKey: Buffer.alloc(16, byte), masterSalt: Buffer.alloc(12, byte) });

/** What a network does to packets. */
export interface Wire {
  /** Share of packets that are lost, 0 to 1, each way. */
  readonly loss: number;
  /** The others take 1 ms and up to this much more: a packet may overtake those before it. */
  readonly jitterMs: number;
}
/** 10 ms of it. */
export const SILENCE = new Int16Array(FRAME_SAMPLES);
const CALM: Wire = { loss: 0, jitterMs: 0 };

/** After this many frames of silence an encoder has forgotten the voice before. */
const FORGOTTEN_FRAMES = 100;

/** Real codecs that do not encode long silence anew: eleven minutes of it take seconds. */
class QuickCodecs extends Codecs {
  override withEncoder(use: (encoder: OpusEncoder) => void, failed: (error: unknown) => void): void {
    super.withEncoder((encoder) => {
      const encode = encoder.encode.bind(encoder);
      let silentFrames = 0;
      let silence = new Uint8Array(0);
      encoder.encode = (frame) => {
        silentFrames = frame.some((sample) => sample !== 0) ? 0 : silentFrames + 1;
        if (silentFrames <= FORGOTTEN_FRAMES) silence = Uint8Array.from(encode(frame));
        return silence;
      };
      use(encoder);
    }, failed);
  }
}

/** The media worker's calls of one computer, with a microphone and a loudspeaker that the test moves. */
export class End {
  readonly events: WorkerEvent[] = [];
  /** Why packets of voices were dropped. */
  readonly refusals: string[] = [];
  readonly demuxer: RtpDemuxer;
  readonly conversations: Conversations;
  /** What was opened, of the call and of other streams. */
  readonly frames: { readonly stream: string; readonly n: number }[] = [];
  readonly #address: MediaAddress;
  readonly #clock: () => number;
  readonly mixdown: CallMixdown;
  readonly captions: CaptionTap;
  readonly codecs: Codecs;
  readonly #frame = new Int16Array(FRAME_SAMPLES);
  #microphone: FrameSink | undefined;
  #loudspeaker: Voice | undefined;

  constructor(
    address: MediaAddress,
    codecs: Codecs,
    clock: () => number,
    send: (packet: Uint8Array, to: MediaAddress) => void,
  ) {
    this.#address = address;
    this.#clock = clock;
    const emit = (event: WorkerEvent) => void this.events.push(event);
    this.codecs = codecs;
    this.captions = new CaptionTap(emit);
    this.mixdown = new CallMixdown({ codecs, emit });
    this.demuxer = new RtpDemuxer({
      ...{ send, emit, clock, onUnknown: () => undefined },
      onFrame: (stream, n, frame, at) => {
        this.frames.push({ stream, n });
        this.conversations.put(stream, n, frame, at);
      },
    });
    this.conversations = new Conversations({
      captions: this.captions,
      ...{ codecs, send, emit, clock, demuxer: this.demuxer, isTalking: () => false },
      mixdown: this.mixdown,
      audio: {
        addVoice: (voice) => void (this.#loudspeaker = voice),
        removeVoice: () => void (this.#loudspeaker = undefined),
      },
      microphone: {
        startCapture: (sink) => {
          this.#microphone = sink;
          return { end: () => void (this.#microphone = undefined) };
        },
      },
    });
  }

  get address(): MediaAddress {
    return this.#address;
  }

  /** How often main was told that something came of the call. */
  get heardTimes(): number {
    return this.events.filter(({ type }) => type === 'call-heard').length;
  }

  /** The microphone gives 10 ms. */
  speak(samples: Int16Array): void {
    this.#microphone?.(samples);
  }

  /** The loudspeaker takes 10 ms: valid until the next time. */
  hear(): Int16Array {
    this.#frame.fill(0);
    this.#loudspeaker?.pull(this.#frame);
    return this.#frame;
  }

  receive(packet: Uint8Array, from: MediaAddress): void {
    // Of RTCP what is overtaken by later packets is passed over.
    if (isRtcp(packet)) return void this.conversations.answer(packet, from, this.#clock());
    const refusal = this.demuxer.receive(packet, from);
    if (refusal !== undefined) this.refusals.push(refusal);
  }
}

/** Ann and Bo in a call, over a network in virtual time: everything between two microphones and two loudspeakers but the devices. */
export class TalkingEnds {
  readonly ann: End;
  readonly bo: End;
  /** Called with each packet that is sent; whether it is lost. */
  loses: (packet: Uint8Array, from: End) => boolean = () => false;
  wire = CALM;
  readonly #timers: Timers;
  readonly #random = seededRandom(11);
  #now = 0;
  #flying: { readonly at: number; readonly to: End; readonly from: End; readonly packet: Uint8Array }[] = [];

  private constructor(timers: Timers, codecs: { readonly ann: Codecs; readonly bo: Codecs }) {
    this.#timers = timers;
    const end = (address: string, own: Codecs): End =>
      new End(
        { address, port: 4000 },
        own,
        () => this.#now,
        (packet, to) => this.#send(packet, address, to),
      );
    this.ann = end('10.0.0.1', codecs.ann);
    this.bo = end('10.0.0.2', codecs.bo);
  }

  /** In a call until the test ends, whose timers this takes over. */
  static async start(t: TestContext, more: Partial<CallCommand> = {}): Promise<TalkingEnds> {
    const { timers } = t.mock;
    const codecs = { ann: new QuickCodecs(), bo: new QuickCodecs() };
    await Promise.all([codecs.ann.prepare(), codecs.bo.prepare()]);
    timers.enable({ apis: ['setTimeout', 'setInterval'] });
    const ends = new TalkingEnds(timers, codecs);
    t.after(() => ends.#close());
    const [anns, bos] = [
      { ssrc: 0x5501a0b2, key: keyOf(1) },
      { ssrc: 0x20b0, key: keyOf(2) },
    ];
    const { ann, bo } = ends;
    const call = { type: 'call', id: CALL, isMuted: false, isSilent: false, gain: 1, ...more } as const;
    for (const [end, other, own, theirs] of [
      [ann, bo, anns, bos],
      [bo, ann, bos, anns],
    ] as const)
      end.conversations.start({
        ...call,
        send: { ...own, targets: [other.address] },
        receive: { ...theirs, talker: other.address },
      });
    return ends;
  }

  /** 10 ms go by: both microphones give this, and both loudspeakers take what is there. */
  tick(anns: Int16Array, bos: Int16Array): { readonly atAnn: Int16Array; readonly atBo: Int16Array } {
    this.ann.speak(anns);
    this.bo.speak(bos);
    this.pass(FRAME_MS);
    return { atAnn: this.ann.hear(), atBo: this.bo.hear() };
  }

  /** Both microphones give silence for this many frames, and nobody listens. */
  idle(frames: number): void {
    for (let n = 0; n < frames; n++) {
      this.ann.speak(SILENCE);
      this.bo.speak(SILENCE);
      this.pass(FRAME_MS);
    }
  }

  /** Time goes by, without microphones and loudspeakers. */
  pass(ms: number): void {
    // Where nothing is late all of it arrives at once, and eleven minutes take seconds.
    const step = this.wire === CALM ? ms : 1;
    for (const end = this.#now + ms; this.#now < end;) {
      this.#now += step;
      this.#arrive();
      this.#timers.tick(step);
    }
  }

  /** Both computers sleep: this much goes by, and no timer runs. What was on its way is lost. */
  sleep(ms: number): void {
    this.#now += ms;
    this.#flying = [];
  }

  /** Both mute, or hold, or do neither. */
  change({ isMuted = false, isSilent = false }: Partial<Pick<CallCommand, 'isMuted' | 'isSilent'>>): void {
    for (const [end, other] of [
      [this.ann, this.bo],
      [this.bo, this.ann],
    ] as const) {
      const target = other.address;
      end.conversations.change({ type: 'call-change', id: CALL, target, isMuted, isSilent, gain: 1 });
    }
  }

  #close(): void {
    for (const { conversations, demuxer } of [this.ann, this.bo]) {
      conversations.close();
      demuxer.close();
    }
  }

  #send(packet: Uint8Array, address: string, to: MediaAddress): void {
    const [from, other] = address === this.ann.address.address ? [this.ann, this.bo] : [this.bo, this.ann];
    if (to.address !== other.address.address || this.loses(packet, from)) return;
    if (this.#random() < this.wire.loss) return;
    const at = this.#now + 1 + Math.floor(this.#random() * this.wire.jitterMs);
    this.#flying.push({ at, to: other, from, packet });
  }

  #arrive(): void {
    const due = this.#flying.filter(({ at }) => at <= this.#now);
    if (due.length === 0) return;
    this.#flying = this.#flying.filter(({ at }) => at > this.#now);
    for (const { to, from, packet } of due.sort((a, b) => a.at - b.at)) to.receive(packet, from.address);
  }
}

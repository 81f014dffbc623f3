import { localizedText, type LocalizedText, type Phrase } from '../../i18n/index.ts';
import type { OpusEncoder, SoundState } from '../../native-audio/index.ts';
import { FRAME_MS, nodePorts } from '../model/index.ts';
import type { AudioCapture, AudioPort } from './audio-port.ts';
import type { Codecs } from './codecs.ts';
import { FirstVoice } from './first-voice.ts';
import { PcmPacer } from './pcm-pacer.ts';
import type { MediaAddress, WorkerCommand, WorkerEvent } from './protocol.ts';
import { RtpSender } from './rtp-sender.ts';
import { SilenceWatch } from './silence-watch.ts';

type TalkCommand = Extract<WorkerCommand, { type: 'talk' }>;
type RenewCommand = Extract<WorkerCommand, { type: 'talk-renew' }>;
type TargetsCommand = Extract<WorkerCommand, { type: 'talk-targets' }>;

/** Recording goes on this long after key up: for the end of the last word, and for samples that the sound card still holds. */
export const TAIL_MS = 180;
const MAX_PREROLL_MS = 300;
/** A cold microphone may take this long to open. */
export const OPENING_PATIENCE_MS = 5000;
/** It keeps this many finished transmissions, so that a receiver can ask for their fragments again. */
const KEPT_TRANSMISSIONS = 8;
const PASS_ON_EVERY_MS = 50;
const NO_ENCODER = localizedText(
  'no-encoder',
  'Speech cannot be encoded on this computer. Install Corridor again.',
);
export const SILENT = localizedText(
  'microphone-silent',
  'The microphone does not answer. Choose another one in the settings.',
);

interface TransmitterParts {
  readonly audio: AudioPort;
  readonly codecs: Codecs;
  readonly send: (packet: Uint8Array, to: MediaAddress) => void;
  readonly emit: (event: WorkerEvent) => void;
  readonly clock: () => number;
}

/** Where the frames of a transmission come from. The source goes on where the talk goes on as another message. */
interface Source {
  readonly usesMicrophone: boolean;
  readonly silence: SilenceWatch;
  capture: AudioCapture | undefined;
  pacer: PcmPacer | undefined;
  patience: NodeJS.Timeout | undefined;
  /** Holds back what may yet be a click; undefined: it is none. */
  firstVoice: FirstVoice | undefined;
  /** The transmission that gets its frames now. */
  feeds: Transmission;
}

interface Transmission {
  readonly sender: RtpSender;
  source: Source | undefined;
  encoder: OpusEncoder | undefined;
  /** Frames that came before the encoder was there. */
  early: Int16Array[];
  isOver: boolean;
  failed: LocalizedText | null;
}

/** Sends speech from the microphone or a recording, and answers the NACKs of receivers that lost some of it. */
export class Transmitter {
  readonly #parts: TransmitterParts;
  readonly #transmissions = new Map<string, Transmission>();
  #passOnTimer: NodeJS.Timeout | undefined;

  constructor(parts: TransmitterParts) {
    this.#parts = parts;
    parts.audio.on('state', (state) => this.#onSoundState(state));
  }

  get isActive(): boolean {
    for (const transmission of this.#transmissions.values()) if (!transmission.isOver) return true;
    return false;
  }

  start(command: TalkCommand): void {
    if (this.#transmissions.has(command.id)) return;
    const transmission = this.#begin(command);
    const { pcm, mayBeClick, keyDownAt } = command;
    const source: Source = {
      usesMicrophone: pcm === undefined,
      silence: new SilenceWatch(),
      capture: undefined,
      pacer: undefined,
      patience: undefined,
      firstVoice: mayBeClick ? new FirstVoice(keyDownAt) : undefined,
      feeds: transmission,
    };
    transmission.source = source;
    if (pcm) this.#speak(source, pcm);
    else this.#listen(source, keyDownAt);
  }

  /** What is said from now on belongs to another message. No frame is lost. A talk that has ended is not begun again. */
  renew({ id, next }: RenewCommand): void {
    const before = this.#transmissions.get(id);
    const source = before?.source;
    if (!before || !source || before.isOver || this.#transmissions.has(next.id)) return;
    const transmission = this.#begin(next);
    transmission.source = source;
    source.feeds = transmission;
    before.source = undefined;
    this.#parts.emit({ type: 'talk-renewed', id, next: next.id });
    this.#finish(before);
  }

  setTargets({ id, targets, own }: TargetsCommand): void {
    this.#transmissions.get(id)?.sender.setTargets(targets, own);
  }

  /** Its header went out. */
  announced(id: string): void {
    this.#transmissions.get(id)?.sender.announced(this.#parts.clock());
  }

  /** Key up. */
  stop(id: string): void {
    const source = this.#transmissions.get(id)?.source;
    if (source?.firstVoice?.isClick(nodePorts.clock.monotonic())) return this.#discard(source);
    source?.pacer?.stop();
    if (source?.firstVoice) this.#meant(source);
    if (source?.capture) void source.capture.stop(TAIL_MS).then(() => this.#finish(source.feeds));
  }

  /** Answers an RTCP packet. Returns the reason if no transmission takes it. */
  answer(packet: Uint8Array, from: MediaAddress, now: number): string | undefined {
    let reason: string | undefined = 'asked by no target';
    // Most ask for what is being said now.
    for (const { sender } of [...this.#transmissions.values()].reverse()) {
      const refusal = sender.answer(packet, from, now);
      if (refusal === undefined) return undefined;
      if (refusal !== 'asked by no target') reason = refusal;
    }
    return reason;
  }

  forget(id: string): void {
    if (this.#transmissions.get(id)?.isOver) this.#transmissions.delete(id);
  }

  close(): void {
    for (const transmission of this.#transmissions.values()) {
      transmission.source?.pacer?.stop();
      transmission.source?.capture?.end();
      this.#finish(transmission);
    }
    clearTimeout(this.#passOnTimer);
  }

  #begin({ id, ssrc, key, targets, group, own }: RenewCommand['next']): Transmission {
    const transmission: Transmission = {
      sender: new RtpSender({ id, ssrc, key, targets, group, own, send: this.#parts.send }),
      source: undefined,
      encoder: undefined,
      early: [],
      isOver: false,
      failed: null,
    };
    this.#transmissions.set(id, transmission);
    this.#parts.codecs.withEncoder(
      (encoder) => this.#useEncoder(transmission, encoder),
      () => this.#fail(transmission, NO_ENCODER),
    );
    return transmission;
  }

  #speak(source: Source, pcm: Int16Array): void {
    this.#parts.emit({ type: 'capturing', id: source.feeds.sender.id });
    source.pacer = new PcmPacer(
      pcm,
      (frame) => this.#push(source.feeds, frame),
      () => this.#finish(source.feeds),
    );
  }

  #listen(source: Source, keyDownAt: number): void {
    const { audio, emit } = this.#parts;
    const onStarted = () => {
      clearTimeout(source.patience);
      emit({ type: 'capturing', id: source.feeds.sender.id });
      audio.tone('start');
    };
    source.patience = setTimeout(() => this.#fail(source.feeds, SILENT), OPENING_PATIENCE_MS);
    source.capture = audio.startCapture((frame) => this.#captured(source, frame), {
      prerollMs: prerollSince(keyDownAt),
      onStarted,
    });
    this.#onSoundState(audio.state);
  }

  #captured(source: Source, frame: Int16Array): void {
    const isSilent = source.silence.put(frame);
    if (isSilent !== undefined)
      this.#parts.emit({ type: 'talk-silent', id: source.feeds.sender.id, isSilent });
    if (!source.firstVoice) this.#push(source.feeds, frame);
    else if (source.firstVoice.put(frame)) this.#meant(source);
  }

  /** The talk is no click: what was held back of it is sent. */
  #meant(source: Source): void {
    const held = source.firstVoice?.held ?? [];
    source.firstVoice = undefined;
    this.#parts.emit({ type: 'talk-meant', id: source.feeds.sender.id });
    for (const frame of held) this.#push(source.feeds, frame);
  }

  #discard(source: Source): void {
    source.capture?.end();
    this.#finish(source.feeds);
  }

  #onSoundState({ microphone }: SoundState): void {
    const { state, sentence, phrase } = microphone;
    if ((state !== 'missing' && state !== 'failed') || sentence === null) return;
    for (const transmission of this.#transmissions.values()) {
      if (transmission.source?.capture && !transmission.isOver)
        this.#fail(transmission, { sentence, phrase });
    }
  }

  #useEncoder(transmission: Transmission, encoder: OpusEncoder): void {
    transmission.encoder = encoder;
    for (const frame of transmission.early) this.#push(transmission, frame);
    transmission.early = [];
    if (transmission.isOver) this.#complete(transmission);
  }

  #push(transmission: Transmission, frame: Int16Array): void {
    if (!transmission.encoder) {
      transmission.early.push(frame.slice());
      return;
    }
    transmission.sender.push(transmission.encoder.encode(frame), this.#parts.clock());
    this.#passOnSoon();
    if (transmission.sender.isFull) this.stop(transmission.sender.id);
  }

  #fail(
    transmission: Transmission,
    { sentence, phrase }: { readonly sentence: string; readonly phrase: Phrase | null },
  ): void {
    transmission.failed ??= { sentence, phrase: phrase ?? SILENT.phrase };
    transmission.source?.pacer?.stop();
    transmission.source?.capture?.end();
    this.#finish(transmission);
  }

  /** No more frames come. Those that came before the encoder was there still have to be sent. */
  #finish(transmission: Transmission): void {
    if (transmission.isOver) return;
    transmission.isOver = true;
    clearTimeout(transmission.source?.patience);
    if (transmission.encoder || transmission.failed !== null) this.#complete(transmission);
  }

  #complete(transmission: Transmission): void {
    const { id, count } = transmission.sender;
    transmission.encoder?.free();
    transmission.encoder = undefined;
    this.#passOn();
    const isSent = transmission.failed === null && !transmission.source?.firstVoice;
    const isClick = transmission.failed === null && !isSent;
    this.#parts.emit({
      type: 'talk-ended',
      id,
      count,
      failed: transmission.failed,
      ...(isClick && { isClick }),
    });
    if (transmission.source?.usesMicrophone && isSent) this.#parts.audio.tone('stop');
    const over = [...this.#transmissions.values()].filter(({ isOver }) => isOver);
    for (const old of over.slice(0, -KEPT_TRANSMISSIONS)) this.#transmissions.delete(old.sender.id);
  }

  #passOnSoon(): void {
    this.#passOnTimer ??= setTimeout(() => this.#passOn(), PASS_ON_EVERY_MS);
  }

  #passOn(): void {
    clearTimeout(this.#passOnTimer);
    this.#passOnTimer = undefined;
    for (const { sender } of this.#transmissions.values()) {
      const fragments = sender.takePending();
      if (fragments.length > 0) this.#parts.emit({ type: 'talk-fragments', id: sender.id, fragments });
      const reach = sender.takeReach();
      if (reach.length > 0) this.#parts.emit({ type: 'talk-reach', id: sender.id, reach });
    }
  }
}

/** How much of the sound from before this moment belongs to a message whose key went down then, ms. */
export function prerollSince(keyDownAt: number): number {
  const sinceKeyDown = Math.ceil((nodePorts.clock.monotonic() - keyDownAt) / FRAME_MS) * FRAME_MS;
  return Math.min(MAX_PREROLL_MS, Math.max(0, sinceKeyDown));
}

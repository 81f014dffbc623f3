import { localizedText, type LocalizedText, type Phrase } from '../../i18n/index.ts';
import type { Capture, OpusEncoder, SoundEngine, SoundState } from '../../native-audio/index.ts';
import { FRAME_MS } from '../model/index.ts';
import type { Codecs } from './codecs.ts';
import { PcmPacer } from './pcm-pacer.ts';
import type { Target, WorkerCommand, WorkerEvent } from './protocol.ts';
import { TalkSession } from './talk-session.ts';

type TalkCommand = Extract<WorkerCommand, { type: 'talk' }>;

/** Still recorded after key up: the end of the last word, and what the sound card has not handed over yet. */
const TAIL_MS = 180;
const MAX_PREROLL_MS = 300;
/** A cold microphone may take this long to open. */
const OPENING_PATIENCE_MS = 5000;
/** Finished talks are kept so that their fragments can be asked for again. */
const KEPT_TALKS = 8;
const PASS_ON_EVERY_MS = 50;
const NO_ENCODER = localizedText(
  'no-encoder',
  'Speech cannot be encoded on this computer. Install Corridor again.',
);
const SILENT = localizedText(
  'microphone-silent',
  'The microphone does not answer. Choose another one in the settings.',
);

export interface TalkingParts {
  readonly engine: SoundEngine;
  readonly codecs: Codecs;
  readonly send: (packet: Uint8Array, to: Target) => void;
  readonly emit: (event: WorkerEvent) => void;
}

interface Talk {
  readonly session: TalkSession;
  readonly usesMicrophone: boolean;
  encoder: OpusEncoder | undefined;
  /** Frames from before the encoder was there. */
  early: Int16Array[];
  capture: Capture | undefined;
  pacer: PcmPacer | undefined;
  patience: NodeJS.Timeout | undefined;
  isOver: boolean;
  failed: LocalizedText | null;
}

/** From the microphone, or a recording, onto the wire; and the answers to who lost something of it. */
export class Talking {
  readonly #parts: TalkingParts;
  readonly #talks = new Map<string, Talk>();
  #passOnTimer: NodeJS.Timeout | undefined;

  constructor(parts: TalkingParts) {
    this.#parts = parts;
    parts.engine.on('state', (state) => this.#onSoundState(state));
  }

  get isActive(): boolean {
    for (const talk of this.#talks.values()) if (!talk.isOver) return true;
    return false;
  }

  start(command: TalkCommand): void {
    const { id, ssrc, key, targets, pcm } = command;
    if (this.#talks.has(id)) return;
    const talk: Talk = {
      session: new TalkSession({ id, ssrc, key, targets, send: this.#parts.send }),
      usesMicrophone: pcm === undefined,
      encoder: undefined,
      early: [],
      capture: undefined,
      pacer: undefined,
      patience: undefined,
      isOver: false,
      failed: null,
    };
    this.#talks.set(id, talk);
    this.#parts.codecs.withEncoder(
      (encoder) => this.#useEncoder(talk, encoder),
      () => this.#fail(talk, NO_ENCODER),
    );
    if (pcm) this.#speak(talk, pcm);
    else this.#listen(talk, command.keyDownAt);
  }

  setTargets(id: string, targets: readonly Target[]): void {
    this.#talks.get(id)?.session.setTargets(targets);
  }

  /** Key up. */
  stop(id: string): void {
    const talk = this.#talks.get(id);
    talk?.pacer?.stop();
    if (talk?.capture) void talk.capture.stop(TAIL_MS).then(() => this.#finish(talk));
  }

  /** An RTCP packet. Returns why it was dropped, if nobody wanted it. */
  answer(packet: Uint8Array, from: Target, now: number): string | undefined {
    let reason: string | undefined = 'asked by no target';
    for (const { session } of this.#talks.values()) {
      const refusal = session.answer(packet, from, now);
      if (refusal === undefined) return undefined;
      if (refusal !== 'asked by no target') reason = refusal;
    }
    return reason;
  }

  forget(id: string): void {
    if (this.#talks.get(id)?.isOver) this.#talks.delete(id);
  }

  close(): void {
    for (const talk of this.#talks.values()) {
      talk.pacer?.stop();
      talk.capture?.end();
      this.#finish(talk);
    }
    clearTimeout(this.#passOnTimer);
  }

  #speak(talk: Talk, pcm: Int16Array): void {
    this.#parts.emit({ type: 'capturing', id: talk.session.id });
    talk.pacer = new PcmPacer(
      pcm,
      (frame) => this.#push(talk, frame),
      () => this.#finish(talk),
    );
  }

  #listen(talk: Talk, keyDownAt: number): void {
    const { engine, emit } = this.#parts;
    // Both clocks are the system's: Date.now() in this thread, timeOrigin in the other.
    const sinceKeyDown = Math.ceil((Date.now() - keyDownAt) / FRAME_MS) * FRAME_MS;
    const onStarted = () => {
      clearTimeout(talk.patience);
      emit({ type: 'capturing', id: talk.session.id });
      engine.tone('start');
    };
    talk.patience = setTimeout(() => this.#fail(talk, SILENT), OPENING_PATIENCE_MS);
    talk.capture = engine.startCapture((frame) => this.#push(talk, frame), {
      prerollMs: Math.min(MAX_PREROLL_MS, Math.max(0, sinceKeyDown)),
      onStarted,
    });
    this.#onSoundState(engine.state);
  }

  #onSoundState({ microphone }: SoundState): void {
    if (microphone.state !== 'missing' && microphone.state !== 'failed') return;
    for (const talk of this.#talks.values()) {
      if (talk.capture && !talk.isOver) this.#fail(talk, microphone);
    }
  }

  #useEncoder(talk: Talk, encoder: OpusEncoder): void {
    talk.encoder = encoder;
    for (const frame of talk.early) this.#push(talk, frame);
    talk.early = [];
    if (talk.isOver) this.#complete(talk);
  }

  #push(talk: Talk, frame: Int16Array): void {
    if (!talk.encoder) {
      talk.early.push(frame.slice());
      return;
    }
    talk.session.push(talk.encoder.encode(frame));
    this.#passOnSoon();
    if (talk.session.isFull) this.stop(talk.session.id);
  }

  #fail(
    talk: Talk,
    { sentence, phrase }: { readonly sentence: string; readonly phrase: Phrase | null },
  ): void {
    talk.failed ??= { sentence, phrase: phrase ?? SILENT.phrase };
    talk.pacer?.stop();
    talk.capture?.end();
    this.#finish(talk);
  }

  /** No more frames come. Those from before the encoder was there still have to go out. */
  #finish(talk: Talk): void {
    if (talk.isOver) return;
    talk.isOver = true;
    clearTimeout(talk.patience);
    if (talk.encoder || talk.failed !== null) this.#complete(talk);
  }

  #complete(talk: Talk): void {
    const { id, count } = talk.session;
    talk.encoder?.free();
    talk.encoder = undefined;
    this.#passOn();
    this.#parts.emit({ type: 'talk-ended', id, count, failed: talk.failed });
    if (talk.usesMicrophone && talk.failed === null) this.#parts.engine.tone('stop');
    const over = [...this.#talks.values()].filter(({ isOver }) => isOver);
    for (const old of over.slice(0, -KEPT_TALKS)) this.#talks.delete(old.session.id);
  }

  #passOnSoon(): void {
    this.#passOnTimer ??= setTimeout(() => this.#passOn(), PASS_ON_EVERY_MS);
  }

  #passOn(): void {
    clearTimeout(this.#passOnTimer);
    this.#passOnTimer = undefined;
    for (const { session } of this.#talks.values()) {
      const fragments = session.takePending();
      if (fragments.length > 0) this.#parts.emit({ type: 'talk-fragments', id: session.id, fragments });
    }
  }
}

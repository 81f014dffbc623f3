import { EchoCanceller, type FrameSink } from '../../native-audio/index.ts';
import type { AudioCapture, AudioPort } from './audio-port.ts';
import { LoadedStage } from './loaded-stage.ts';
import type { CallSound, WorkerEvent } from './protocol.ts';

interface CallMicrophoneParts {
  readonly audio: Pick<AudioPort, 'startCapture' | 'onPlayed'>;
  readonly emit: (event: WorkerEvent) => void;
  /** Left out: the real one. */
  readonly createCanceller?: () => Promise<EchoCanceller>;
}

/**
 * The microphone as calls hear it: without what the loudspeaker plays. All calls of this computer share it, and each frame
 * is cleaned once. Messages and pages take the microphone as it is, since cleaning takes time.
 */
export class CallMicrophone {
  readonly #audio: CallMicrophoneParts['audio'];
  readonly #tell: (failure: string | null) => void;
  readonly #echo: LoadedStage<EchoCanceller>;
  readonly #sinks = new Set<FrameSink>();
  #sound: CallSound = { echoCancelling: true };
  #capture: AudioCapture | undefined;
  #stopListening: (() => void) | undefined;

  constructor({ audio, emit, createCanceller = () => EchoCanceller.create() }: CallMicrophoneParts) {
    this.#audio = audio;
    this.#tell = (failure) => emit({ type: 'call-cleaning', part: 'echo', failure });
    this.#echo = new LoadedStage(createCanceller, this.#tell);
  }

  /** Holds from now on, in calls that are under way, too. */
  configure(sound: CallSound): void {
    this.#sound = sound;
    // What is not wanted does not fail.
    if (!sound.echoCancelling) this.#tell(null);
    if (this.#capture) this.#clean();
  }

  /** A call may begin soon: what is loaded once is loaded now. */
  prepare(): void {
    // Where that fails, the call will say so.
    if (this.#sound.echoCancelling) EchoCanceller.prepare().catch(() => undefined);
  }

  /** Hands on the cleaned frames as they come, until it is ended. A frame is valid only during the call. */
  startCapture(onFrame: FrameSink): Pick<AudioCapture, 'end'> {
    // A function of its own for each use, so that one sink may be used twice.
    const sink: FrameSink = (frame) => onFrame(frame);
    this.#sinks.add(sink);
    if (!this.#capture) {
      this.#clean();
      this.#capture = this.#audio.startCapture((frame) => this.#heard(frame));
    }
    return { end: () => this.#leave(sink) };
  }

  #heard(frame: Int16Array): void {
    const cleaned = this.#echo.process(frame);
    for (const sink of this.#sinks) sink(cleaned);
  }

  #leave(sink: FrameSink): void {
    if (!this.#sinks.delete(sink) || this.#sinks.size > 0) return;
    this.#capture?.end();
    this.#capture = undefined;
    this.#letEchoBe();
  }

  #clean(): void {
    if (!this.#sound.echoCancelling) return this.#letEchoBe();
    this.#echo.start();
    this.#stopListening ??= this.#audio.onPlayed((part) => this.#echo.use((echo) => echo.played(part)));
  }

  #letEchoBe(): void {
    this.#stopListening?.();
    this.#stopListening = undefined;
    this.#echo.stop();
  }
}

import { AutomaticGain, EchoCanceller, NoiseSuppressor, type FrameSink } from '../../native-audio/index.ts';
import type { AudioCapture, AudioPort } from './audio-port.ts';
import { LoadedStage, type FrameStage } from './loaded-stage.ts';
import type { CallCleaning, CallSound, WorkerEvent } from './protocol.ts';

export const USUAL_CALL_SOUND: CallSound = {
  echoCancelling: true,
  noiseSuppression: false,
  gainControl: true,
};

interface CallMicrophoneParts {
  readonly audio: Pick<AudioPort, 'startCapture' | 'onPlayed'>;
  readonly emit: (event: WorkerEvent) => void;
  /** Left out: the real one. */
  readonly createCanceller?: () => Promise<EchoCanceller>;
}

/**
 * The microphone as calls hear it: without what the loudspeaker plays, without noise where that is wanted, and about as
 * loud as others. All calls of this computer share it, and each frame is cleaned once. Messages and pages take the
 * microphone as it is, since cleaning takes time.
 */
export class CallMicrophone {
  readonly #audio: CallMicrophoneParts['audio'];
  readonly #emit: CallMicrophoneParts['emit'];
  readonly #echo: LoadedStage<EchoCanceller>;
  readonly #noise: LoadedStage<NoiseSuppressor>;
  readonly #sinks = new Set<FrameSink>();
  #gain: FrameStage | undefined;
  #sound = USUAL_CALL_SOUND;
  #capture: AudioCapture | undefined;
  #stopListening: (() => void) | undefined;

  constructor({ audio, emit, createCanceller = () => EchoCanceller.create() }: CallMicrophoneParts) {
    this.#audio = audio;
    this.#emit = emit;
    this.#echo = new LoadedStage(createCanceller, (failure) => this.#tell('echo', failure));
    this.#noise = new LoadedStage(
      () => NoiseSuppressor.create(),
      (failure) => this.#tell('noise', failure),
    );
  }

  /** From now on, also in calls that are going on. */
  configure(sound: CallSound): void {
    this.#sound = sound;
    // A step that is not wanted cannot fail.
    if (!sound.echoCancelling) this.#tell('echo', null);
    if (!sound.noiseSuppression) this.#tell('noise', null);
    if (this.#capture) this.#clean(sound);
  }

  /** A call may begin soon: the libraries are loaded now. During a call they are there, and all calls share them. */
  prepare(): void {
    if (this.#capture) return;
    const { echoCancelling, noiseSuppression } = this.#sound;
    // Where loading fails, the call says so.
    if (echoCancelling) EchoCanceller.prepare().catch(() => undefined);
    if (noiseSuppression) NoiseSuppressor.prepare().catch(() => undefined);
  }

  /** Hands on the cleaned frames as they come, until it is ended. A frame is valid only during the call. */
  startCapture(onFrame: FrameSink): Pick<AudioCapture, 'end'> {
    // Each use has a function of its own, so one sink may be used twice.
    const sink: FrameSink = (frame) => onFrame(frame);
    this.#sinks.add(sink);
    if (!this.#capture) {
      this.#clean(this.#sound);
      this.#capture = this.#audio.startCapture((frame) => this.#heard(frame));
    }
    return { end: () => this.#leave(sink) };
  }

  #heard(frame: Int16Array): void {
    const cleaned = this.#noise.process(this.#echo.process(frame));
    const spoken = this.#gain?.process(cleaned) ?? cleaned;
    for (const sink of this.#sinks) sink(spoken);
  }

  #leave(sink: FrameSink): void {
    if (!this.#sinks.delete(sink) || this.#sinks.size > 0) return;
    this.#capture?.end();
    this.#capture = undefined;
    this.#clean({ echoCancelling: false, noiseSuppression: false, gainControl: false });
  }

  /** Does this much of it; what is not wanted is let go of, with all that it has learned. */
  #clean({ echoCancelling, noiseSuppression, gainControl }: CallSound): void {
    if (echoCancelling) {
      this.#echo.start();
      this.#stopListening ??= this.#audio.onPlayed((part) => this.#echo.use((echo) => echo.played(part)));
    } else {
      this.#stopListening?.();
      this.#stopListening = undefined;
      this.#echo.stop();
    }
    if (noiseSuppression) this.#noise.start();
    else this.#noise.stop();
    this.#gain = gainControl ? (this.#gain ?? new AutomaticGain()) : undefined;
  }

  #tell(part: CallCleaning, failure: string | null): void {
    this.#emit({ type: 'call-cleaning', part, failure });
  }
}

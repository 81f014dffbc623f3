import { Emitter, faults } from '../main/model/index.ts';
import { Capture, type CaptureOptions } from './capture.ts';
import type { DeviceStream, StreamState } from './device-stream.ts';
import { FRAME_SAMPLES, peakOf, type FrameSink } from './frame.ts';
import { MicrophoneStream } from './input.ts';
import { Mixer, type Voice } from './mixer.ts';
import { SpeakerStream } from './output.ts';
import { PortAudio, type DeviceKind, type SoundDevice } from './portaudio.ts';
import { Preroll } from './preroll.ts';
import { toneVoice, type ToneName } from './tone.ts';

export interface SoundSettings {
  /** Names or parts of names; undefined or '' follows the system's default. */
  readonly microphone?: string | undefined;
  readonly speaker?: string | undefined;
  /** Whether the default stands in for a named device that is missing. */
  readonly fallback?: boolean;
  /** `warm`: both devices stay open, and there is a pre-roll. `cold`: a device opens when it is needed, so speech starts later. */
  readonly ready: 'warm' | 'cold';
  /** Whether `tone` plays; it does if this is left out. */
  readonly tones?: boolean;
}

export interface SoundState {
  readonly microphone: StreamState;
  readonly speaker: StreamState;
}

/** The events of a microphone and a loudspeaker. */
export interface SoundEvents {
  /** A device opened, vanished, or came back. */
  state: SoundState;
  /** Peak of the last 50 ms, 0..1; only while the device runs. */
  level: { readonly kind: DeviceKind; readonly peak: number };
}

export const PREROLL_MS = 300;
const SAMPLES_PER_LEVEL = 5 * FRAME_SAMPLES;
/** In `cold`, how long a device stays open after its last use. */
const MICROPHONE_LINGER_MS = 1000;
const SPEAKER_LINGER_MS = 10_000;

/** The node's microphone and loudspeaker. It lives in one worker thread, and has no timers while it is cold and unused. */
export class SoundEngine {
  readonly #audio = new PortAudio();
  readonly #events = new Emitter<SoundEvents>((error) => faults.tell('the sound engine', error));
  readonly #microphone: MicrophoneStream;
  readonly #speaker: SpeakerStream;
  readonly #preroll = new Preroll(PREROLL_MS);
  readonly #captures = new Set<Capture>();
  readonly #playedListeners = new Set<FrameSink>();
  readonly #mixer: Mixer;
  readonly #meters = { microphone: new Meter(), speaker: new Meter() };
  readonly #lingers: Record<DeviceKind, NodeJS.Timeout | undefined> = {
    microphone: undefined,
    speaker: undefined,
  };
  #settings: SoundSettings = { ready: 'cold' };
  #isClosed = false;

  constructor() {
    const onState = () => this.#events.emit('state', this.state);
    this.#microphone = new MicrophoneStream(
      this.#audio,
      (frame) => this.#heard(frame),
      (state) => {
        if (state.state !== 'running') this.#preroll.clear();
        onState();
      },
    );
    this.#mixer = new Mixer(() => this.#letGoUnused());
    const mixer = this.#mixer;
    const source = {
      fill: (frame: Int16Array) => this.#fill(frame),
      get decided() {
        return mixer.decided;
      },
    };
    this.#speaker = new SpeakerStream(this.#audio, source, onState);
    this.#microphone.aroundRetry = (attempt) => this.#withFreshList(this.#speaker, attempt);
    this.#speaker.aroundRetry = (attempt) => this.#withFreshList(this.#microphone, attempt);
  }

  get state(): SoundState {
    return { microphone: this.#microphone.state, speaker: this.#speaker.state };
  }

  /** How often the loudspeaker wanted samples that were not there yet. */
  get ranDry(): number {
    return this.#speaker.ranDry;
  }

  /** Adds a listener. Returns a function that removes it. */
  on<Name extends keyof SoundEvents>(name: Name, listener: (value: SoundEvents[Name]) => void): () => void {
    return this.#events.on(name, listener);
  }

  /** Takes effect at once. A device that stays the same goes on undisturbed. */
  configure(settings: SoundSettings): void {
    this.#settings = settings;
    const fallback = settings.fallback ?? false;
    this.#microphone.choose({ device: settings.microphone, fallback });
    this.#speaker.choose({ device: settings.speaker, fallback });
    if (settings.ready === 'warm') {
      this.#need('microphone');
      this.#need('speaker');
    } else {
      this.#letGoUnused();
    }
  }

  /** All devices; none where sound does not work. While a device is open, a new one may not appear yet. */
  devices(): SoundDevice[] {
    try {
      return this.#audio.devices();
    } catch {
      return [];
    }
  }

  /**
   * Hands on the microphone's frames: first the pre-roll (during this call), then each frame as it comes. Several
   * captures may run side by side. If the microphone is missing, frames come once it is back.
   */
  startCapture(onFrame: FrameSink, options: CaptureOptions = {}): Capture {
    const capture = new Capture(onFrame, options, () => {
      this.#captures.delete(capture);
      this.#letGoUnused();
    });
    this.#need('microphone');
    this.#captures.add(capture);
    if (options.prerollMs) {
      this.#preroll.replay(options.prerollMs, (frame) => capture.push(frame));
    }
    return capture;
  }

  /** The loudspeaker plays the voice from the next frame on, together with the others, until it ends or is removed. */
  addVoice(voice: Voice): void {
    this.#mixer.add(voice);
    this.#need('speaker');
  }

  removeVoice(voice: Voice): void {
    this.#mixer.remove(voice);
    this.#letGoUnused();
  }

  /** Hands on what the loudspeaker is given from now on, in parts of 480 samples at most. Returns what ends it. */
  onPlayed(listener: FrameSink): () => void {
    this.#playedListeners.add(listener);
    return () => this.#playedListeners.delete(listener);
  }

  /** Plays a soft short tone on the loudspeaker, unless the settings exclude tones. */
  tone(name: ToneName): void {
    if (this.#settings.tones === false) return;
    this.addVoice(toneVoice(name));
  }

  /** A voice may come within moments. An open loudspeaker prepares to go from silence to sound sooner. */
  expectVoice(): void {
    this.#speaker.expectSound();
  }

  /**
   * Closes the devices, within half a second. False if a dead device still holds a thread: then the worker cannot be
   * terminated, and the process cannot exit in the ordinary way (see `endProcess`).
   */
  async close(): Promise<boolean> {
    this.#isClosed = true;
    for (const capture of [...this.#captures]) capture.end();
    clearTimeout(this.#lingers.microphone);
    clearTimeout(this.#lingers.speaker);
    await Promise.all([this.#microphone.close(), this.#speaker.close()]);
    return this.#audio.openStreams === 0;
  }

  #heard(frame: Int16Array): void {
    if (this.#settings.ready === 'warm') this.#preroll.push(frame);
    for (const capture of this.#captures) capture.push(frame);
    this.#measure('microphone', frame);
  }

  #fill(frame: Int16Array): boolean {
    const isSound = this.#mixer.fill(frame);
    for (const listener of this.#playedListeners) listener(frame);
    this.#measure('speaker', frame);
    return isSound;
  }

  #measure(kind: DeviceKind, frame: Int16Array): void {
    const peak = this.#meters[kind].push(frame);
    if (peak !== undefined) this.#events.emit('level', { kind, peak });
  }

  #need(kind: DeviceKind): void {
    if (this.#isClosed) return;
    clearTimeout(this.#lingers[kind]);
    this.#lingers[kind] = undefined;
    (kind === 'microphone' ? this.#microphone : this.#speaker).open();
  }

  #letGoUnused(): void {
    if (this.#settings.ready === 'warm' || this.#isClosed) return;
    if (this.#captures.size === 0) this.#closeAfter('microphone', MICROPHONE_LINGER_MS);
    if (this.#mixer.size === 0) this.#closeAfter('speaker', SPEAKER_LINGER_MS);
  }

  #closeAfter(kind: DeviceKind, ms: number): void {
    const stream = kind === 'microphone' ? this.#microphone : this.#speaker;
    if (stream.state.state === 'idle') return;
    clearTimeout(this.#lingers[kind]);
    this.#lingers[kind] = setTimeout(() => void stream.close(), ms);
  }

  /** PortAudio looks for devices only while none is open. So the other device closes for a moment, unless somebody speaks. */
  async #withFreshList(other: DeviceStream, attempt: () => void): Promise<void> {
    const isBusy = this.#captures.size > 0 || this.#mixer.size > 0;
    if (isBusy || other.state.state !== 'running') {
      attempt();
      return;
    }
    await other.suspend();
    try {
      attempt();
    } finally {
      other.resume();
    }
  }
}

/** The peak over some frames. */
class Meter {
  #peak = 0;
  #samples = 0;

  /** Returns the peak each time enough frames have come. */
  push(frame: Int16Array): number | undefined {
    this.#peak = Math.max(this.#peak, peakOf(frame));
    this.#samples += frame.length;
    if (this.#samples < SAMPLES_PER_LEVEL) return undefined;
    const peak = this.#peak;
    this.#peak = 0;
    this.#samples = 0;
    return peak;
  }
}

import type {
  FrameSink,
  SoundEvents,
  SoundSettings,
  SoundState,
  ToneName,
  Voice,
} from '../../native-audio/index.ts';

/** The microphone in use, by one caller. */
export interface AudioCapture {
  /** Hands on frames for `tailMs` more. Resolves after the last frame. */
  stop(tailMs?: number): Promise<void>;
  /** Ends at once. */
  end(): void;
}

interface AudioCaptureOptions {
  /** How much of the sound from just before this call comes first, ms. */
  readonly prerollMs?: number;
  /** Called once, when the first frame has come. */
  readonly onStarted?: () => void;
}

/** A device that the port could use. */
export interface AudioDevice {
  readonly kind: 'microphone' | 'speaker';
  readonly name: string;
  /** The one that the operating system would choose. */
  readonly isDefault: boolean;
}

/**
 * What media needs of a microphone and a loudspeaker: 48 kHz mono, in frames of 480 samples. A sound card is one kind of
 * such a port; a desk phone or a test can be another.
 */
export interface AudioPort {
  readonly state: SoundState;
  /** Adds a listener. Returns a function that removes it. */
  on<Name extends keyof SoundEvents>(name: Name, listener: (value: SoundEvents[Name]) => void): () => void;
  configure(settings: SoundSettings): void;
  devices(): readonly AudioDevice[];
  startCapture(onFrame: FrameSink, options?: AudioCaptureOptions): AudioCapture;
  /** The voice is heard together with the others until it ends or is removed. */
  addVoice(voice: Voice): void;
  removeVoice(voice: Voice): void;
  /**
   * Hands on what the loudspeaker is given from now on, all voices together: 48 kHz mono, in parts of 480 samples at most,
   * valid only during the call. Returns what ends it.
   */
  onPlayed(listener: FrameSink): () => void;
  /** A soft short tone on the loudspeaker, unless the settings exclude it. */
  tone(name: ToneName): void;
  /** A voice may be added within moments. */
  expectVoice(): void;
  /** Gives the devices back. */
  close(): Promise<unknown>;
}

import { samplesVoice, type SoundState, type Voice } from '../../native-audio/index.ts';
import { FRAME_MS, FRAME_SAMPLES, schedule, type Schedule } from '../model/index.ts';
import type { AudioCapture, AudioPort } from './audio-port.ts';
import type { SoundTestState } from './protocol.ts';

const MAX_FRAMES = 5000 / FRAME_MS;
const TELL_EVERY_FRAMES = 100 / FRAME_MS;
/** A cold microphone may take this long to open. A test that ends before keeps only what has come by then. */
const PATIENCE_MS = 5000 + MAX_FRAMES * FRAME_MS;
/** A recording is kept this long at most: its person may have gone away. */
const FORGET_AFTER_MS = 120_000;

type SoundTestAudio = Pick<AudioPort, 'startCapture' | 'addVoice' | 'removeVoice' | 'on'>;

/**
 * Lets a person say something and hear it back: up to five seconds, in this thread's memory only. It is overwritten when the test
 * is over.
 */
export class SoundTest {
  readonly #audio: SoundTestAudio;
  readonly #tell: (test: SoundTestState) => void;
  readonly #schedule: Schedule;
  #state: SoundTestState['state'] = 'idle';
  #samples = new Int16Array(0);
  #frames = 0;
  #capture: AudioCapture | undefined;
  #voice: Voice | undefined;
  #cancel: (() => void) | undefined;

  constructor(audio: SoundTestAudio, tell: (test: SoundTestState) => void, own: Schedule = schedule) {
    this.#audio = audio;
    this.#tell = tell;
    this.#schedule = own;
    audio.on('state', ({ microphone }) => this.#onSoundState(microphone.state));
  }

  get test(): SoundTestState {
    return { state: this.#state, durationMs: this.#frames * FRAME_MS };
  }

  get isActive(): boolean {
    return this.#state === 'recording' || this.#state === 'playing';
  }

  /** Begins a new recording; the one before is gone. */
  record(): void {
    this.close();
    this.#samples = new Int16Array(MAX_FRAMES * FRAME_SAMPLES);
    this.#cancel = this.#schedule(() => this.#recorded(), PATIENCE_MS);
    this.#enter('recording');
    this.#capture = this.#audio.startCapture((frame) => this.#keep(frame));
  }

  /**
   * Plays from the beginning, also where it plays already. Does nothing where nothing was recorded.
   * @param pcm to be played instead, 48 kHz mono
   */
  play(pcm?: Int16Array): void {
    if (pcm) this.#take(pcm);
    if (this.#state === 'recording') this.#recorded();
    if (this.#state === 'playing') this.#endVoice();
    if (this.#frames === 0) return;
    this.#cancel?.();
    const voice = samplesVoice(this.#samples.subarray(0, this.#frames * FRAME_SAMPLES), () => {
      if (this.#voice === voice) this.#played();
    });
    this.#voice = voice;
    this.#enter('playing');
    this.#audio.addVoice(voice);
  }

  /** Ends the recording or the playing. Where neither goes on, it forgets what was recorded. */
  stop(): void {
    if (this.#state === 'recording') this.#recorded();
    else if (this.#state === 'playing') {
      this.#endVoice();
      this.#played();
    } else if (this.#state === 'recorded') {
      this.close();
    }
  }

  /** Forgets what was recorded, and gives the devices back. */
  close(): void {
    this.#cancel?.();
    this.#capture?.end();
    this.#capture = undefined;
    this.#endVoice();
    this.#samples.fill(0);
    this.#samples = new Int16Array(0);
    this.#frames = 0;
    if (this.#state !== 'idle') this.#enter('idle');
  }

  #keep(frame: Int16Array): void {
    if (this.#state !== 'recording') return;
    this.#samples.set(frame, this.#frames * FRAME_SAMPLES);
    this.#frames += 1;
    if (this.#frames === MAX_FRAMES) this.#recorded();
    else if (this.#frames % TELL_EVERY_FRAMES === 0) this.#tell(this.test);
  }

  /** What was recorded is gone. */
  #take(pcm: Int16Array): void {
    this.close();
    this.#samples = new Int16Array(pcm);
    this.#frames = Math.floor(pcm.length / FRAME_SAMPLES);
  }

  #recorded(): void {
    this.#capture?.end();
    this.#capture = undefined;
    if (this.#frames === 0) return this.close();
    this.#keepForAWhile();
  }

  #played(): void {
    this.#voice = undefined;
    this.#keepForAWhile();
  }

  #keepForAWhile(): void {
    this.#cancel?.();
    this.#cancel = this.#schedule(() => this.close(), FORGET_AFTER_MS);
    this.#enter('recorded');
  }

  #endVoice(): void {
    const voice = this.#voice;
    this.#voice = undefined;
    if (voice) this.#audio.removeVoice(voice);
  }

  /** A microphone that is not there will not say anything: what came before stands. */
  #onSoundState(microphone: SoundState['microphone']['state']): void {
    if (this.#state === 'recording' && (microphone === 'missing' || microphone === 'failed'))
      this.#recorded();
  }

  #enter(state: SoundTestState['state']): void {
    this.#state = state;
    this.#tell(this.test);
  }
}

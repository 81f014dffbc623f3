import {
  answerTone,
  recordingVoice,
  ringVoice,
  samplesVoice,
  type RingName,
  type Voice,
} from '../../native-audio/index.ts';
import type { AudioPort } from './audio-port.ts';
import type { WorkerCommand } from './protocol.ts';

/** Tones beside voices: of a call before it is answered and while it is recorded, and that somebody else waits for this ear. */
export class Ringing {
  readonly #audio: Pick<AudioPort, 'addVoice' | 'removeVoice' | 'tone'>;
  /** The tones that sound now. */
  readonly #tones = new Set<Voice>();
  #voice: Voice | undefined;
  #recording: Voice | undefined;
  #ring: RingName | null = null;
  #alerts = true;

  constructor(audio: Pick<AudioPort, 'addVoice' | 'removeVoice' | 'tone'>) {
    this.#audio = audio;
  }

  get isOn(): boolean {
    return this.#voice !== undefined || this.#tones.size > 0;
  }

  /** Whether the ring of a call that comes sounds. The other tones tell what the person could not know, and always sound. */
  set alerts(alerts: boolean) {
    if (alerts === this.#alerts) return;
    this.#alerts = alerts;
    this.set(this.#ring);
  }

  /** Repeats the sound from now on; null: silence. */
  set(ring: RingName | null): void {
    this.#ring = ring;
    const isSilent = ring === null || (!this.#alerts && ring !== 'ringback');
    if (this.#voice) this.#audio.removeVoice(this.#voice);
    this.#voice = isSilent ? undefined : ringVoice(ring);
    if (this.#voice) this.#audio.addVoice(this.#voice);
  }

  execute(command: Extract<WorkerCommand, { type: 'recording-tone' | 'waiting-tone' }>): void {
    if (command.type === 'recording-tone') this.recording(command.isOn);
    else if (this.#alerts) this.#audio.tone('waiting');
  }

  /** Says from now on that a call is recorded, or no longer. */
  recording(isOn: boolean): void {
    if (this.#recording) this.#audio.removeVoice(this.#recording);
    this.#recording = isOn ? recordingVoice() : undefined;
    if (this.#recording) this.#audio.addVoice(this.#recording);
  }

  /** Says once that a call is about to be answered by itself. `sounded`: all of it went to the loudspeaker. */
  announce(sounded: () => void): void {
    const voice = samplesVoice(answerTone(), () => {
      this.#tones.delete(voice);
      sounded();
    });
    this.#tones.add(voice);
    this.#audio.addVoice(voice);
  }

  close(): void {
    this.set(null);
    this.recording(false);
    for (const tone of this.#tones) this.#audio.removeVoice(tone);
    this.#tones.clear();
  }
}

import type { LocalizedText } from '../../i18n/index.ts';
import type { SoundState } from '../../native-audio/index.ts';
import { FRAME_MS, FRAME_SAMPLES, schedule, type Schedule } from '../model/index.ts';
import type { AudioCapture, AudioPort } from './audio-port.ts';
import type { WorkerCommand, WorkerEvent } from './protocol.ts';
import { OPENING_PATIENCE_MS, prerollSince, SILENT, TAIL_MS } from './transmitter.ts';

/** Two minutes, 11.5 MB: they are in memory until they have been sent. */
const MAX_FRAMES = 120_000 / FRAME_MS;

type RecordCommand = Extract<WorkerCommand, { type: 'record' | 'record-stop' }>;

interface Recording {
  readonly id: string;
  readonly frames: Int16Array[];
  capture: AudioCapture | undefined;
  /** Until the first frame. */
  cancel: () => void;
}

/** Records a page that is sent when all of it is said. One recording at a time. */
export class Recorder {
  readonly #audio: AudioPort;
  readonly #emit: (event: WorkerEvent) => void;
  readonly #schedule: Schedule;
  #recording: Recording | undefined;

  constructor(audio: AudioPort, emit: (event: WorkerEvent) => void, own: Schedule = schedule) {
    this.#audio = audio;
    this.#emit = emit;
    this.#schedule = own;
    audio.on('state', (state) => this.#onSoundState(state));
  }

  get isActive(): boolean {
    return this.#recording !== undefined;
  }

  execute(command: RecordCommand): void {
    if (command.type === 'record') this.#start(command);
    else this.#stop(command.id);
  }

  #start({ id, keyDownAt }: Extract<RecordCommand, { type: 'record' }>): void {
    this.close();
    const cancel = this.#schedule(() => this.#end(recording, SILENT), OPENING_PATIENCE_MS);
    const recording: Recording = { id, frames: [], capture: undefined, cancel };
    this.#recording = recording;
    recording.capture = this.#audio.startCapture((frame) => this.#keep(recording, frame), {
      prerollMs: prerollSince(keyDownAt),
      onStarted: () => {
        recording.cancel();
        this.#emit({ type: 'capturing', id });
        this.#audio.tone('start');
      },
    });
    this.#onSoundState(this.#audio.state);
  }

  #stop(id: string): void {
    const recording = this.#recording;
    if (recording?.id === id) void recording.capture?.stop(TAIL_MS).then(() => this.#end(recording, null));
  }

  close(): void {
    if (this.#recording) this.#end(this.#recording, null);
  }

  #keep(recording: Recording, frame: Int16Array): void {
    recording.frames.push(frame.slice());
    if (recording.frames.length === MAX_FRAMES) this.#end(recording, null);
  }

  #onSoundState({ microphone: { state, sentence, phrase } }: SoundState): void {
    if (!this.#recording || (state !== 'missing' && state !== 'failed') || sentence === null) return;
    this.#end(this.#recording, { sentence, phrase: phrase ?? SILENT.phrase });
  }

  #end(recording: Recording, failed: LocalizedText | null): void {
    if (this.#recording !== recording) return;
    this.#recording = undefined;
    recording.cancel();
    recording.capture?.end();
    const pcm = new Int16Array(recording.frames.length * FRAME_SAMPLES);
    recording.frames.forEach((frame, n) => pcm.set(frame, n * FRAME_SAMPLES));
    this.#emit({ type: 'recorded', id: recording.id, pcm, failed });
    if (failed === null) this.#audio.tone('stop');
  }
}

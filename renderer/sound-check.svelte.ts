import type { NodeApi, NodeEvent, SoundTest } from '../preload/api.ts';

/** The node ends the metering by itself after a minute. */
const ASK_AGAIN_MS = 45_000;
/** After this long without a report the level is 0. */
const SILENT_MS = 500;
/** About -46 dB: a microphone that hears somebody speak is louder. */
const SPEECH_LEVEL = 0.005;

/** The levels of microphone and loudspeaker, and a test recording, while the settings show them. */
export class SoundCheck {
  microphone = $state(0);
  speaker = $state(0);
  test = $state.raw<SoundTest>({ state: 'idle', durationMs: 0 });
  /** Whether something was recorded since the settings were opened. */
  hasRecorded = $state(false);
  /** Whether the last recording contained only silence. */
  wasSilent = $state(false);
  #loudest = 0;
  readonly #api: NodeApi;
  /** Whether the person ended the recording, by playing or stopping it; one that ends by itself is played at once. */
  #isPlayAsked = false;
  #silence: ReturnType<typeof setTimeout> | undefined;

  constructor(api: NodeApi) {
    this.#api = api;
  }

  /** Opens the meters; the function that is returned closes them and ends the test. The status reports failures. */
  open(): () => void {
    const meter = (on: boolean): void => void this.#api.call('meter', { on }).catch(() => undefined);
    const stopListening = this.#api.onEvent((event) => this.#translated(event));
    const again = setInterval(() => meter(true), ASK_AGAIN_MS);
    meter(true);
    return () => {
      stopListening();
      clearInterval(again);
      clearTimeout(this.#silence);
      meter(false);
      if (this.test.state !== 'idle')
        void this.#api.call('soundTest', { action: 'stop' }).catch(() => undefined);
    };
  }

  async do(action: 'record' | 'play' | 'stop'): Promise<void> {
    this.#isPlayAsked = action !== 'record';
    this.#tested(await this.#api.call('soundTest', { action }));
  }

  #translated(event: NodeEvent): void {
    if (event.type === 'sound-test') this.#tested(event.test);
    if (event.type !== 'level') return;
    this.microphone = event.microphone;
    if (this.test.state === 'recording') this.#loudest = Math.max(this.#loudest, event.microphone);
    this.speaker = event.speaker;
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => (this.microphone = this.speaker = 0), SILENT_MS);
  }

  #tested(test: SoundTest): void {
    // The recording plays at once: the point is to hear it.
    const isOver = this.test.state === 'recording' && test.state !== 'recording';
    const isRecordedNow = isOver && test.state === 'recorded';
    if (this.test.state !== 'recording' && test.state === 'recording') this.#loudest = 0;
    if (isOver || test.state === 'recording') this.wasSilent = isOver && this.#loudest < SPEECH_LEVEL;
    this.test = test;
    if (test.state === 'recorded') this.hasRecorded = true;
    if (isRecordedNow && !this.#isPlayAsked) void this.do('play').catch(() => undefined);
  }
}

import { localizedText, type LocalizedText, type Phrase } from '../i18n/index.ts';
import { findDevices } from './devices.ts';
import { fileOfSpeaker, FileSpeaker } from './file-speaker.ts';
import type { DeviceKind, NativeStream, PortAudio, SoundDevice } from './portaudio.ts';

/** What a stream is doing. `device` is the open device's name, or the wanted one; null is the system's default. */
export interface StreamState {
  readonly state: 'idle' | 'opening' | 'running' | 'missing' | 'failed';
  readonly device: string | null;
  /** Why it is missing or failed, in plain words; null otherwise. */
  readonly sentence: string | null;
  readonly phrase: Phrase | null;
}

interface DeviceChoice {
  /** The device's name or a part of it; undefined or '' follows the system's default. */
  readonly device?: string | undefined;
  /** Whether the system's default stands in while the named device is missing. */
  readonly fallback?: boolean;
}

const RETRY_FIRST_MS = 500;
const RETRY_MAX_MS = 5000;
/** A running device that moves no sample for this long counts as dead. */
const STALL_MS = 1000;
/** After this long without a failure the retry delay resets. */
const STEADY_MS = 10_000;
/** A live device closes within 20 to 60 ms. Corridor waits this long for a dead one. */
const CLOSE_MS = 500;
const IDLE: StreamState = { state: 'idle', device: null, sentence: null, phrase: null };
const NOUNS: Record<DeviceKind, string> = { microphone: 'microphone', speaker: 'loudspeaker' };

/** A device that stays open while it is wanted. The stream reopens a lost device, and keeps looking for a missing one. */
export abstract class DeviceStream {
  readonly kind: DeviceKind;
  readonly #audio: PortAudio;
  readonly #onState: (state: StreamState) => void;
  #choice: DeviceChoice = {};
  /** Runs a new attempt while the device list is stale. It may close other streams first, so that PortAudio makes a new list. */
  aroundRetry: ((attempt: () => void) => Promise<void>) | undefined;
  #wanted = false;
  #suspended = false;
  #isNewChoice = false;
  #state: StreamState = IDLE;
  #native: NativeStream | undefined;
  #closing: Promise<void> = Promise.resolve();
  #ended: Promise<void> = Promise.resolve();
  #retryTimer: NodeJS.Timeout | undefined;
  #retryMs = RETRY_FIRST_MS;
  #watchdog: NodeJS.Timeout | undefined;
  #moved = false;
  #openedAt = 0;

  constructor(kind: DeviceKind, audio: PortAudio, onState: (state: StreamState) => void) {
    this.kind = kind;
    this.#audio = audio;
    this.#onState = onState;
  }

  get state(): StreamState {
    return this.#state;
  }

  /** Opens the device, and keeps it open from now on. Returns at once; the state shows the result. */
  open(): void {
    if (this.#wanted) return;
    this.#wanted = true;
    this.#retryMs = RETRY_FIRST_MS;
    this.#start();
  }

  /** Resolves once the device is closed. */
  close(): Promise<void> {
    this.#wanted = false;
    this.#stop();
    this.#change(IDLE);
    return this.#closing;
  }

  choose(choice: DeviceChoice): void {
    const same =
      (choice.device ?? '') === (this.#choice.device ?? '') && choice.fallback === this.#choice.fallback;
    this.#choice = choice;
    if (same || !this.#wanted) return;
    this.#isNewChoice = true;
    this.#stop();
    this.#start();
  }

  /** Closes the device for a moment, without a change of state; `resume` opens it again. */
  suspend(): Promise<void> {
    this.#suspended = true;
    this.#stop();
    return this.#closing;
  }

  resume(): void {
    this.#suspended = false;
    this.retry();
  }

  /** Looks for the device now, for example because one was plugged in. */
  retry(): void {
    if (!this.#wanted || this.#native) return;
    this.#start();
  }

  /** Moves samples until `isCurrent()` is false, and calls `beat()` after each part. Returns when the device stops. */
  protected abstract run(native: NativeStream, channels: number, isCurrent: () => boolean): Promise<void>;

  /** Tells the watchdog that the device moves. */
  protected beat(): void {
    this.#moved = true;
  }

  #start(): void {
    clearTimeout(this.#retryTimer);
    this.#retryTimer = undefined;
    this.#change({ state: 'opening', device: this.#choice.device || null, sentence: null, phrase: null });
    const choice = this.#choice;
    // The device that was open before may not be closed yet.
    const attempt = () => {
      if (this.#wanted && !this.#suspended && !this.#native && choice === this.#choice) this.#tryOpen();
    };
    void this.#closing.then(() => {
      const isStale = this.#audio.openStreams > 0 && isTrouble(this.#state);
      if (isStale && this.aroundRetry) return this.aroundRetry(attempt);
      attempt();
    });
  }

  #tryOpen(): void {
    const wanted = this.#choice.device ?? '';
    const file = this.kind === 'speaker' ? fileOfSpeaker(wanted) : undefined;
    if (file !== undefined) {
      this.#openFile(file, wanted);
      return;
    }
    let candidates: readonly SoundDevice[];
    try {
      const devices = this.#audio.devices();
      candidates = findDevices(devices, this.kind, wanted);
      if (candidates.length === 0 && this.#choice.fallback) candidates = findDevices(devices, this.kind, '');
    } catch (error) {
      const why = messageOf(error);
      this.#fail(
        'failed',
        wanted,
        localizedText('sound-unusable', `Sound cannot be used on this computer: ${why}.`, { why }),
      );
      return;
    }
    if (candidates.length === 0) {
      const noun = NOUNS[this.kind];
      const sentence = wanted
        ? `The ${noun} “${wanted}” is not there. Plug it in, or choose another.`
        : `This computer has no ${noun}. Plug one in.`;
      const device = wanted || null;
      this.#fail('missing', wanted, localizedText('device-missing', sentence, { kind: this.kind, device }));
      return;
    }
    let reason = '';
    for (const device of candidates) {
      for (const channels of device.channels > 1 ? [1, 2] : [1]) {
        try {
          this.#begin(this.#audio.open(device, channels), device.name, channels);
          return;
        } catch (error) {
          reason ||= messageOf(error);
        }
      }
    }
    const sentence = `The ${NOUNS[this.kind]}${named(wanted)} could not be opened (${reason}).`;
    const details = { kind: this.kind, device: wanted || null, why: reason };
    this.#fail('failed', wanted, localizedText('device-not-opened', sentence, details));
  }

  #openFile(path: string, wanted: string): void {
    try {
      const file = new FileSpeaker(path);
      file.start();
      this.#begin(file, wanted, 1);
    } catch (error) {
      const why = messageOf(error);
      const sentence = `The file ${path} cannot be written (${why}).`;
      this.#fail('failed', wanted, localizedText('sound-file-refused', sentence, { path, why }));
    }
  }

  #begin(native: NativeStream, device: string, channels: number): void {
    this.#native = native;
    this.#openedAt = Date.now();
    this.#moved = true;
    this.#watchdog = setInterval(() => {
      if (!this.#moved) this.#lost(native, device);
      this.#moved = false;
    }, STALL_MS);
    this.#change({ state: 'running', device: device || null, sentence: null, phrase: null });
    this.#ended = settled(this.run(native, channels, () => this.#native === native));
    void this.#ended.then(() => this.#lost(native, device));
  }

  #lost(native: NativeStream, device: string): void {
    if (this.#native !== native) return;
    if (Date.now() - this.#openedAt > STEADY_MS) this.#retryMs = RETRY_FIRST_MS;
    this.#stop();
    const sentence = `The ${NOUNS[this.kind]}${named(device)} stopped working. Trying to open it again.`;
    this.#fail(
      'failed',
      device,
      localizedText('device-lost', sentence, { kind: this.kind, device: device || null }),
    );
  }

  #stop(): void {
    clearTimeout(this.#retryTimer);
    this.#retryTimer = undefined;
    clearInterval(this.#watchdog);
    const native = this.#native;
    if (!native) return;
    this.#native = undefined;
    // `quit` ends a read that waits. But `quit` of an output never returns if the device no longer asks for samples. So an
    // output closes only after the write under way has returned, which it never does on a dead device. That write keeps
    // one thread of libuv's pool. If the device was only suspended, the write returns and the output closes when it wakes.
    const idle = this.kind === 'microphone' ? Promise.resolve() : this.#ended;
    const closed = settled(idle.then(() => this.#audio.close(native)));
    this.#closing = Promise.race([closed, after(CLOSE_MS)]);
  }

  #fail(state: 'missing' | 'failed', device: string, text: LocalizedText): void {
    if (!this.#wanted) return;
    this.#change({ state, device: device || null, ...text });
    this.#retryTimer = setTimeout(() => this.#start(), this.#retryMs);
    this.#retryMs = Math.min(this.#retryMs * 2, RETRY_MAX_MS);
  }

  #change(next: StreamState): void {
    const { state, device, sentence } = this.#state;
    // A new attempt to open a missing device is not shown: the device is still missing.
    if (next.state === 'opening' && state !== 'idle' && !this.#isNewChoice) return;
    this.#isNewChoice = false;
    if (next.state === state && next.device === device && next.sentence === sentence) return;
    this.#state = next;
    this.#onState(next);
  }
}

function isTrouble({ state }: StreamState): boolean {
  return state === 'missing' || state === 'failed';
}

function after(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref());
}

function named(device: string): string {
  return device ? ` “${device}”` : '';
}

function messageOf(error: unknown): string {
  return (error instanceof Error ? error.message.split('\n')[0]! : String(error)).replace(/\.$/, '');
}

function settled(promise: Promise<void>): Promise<void> {
  return promise.catch(() => undefined);
}

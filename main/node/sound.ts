import type {
  MediaWorker,
  SoundConfiguration,
  SoundTestState,
  StreamState,
  WorkerCommand,
  WorkerEvent,
} from '../media/index.ts';
import type { SettingName, SettingValues } from '../../preload/api.ts';
import { localizedText } from '../../i18n/index.ts';
import { CorridorError } from '../model/index.ts';

type Devices = Omit<Extract<WorkerEvent, { type: 'devices' }>, 'type' | 'request'>;
type Rendered = Pick<Extract<WorkerEvent, { type: 'rendered' }>, 'bytes' | 'durationMs'>;
type RenderCommand = Omit<Extract<WorkerCommand, { type: 'render' }>, 'type' | 'request'>;
type Answer = Extract<WorkerEvent, { readonly request: number }>;
type SoundState = Omit<Extract<WorkerEvent, { type: 'sound-state' }>, 'type'>;

/** How long the worker may take to list devices or to render ten minutes of speech. */
const PATIENCE_MS = 30_000;

const STARTING = localizedText('sound-starting', 'The sound part of Corridor is being started again.');

interface Waiting {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: Error) => void;
}

/** Asks the media worker questions that have one answer, and knows the state of its devices as it reported it last. */
export class Sound {
  readonly #media: MediaWorker;
  readonly #waiting = new Map<number, Waiting>();
  #request = 0;
  state: SoundState = {
    microphone: { state: 'idle', device: null, sentence: null, phrase: null },
    speaker: { state: 'idle', device: null, sentence: null, phrase: null },
  };

  constructor(media: MediaWorker) {
    this.#media = media;
    media.on('sound-state', ({ microphone, speaker }) => (this.state = { microphone, speaker }));
    for (const answer of ['devices', 'sound-tested', 'rendered', 'render-failed'] as const)
      media.on(answer, (event) => this.#answered(event));
    media.on('crashed', () => this.#workerLost());
  }

  configure(sound: SoundConfiguration): void {
    this.#media.configure(sound);
  }

  async devices(): Promise<Devices> {
    const answer = await this.#ask((request) => ({ type: 'list-devices', request }));
    if (answer.type !== 'devices') throw noAnswer();
    return { microphones: answer.microphones, speakers: answer.speakers };
  }

  /** The meter ends with the worker that was asked for it. */
  meter(on: boolean): void {
    this.#media.post({ type: 'meter', on });
  }

  /** @param pcm to be played instead of what was recorded, 48 kHz mono */
  async soundTest(action: 'record' | 'play' | 'stop', pcm?: Int16Array): Promise<SoundTestState> {
    const answer = await this.#ask((request) => ({
      ...{ type: 'sound-test', request, action },
      ...(pcm && { pcm }),
    }));
    if (answer.type !== 'sound-tested') throw noAnswer();
    return { state: answer.state, durationMs: answer.durationMs };
  }

  async render(command: RenderCommand): Promise<Rendered> {
    const answer = await this.#ask((request) => ({ type: 'render', request, ...command }));
    if (answer.type === 'render-failed') throw new CorridorError('cannot-render', answer.sentence);
    if (answer.type !== 'rendered') throw noAnswer();
    return { bytes: answer.bytes, durationMs: answer.durationMs };
  }

  #answered(event: Answer): void {
    this.#waiting.get(event.request)?.resolve(event);
    this.#waiting.delete(event.request);
  }

  #workerLost(): void {
    const reopening = ({ state, device }: StreamState): StreamState =>
      state === 'idle'
        ? { state, device, sentence: null, phrase: null }
        : { state: 'opening', device, ...STARTING };
    const { microphone, speaker } = this.state;
    this.state = { microphone: reopening(microphone), speaker: reopening(speaker) };
    for (const { reject } of this.#waiting.values()) reject(noAnswer());
    this.#waiting.clear();
  }

  #ask(command: (request: number) => WorkerCommand): Promise<Answer> {
    this.#request += 1;
    const request = this.#request;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(request);
        reject(noAnswer());
      }, PATIENCE_MS);
      const settle =
        <T>(settled: (value: T) => void) =>
        (value: T) => {
          clearTimeout(timer);
          settled(value);
        };
      this.#waiting.set(request, { resolve: settle(resolve), reject: settle(reject) });
      this.#media.post(command(request));
    });
  }
}

/** Settings that the media worker works with. */
export const OF_SOUND = [
  'microphone',
  'speaker',
  'ready',
  'tones',
  'signals',
  'echoCancelling',
  'noiseSuppression',
  'gainControl',
  'captions',
] as const satisfies readonly SettingName[];

/**
 * The settings of sound, for the worker. `showsFlashes`: a desktop flashes the screen. Only there does a flash replace a sound: without
 * it nobody would learn of a call.
 */
export function soundOf(
  settings: Pick<SettingValues, (typeof OF_SOUND)[number]>,
  showsFlashes: boolean,
): SoundConfiguration {
  const { microphone, speaker, ready, tones, signals, captions } = settings;
  const { echoCancelling, noiseSuppression, gainControl } = settings;
  const calls = { echoCancelling, noiseSuppression, gainControl };
  return {
    ...{ microphone, speaker, ready, tones, calls },
    alerts: signals !== 'flash' || !showsFlashes,
    captions: captions !== null,
  };
}

/** Why nothing can be said or heard: in the device's own words where it has some. */
export function noDevice(code: 'no-microphone' | 'no-speaker', device: StreamState): CorridorError {
  const { sentence, phrase } = device;
  if (sentence !== null) return new CorridorError(code, sentence, { phrase });
  const noun = code === 'no-microphone' ? 'microphone' : 'loudspeaker';
  return new CorridorError(code, `There is no ${noun}. Plug one in, or choose another in the settings.`);
}

function noAnswer(): CorridorError {
  return new CorridorError(
    'sound-stopped',
    'The sound part of Corridor does not answer. It is being started again; try once more.',
  );
}

import type {
  MessageSummary,
  NodeApi,
  NodeEvent,
  Person,
  Settings,
  Status,
  TalkStatus,
} from '../preload/api.ts';
import { Clock } from './clock.svelte.ts';
import { MessagesState } from './messages-state.svelte.ts';
import { PeopleState } from './people-state.svelte.ts';
import { PlaybackState } from './playback-state.svelte.ts';
import { sentence, strings, translated } from './strings/index.ts';
import { UndoState } from './undo-state.svelte.ts';
import { WaveformState } from './waveform-state.svelte.ts';

const ERROR_SHOWN_MS = 8000;
const SAID_SHOWN_MS = 4000;
const UNDO_MS = 8000;

/**
 * What the panel shows: the node's own words, kept up to date by its events. Nothing is assumed. What crosses the API is
 * plain data: state is kept raw, as it came, and calls are given what they need by value.
 */
export class PanelState {
  readonly api: NodeApi;
  readonly messages = new MessagesState();
  readonly office = new PeopleState();
  readonly waveforms: WaveformState;
  readonly playback: PlaybackState;
  readonly undo: UndoState;
  readonly clock: Clock;
  status = $state.raw<Status | null>(null);
  settings = $state.raw<Settings | null>(null);
  talk = $state.raw<TalkStatus | null>(null);
  /** 0 to 1, as they are told: only what draws a level reads them. */
  microphoneLevel = $state(0);
  speakerLevel = $state(0);
  /** Why the last thing that was asked for did not happen. */
  error = $state<string | null>(null);
  /** What was just done, where nothing else shows it. */
  said = $state<string | null>(null);
  #errorTimer: ReturnType<typeof setTimeout> | undefined;
  #saidTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(api: NodeApi) {
    this.api = api;
    const attempt = (work: () => Promise<unknown>): Promise<boolean> => this.try(work);
    this.waveforms = new WaveformState(api);
    this.playback = new PlaybackState(api, () => this.clock, attempt);
    this.undo = new UndoState(api, attempt);
    this.clock = new Clock(() => this.talk !== null || this.playback.status !== null || this.messages.live);
    api.onEvent((event) => this.#onEvent(event));
    void this.refresh();
  }

  get people(): readonly Person[] {
    return this.office.list;
  }

  /** Asks for everything once; from then on, events tell what changes. */
  async refresh(): Promise<void> {
    await this.try(async () => {
      const [status, people, messages, settings] = await Promise.all([
        this.api.call('status'),
        this.api.call('people'),
        this.api.call('messages'),
        this.api.call('settings'),
      ]);
      this.messages.replace(messages);
      this.office.list = people;
      this.settings = settings;
      this.playback.told(status.playing);
      this.#talkTold(status.talking);
      this.status = status;
    });
  }

  /** Does it, and shows the sentence of its refusal. True where it went well. */
  async try(work: () => Promise<unknown>): Promise<boolean> {
    try {
      await work();
      return true;
    } catch (error) {
      this.fail(sentence(error));
      return false;
    }
  }

  fail(why: string): void {
    this.error = why;
    clearTimeout(this.#errorTimer);
    this.#errorTimer = setTimeout(() => (this.error = null), ERROR_SHOWN_MS);
  }

  /** Says for a moment what was done. */
  say(what: string): void {
    this.said = what;
    clearTimeout(this.#saidTimer);
    this.#saidTimer = setTimeout(() => (this.said = null), SAID_SHOWN_MS);
  }

  /** Does what was dialled: plays a message, or makes a person the one whom the talk key reaches. True where it did. */
  async select(dial: string): Promise<boolean> {
    return this.try(async () => {
      const done = await this.api.call('dial', { dial });
      if (done.kind === 'nobody') throw new Error(translated(done));
      const person = this.people.find(({ extension }) => extension === done.extension);
      this.say(person ? strings.talkTarget(person.name) : translated(done));
    });
  }

  /** Deletes a message; for a while it can be had back. */
  async remove(message: MessageSummary): Promise<void> {
    await this.undo.delete(message, this.settings?.undoMs ?? UNDO_MS);
  }

  #onEvent(event: NodeEvent): void {
    switch (event.type) {
      case 'status':
        this.#statusTold(event.status);
        break;
      case 'people':
        this.office.list = event.people;
        break;
      case 'message':
        this.messages.put(event.message);
        break;
      case 'message-gone':
        this.messages.remove(event.id);
        this.waveforms.forget(event.id);
        break;
      case 'talk':
        this.#talkTold(event.talk);
        break;
      case 'playback':
        this.playback.told(event.playback);
        break;
      case 'level':
        this.microphoneLevel = event.microphone;
        this.speakerLevel = event.speaker;
        break;
      case 'settings':
        this.settings = event.settings;
        break;
      case 'notification':
      case 'notification-done':
      case 'sounding':
      case 'capturing':
      case 'sound-test':
        break;
    }
  }

  #talkTold(talk: TalkStatus | null): void {
    this.talk = talk;
    if (talk) this.messages.talked(talk.id);
    else this.microphoneLevel = 0;
  }

  #statusTold(status: Status): void {
    const before = this.status;
    this.status = status;
    this.clock.coarse = Date.now();
    this.#talkTold(status.talking);
    const joined = before && (before.node?.id !== status.node?.id || before.state !== status.state);
    if (joined) void this.refresh();
  }
}

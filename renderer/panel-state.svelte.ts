import { SvelteMap } from 'svelte/reactivity';
import type {
  MessageSummary,
  NodeApi,
  NodeEvent,
  Person,
  PlaybackStatus,
  Settings,
  Status,
  TalkStatus,
} from '../preload/api.ts';

const ERROR_SHOWN_MS = 8000;
const TICK_MS = 250;

/** What the panel shows: the node's own words, kept up to date by its events. Nothing is assumed. */
export class PanelState {
  readonly api: NodeApi;
  status = $state.raw<Status | null>(null);
  people = $state.raw<readonly Person[]>([]);
  settings = $state.raw<Settings | null>(null);
  talk = $state.raw<TalkStatus | null>(null);
  playback = $state.raw<PlaybackStatus | null>(null);
  microphoneLevel = $state(0);
  /** Why the last thing that was asked for did not happen. */
  error = $state<string | null>(null);
  /** The clock that lengths and times are shown by; moves while something is being spoken or played. */
  now = $state(Date.now());
  /** When the playback position was last told. */
  playbackAt = $state(0);
  /** The message spoken last in this session: what became of it is shown in the talk bar. */
  lastTalkId = $state<string | null>(null);
  readonly #messages = new SvelteMap<string, MessageSummary>();
  #errorTimer: ReturnType<typeof setTimeout> | undefined;

  /** Being spoken first, then the unheard, oldest first, as they are best listened to; then the rest, newest first. */
  readonly messages = $derived([...this.#messages.values()].sort((a, b) => rank(a) - rank(b) || order(a, b)));
  readonly unheard = $derived(
    this.messages.filter((message) => message.direction === 'in' && !message.heard),
  );
  readonly lastTalk = $derived(this.lastTalkId ? (this.#messages.get(this.lastTalkId) ?? null) : null);
  readonly moving = $derived(
    this.talk !== null || this.playback !== null || this.messages.some((message) => message.live),
  );

  constructor(api: NodeApi) {
    this.api = api;
    api.onEvent((event) => this.#onEvent(event));
    setInterval(() => {
      if (this.moving || Date.now() - this.now > 30_000) this.now = Date.now();
    }, TICK_MS);
    void this.refresh();
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
      this.#messages.clear();
      for (const message of messages) this.#messages.set(message.id, message);
      this.people = people;
      this.settings = settings;
      this.talk = status.talking;
      this.playback = status.playing;
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

  /** Plays it, or pauses it, or goes on. */
  async toggle(message: MessageSummary): Promise<void> {
    await this.try(async () => {
      if (this.playback?.id !== message.id) await this.api.call('play', { which: message.id });
      else if (this.playback.state === 'paused') await this.api.call('playback', { action: 'resume' });
      else await this.api.call('playback', { action: 'pause' });
    });
  }

  async stop(): Promise<void> {
    if (this.playback) await this.try(() => this.api.call('playback', { action: 'stop' }));
  }

  /** Where the playback is now, between what the node tells of it. */
  get positionMs(): number {
    if (!this.playback) return 0;
    const { state, positionMs, speed } = this.playback;
    if (state === 'paused') return positionMs;
    return positionMs + Math.max(0, Math.min(this.now - this.playbackAt, 2000)) * speed;
  }

  #onEvent(event: NodeEvent): void {
    switch (event.type) {
      case 'status':
        this.#statusTold(event.status);
        break;
      case 'people':
        this.people = event.people;
        break;
      case 'message':
        this.#messages.set(event.message.id, event.message);
        break;
      case 'message-gone':
        this.#messages.delete(event.id);
        break;
      case 'talk':
        this.talk = event.talk;
        if (event.talk) this.lastTalkId = event.talk.id;
        else this.microphoneLevel = 0;
        break;
      case 'playback':
        this.playback = event.playback;
        this.playbackAt = this.now = Date.now();
        break;
      case 'level':
        this.microphoneLevel = event.microphone;
        break;
      case 'settings':
        this.settings = event.settings;
        break;
      case 'notification':
      case 'notification-done':
      case 'sounding':
      case 'capturing':
        break;
    }
  }

  #statusTold(status: Status): void {
    const joined = this.status?.node?.id !== status.node?.id || this.status?.state !== status.state;
    this.status = status;
    this.talk = status.talking;
    if (status.talking) this.lastTalkId = status.talking.id;
    if (joined) void this.refresh();
  }
}

/** The sentence of a refusal; what Electron puts in front of it is for programs. */
export function sentence(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.replace(/^Error invoking remote method '[^']*': (\w*Error: )?/, '');
}

function rank(message: MessageSummary): number {
  if (message.live) return 0;
  return message.direction === 'in' && !message.heard ? 1 : 2;
}

function order(a: MessageSummary, b: MessageSummary): number {
  return rank(a) === 1 ? a.startedAt - b.startedAt : b.startedAt - a.startedAt;
}

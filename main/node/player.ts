import { unwrapMessageKey, type Identity } from '../identity/index.ts';
import type { MediaWorker, WorkerEvent } from '../media/index.ts';
import { CorridorError, FRAME_MS, type MessageId } from '../model/index.ts';
import type { MessageStore, StoredMessage } from '../store/index.ts';
import { Feed } from './feed.ts';

export interface Playback {
  readonly id: MessageId;
  readonly state: 'live' | 'catching-up' | 'playing' | 'paused';
  readonly positionMs: number;
  readonly speed: number;
  /** At its end the next unheard message follows. */
  readonly all: boolean;
  /** How many unheard messages follow. */
  readonly following: number;
}

export interface PlayOptions {
  readonly speed?: number | undefined;
  readonly positionMs?: number | undefined;
  /** Goes on with the next unheard message at its end. */
  readonly all?: boolean | undefined;
}

export interface PlayerHandlers {
  changed(playback: Playback | undefined): void;
  heard(id: MessageId): void;
  /** Its fragments are needed now. */
  wanted(id: MessageId): void;
  /** It sounds by itself, as it is spoken. */
  isLive(id: MessageId): boolean;
  log(line: string): void;
}

/** Plays one message at a time out of this node's own store, also one that is still being spoken. */
export class Player {
  readonly #identity: Identity;
  readonly #store: MessageStore;
  readonly #media: MediaWorker;
  readonly #handlers: PlayerHandlers;
  #playback: Playback | undefined;
  #feed: Feed | undefined;
  /** What the person chose; catching up may be faster for a while. */
  #speed = 1;
  /** Of *play all*: the messages that had their turn. */
  #played: Set<MessageId> | undefined;
  /** Counts choices: what was begun for an earlier one is dropped. */
  #choice = 0;

  constructor(identity: Identity, store: MessageStore, media: MediaWorker, handlers: PlayerHandlers) {
    this.#identity = identity;
    this.#store = store;
    this.#media = media;
    this.#handlers = handlers;
  }

  get playback(): Playback | undefined {
    return this.#playback;
  }

  /** Takes the place of what is playing. @throws CorridorError where the message cannot be opened here */
  play(message: StoredMessage, { speed = 1, positionMs = 0, all = false }: PlayOptions = {}): Promise<void> {
    return this.#begin(message, positionMs, () => {
      this.#speed = speed;
      this.#played = all ? new Set() : undefined;
    });
  }

  control(action: 'pause' | 'resume' | 'stop'): void {
    if (action === 'stop') this.#choice += 1;
    if (!this.#playback) return;
    this.#media.post({ type: 'playback', action });
    if (action === 'stop') this.#end();
    else this.#set({ ...this.#playback, state: action === 'pause' ? 'paused' : 'playing' });
  }

  seek(positionMs: number): void {
    if (!this.#playback) return;
    const from = this.#fragmentAt(this.#playback.id, positionMs);
    this.#feed?.reach(from);
    this.#media.post({ type: 'playback-seek', from });
    this.#set({ ...this.#playback, positionMs: from * FRAME_MS });
  }

  /** Without changing the pitch. It stays for the messages that follow. */
  setSpeed(speed: number): void {
    if (!this.#playback) return;
    this.#speed = speed;
    this.#media.post({ type: 'playback-speed', speed });
    this.#set({ ...this.#playback, speed });
  }

  /** The next of *play all*; the end where none follows. */
  async skip(): Promise<void> {
    if (this.#played) await this.#goOn();
    else this.control('stop');
  }

  onWorker(event: WorkerEvent): void {
    const playback = this.#playback;
    if (!playback || !('id' in event) || event.id !== playback.id) return;
    if (event.type === 'playback') {
      const { state, positionFragment } = event;
      const speed = state === 'catching-up' ? event.speed : this.#speed;
      this.#set({ ...playback, state, speed, positionMs: positionFragment * FRAME_MS });
    } else if (event.type === 'playback-ended') {
      if (event.reason === 'end') this.#handlers.heard(playback.id);
      if (this.#played) void this.#goOn();
      else this.#end();
    }
  }

  /** The worker died: nothing plays any more. */
  abandon(): void {
    this.#choice += 1;
    if (this.#playback) this.#end();
  }

  async #begin(message: StoredMessage, positionMs: number, take: () => void): Promise<void> {
    this.#choice += 1;
    const choice = this.#choice;
    const { id } = message;
    const { facts: header } = message.header;
    const key = await unwrapMessageKey(this.#identity, header);
    const now = this.#store.get(id);
    if (choice !== this.#choice || !now) return;
    take();
    this.#played?.add(id);
    this.#handlers.wanted(id);
    this.#feed?.stop();
    const from = this.#fragmentAt(id, positionMs);
    const speed = this.#speed;
    const count = now.manifest?.facts.count ?? null;
    this.#media.post({ type: 'play', id, ssrc: header.ssrc, key, from, speed, count });
    const all = this.#played !== undefined;
    this.#set({ id, state: 'playing', positionMs: from * FRAME_MS, speed, all, following: 0 });
    this.#feed = new Feed(this.#store, this.#media, id, from);
  }

  /** One that cannot be opened here is passed over. */
  async #goOn(): Promise<void> {
    for (const message of this.#waiting()) {
      try {
        await this.#begin(message, 0, () => undefined);
        return;
      } catch (error) {
        if (!(error instanceof CorridorError)) throw error;
        this.#handlers.log(`message ${message.id}: ${error.message}`);
      }
    }
    this.control('stop');
  }

  /** What *play all* goes on with, oldest first. */
  #waiting(): StoredMessage[] {
    if (!this.#played) return [];
    return this.#store.unheard().filter(({ id }) => !this.#played?.has(id) && !this.#handlers.isLive(id));
  }

  /** Its last fragment is followed by the end, while it is being spoken by what is still to come. */
  #fragmentAt(id: MessageId, positionMs: number): number {
    const message = this.#store.get(id);
    const end = message?.manifest?.facts.count ?? message?.held ?? 0;
    return Math.min(Math.floor(positionMs / FRAME_MS), end);
  }

  #end(): void {
    this.#feed?.stop();
    this.#feed = undefined;
    this.#played = undefined;
    this.#set(undefined);
  }

  #set(playback: Playback | undefined): void {
    this.#playback = playback && { ...playback, following: this.#waiting().length };
    this.#handlers.changed(this.#playback);
  }
}

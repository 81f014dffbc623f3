import { unwrapMessageKey, type Identity } from '../identity/index.ts';
import type { MediaWorker, WorkerEvent } from '../media/index.ts';
import { FRAME_MS, type MessageId } from '../model/index.ts';
import type { MessageStore, StoredMessage } from '../store/index.ts';

export interface Playback {
  readonly id: MessageId;
  readonly state: 'live' | 'catching-up' | 'playing' | 'paused';
  readonly positionMs: number;
  readonly speed: number;
}

export interface PlayerHandlers {
  changed(playback: Playback | undefined): void;
  heard(id: MessageId): void;
}

/** Plays one message at a time out of this node's own store, also one that is still being spoken. */
export class Player {
  readonly #identity: Identity;
  readonly #store: MessageStore;
  readonly #media: MediaWorker;
  readonly #handlers: PlayerHandlers;
  #playback: Playback | undefined;
  #stopFeeding: (() => void) | undefined;

  constructor(identity: Identity, store: MessageStore, media: MediaWorker, handlers: PlayerHandlers) {
    this.#identity = identity;
    this.#store = store;
    this.#media = media;
    this.#handlers = handlers;
  }

  get playback(): Playback | undefined {
    return this.#playback;
  }

  /** Plays from the beginning. @throws CorridorError where the message cannot be opened here */
  async play(message: StoredMessage, speed: number): Promise<void> {
    const { facts: header } = message.header;
    const key = await unwrapMessageKey(this.#identity, header);
    if (this.#playback) this.control('stop');
    const count = this.#store.get(message.id)?.manifest?.facts.count ?? null;
    this.#media.post({ type: 'play', id: message.id, ssrc: header.ssrc, key, from: 0, speed, count });
    this.#set({ id: message.id, state: 'playing', positionMs: 0, speed });
    const follower = this.#store.follow(message.id, 0, (fragments) => {
      this.#media.post({ type: 'feed', id: message.id, fragments });
    });
    this.#stopFeeding = () => follower.stop();
  }

  control(action: 'pause' | 'resume' | 'stop'): void {
    if (!this.#playback) return;
    this.#media.post({ type: 'playback', action });
    if (action === 'stop') this.#end();
    else this.#set({ ...this.#playback, state: action === 'pause' ? 'paused' : 'playing' });
  }

  seek(positionMs: number): void {
    if (!this.#playback) return;
    this.#media.post({ type: 'playback-seek', from: Math.floor(positionMs / FRAME_MS) });
    this.#set({ ...this.#playback, positionMs });
  }

  onWorker(event: WorkerEvent): void {
    const playback = this.#playback;
    if (!playback || !('id' in event) || event.id !== playback.id) return;
    if (event.type === 'playback') {
      const { state, speed, positionFragment } = event;
      this.#set({ id: playback.id, state, speed, positionMs: positionFragment * FRAME_MS });
    } else if (event.type === 'playback-ended') {
      this.#end();
      if (event.reason === 'end') this.#handlers.heard(playback.id);
    }
  }

  /** The worker died, or the message was deleted: nothing plays any more. */
  abandon(): void {
    if (this.#playback) this.#end();
  }

  #end(): void {
    this.#stopFeeding?.();
    this.#stopFeeding = undefined;
    this.#set(undefined);
  }

  #set(playback: Playback | undefined): void {
    this.#playback = playback;
    this.#handlers.changed(playback);
  }
}

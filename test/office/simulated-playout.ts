import { LIVE_PATIENCE_MS, STORED_PATIENCE_MS } from '../../main/media/playout.ts';
import { FRAME_MS } from '../../main/model/index.ts';

/** A listener who is this many fragments behind the talker hears them faster. */
const BEHIND = 25;
const HURRY = 1.5;

export interface PlayoutOrder {
  readonly id: string;
  /** It sounds as it arrives. Any other was taken from the store. */
  readonly isLive: boolean;
  readonly from: number;
  /** Fragments in all; null while it is being spoken. */
  readonly count: number | null;
  readonly speed: number;
  readonly gain: number;
}

/** What the media worker does for one message that sounds, without its sound: how far it is, and when and how it ends. */
export class SimulatedPlayout {
  readonly id: string;
  readonly isLive: boolean;
  gain: number;
  speed: number;
  count: number | null;
  position: number;
  /** Whether it gave sound in the last run. */
  isSounding = false;
  hasSounded = false;
  #isPaused = false;
  #highest = -1;
  #lastFrameAt: number;

  constructor({ id, isLive, from, count, speed, gain }: PlayoutOrder, now: number) {
    this.id = id;
    this.isLive = isLive;
    this.position = from;
    this.count = count;
    this.speed = speed;
    this.gain = gain;
    this.#lastFrameAt = now;
  }

  get state(): 'paused' | 'live' | 'playing' {
    if (this.#isPaused) return 'paused';
    return this.count === null ? 'live' : 'playing';
  }

  put(numbers: readonly number[], now: number): void {
    this.#highest = Math.max(this.#highest, ...numbers);
    this.#lastFrameAt = now;
  }

  setPaused(isPaused: boolean, now: number): void {
    this.#isPaused = isPaused;
    this.#lastFrameAt = now;
  }

  seek(from: number, now: number): void {
    this.position = from;
    this.#lastFrameAt = now;
  }

  /** `ms` go by at the loudspeaker. What is lost between two fragments is concealed. Returns how it ended. */
  run(ms: number, now: number): 'end' | 'lost' | undefined {
    const from = this.position;
    if (!this.#isPaused) {
      const reach = from + Math.round((ms / FRAME_MS) * this.#speedNow);
      this.position = Math.max(from, Math.min(reach, this.#highest + 1, this.count ?? Infinity));
    }
    this.isSounding = this.position > from;
    this.hasSounded ||= this.isSounding;
    if (this.#isPaused) return undefined;
    if (this.count !== null && this.position >= this.count) return 'end';
    const patience = this.count === null ? LIVE_PATIENCE_MS : STORED_PATIENCE_MS;
    return !this.isSounding && now - this.#lastFrameAt > patience ? 'lost' : undefined;
  }

  get #speedNow(): number {
    if (this.count !== null && !this.isLive) return this.speed;
    return this.#highest - this.position > BEHIND ? Math.max(this.speed, HURRY) : 1;
  }
}

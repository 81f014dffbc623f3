import type { Arguments, MessageSummary, NodeApi, PlaybackStatus } from '../preload/api.ts';
import type { Clock } from './clock.svelte.ts';

const SPEEDS = [1, 1.5, 2] as const;
/** After this long without a report from the node, the position shown stands still. */
const STALE_AFTER_MS = 2000;

/** The message that plays, its position, and the controls of the playback. */
export class PlaybackState {
  /** null: nothing is played. */
  status = $state.raw<PlaybackStatus | null>(null);
  /** A speed that the person chose holds for later messages too. */
  #speed = 1;
  #updatedAt = $state(0);
  readonly #api: NodeApi;
  readonly #clock: () => Clock;
  readonly #try: (work: () => Promise<unknown>) => Promise<boolean>;

  constructor(api: NodeApi, clock: () => Clock, attempt: (work: () => Promise<unknown>) => Promise<boolean>) {
    this.#api = api;
    this.#clock = clock;
    this.#try = attempt;
  }

  /** The node's latest report of the playback. */
  update(status: PlaybackStatus | null): void {
    this.status = status;
    this.#updatedAt = this.#clock().now = Date.now();
  }

  /** The playback's position now: the node's last report, and the time since. */
  get positionMs(): number {
    if (!this.status) return 0;
    const { state, positionMs, speed } = this.status;
    if (state === 'paused') return positionMs;
    return positionMs + Math.max(0, Math.min(this.#clock().now - this.#updatedAt, STALE_AFTER_MS)) * speed;
  }

  /** Plays it, or pauses it, or goes on. */
  async toggle(id: string): Promise<void> {
    if (this.status?.id !== id) await this.#play({ which: id });
    else await this.pauseOrResume();
  }

  async pauseOrResume(): Promise<void> {
    await this.#control({ action: this.status?.state === 'paused' ? 'resume' : 'pause' });
  }

  /** Plays a message from a position, also if it was not being played. */
  async seek({ id, durationMs }: MessageSummary, positionMs: number): Promise<void> {
    const to = Math.round(Math.max(0, Math.min(positionMs, durationMs)));
    if (this.status?.id === id) await this.#control({ action: 'seek', positionMs: to });
    else await this.#play({ which: id, positionMs: to });
  }

  async playAll(): Promise<void> {
    await this.#play({ which: 'next', all: true });
  }

  /** Plays the last 30 s that were heard again. */
  async lastWords(): Promise<void> {
    await this.#try(() => this.#api.call('playLastWords'));
  }

  async nextSpeed(): Promise<void> {
    const now = this.status?.speed ?? this.#speed;
    this.#speed = SPEEDS.find((speed) => speed > now) ?? SPEEDS[0];
    await this.#control({ action: 'speed', speed: this.#speed });
  }

  async skip(): Promise<void> {
    await this.#control({ action: 'skip' });
  }

  /** Empties the queue; its messages become notifications. */
  async later(): Promise<void> {
    await this.#control({ action: 'later' });
  }

  async stop(): Promise<void> {
    if (this.status) await this.#control({ action: 'stop' });
  }

  async #play(args: Arguments<'play'>): Promise<void> {
    await this.#try(() => this.#api.call('play', { speed: this.#speed, ...args }));
  }

  async #control(args: Arguments<'playback'>): Promise<void> {
    await this.#try(async () => {
      const status = await this.#api.call('playback', args);
      if (status) this.update(status);
    });
  }
}

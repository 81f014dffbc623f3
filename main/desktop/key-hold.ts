/** A key held longer than this is stuck, or its release was never seen. */
export const HOLD_LIMIT_MS = 10 * 60 * 1000;
/** X11 tells each auto-repeat as a release and a press at once; a real release has no press so close behind it. */
export const RELEASE_SETTLES_MS = 25;
/** Auto-repeat begins within two seconds on every desktop: a press after a longer silence is a new one. */
export const REPEAT_GAP_MS = 2500;

export type HoldOutput = 'press' | 'release';

/**
 * The talk key as a state machine: presses, auto-repeats and releases in, one `press` and one `release` for each hold out. Time is
 * given in milliseconds of any steady clock; call `tick` at `nextAt`.
 */
export class KeyHold {
  #state:
    | { readonly kind: 'up' }
    | { readonly kind: 'down'; readonly since: number; readonly lastPress: number; readonly releaseAt: number | null } = {
    kind: 'up',
  };

  get isDown(): boolean {
    return this.#state.kind === 'down';
  }

  /** When `tick` has something to do; null while the key is up. */
  get nextAt(): number | null {
    if (this.#state.kind === 'up') return null;
    return this.#state.releaseAt ?? this.#state.since + HOLD_LIMIT_MS;
  }

  down(now: number): readonly HoldOutput[] {
    const before = this.#state;
    if (before.kind === 'down') {
      // A release that had time to settle was one, also where the timer is late.
      const wasReleased = before.releaseAt !== null && now >= before.releaseAt;
      const wasLost = now - before.lastPress > REPEAT_GAP_MS;
      if (!wasReleased && !wasLost) {
        this.#state = { ...before, lastPress: now, releaseAt: null };
        return [];
      }
    }
    this.#state = { kind: 'down', since: now, lastPress: now, releaseAt: null };
    return before.kind === 'down' ? ['release', 'press'] : ['press'];
  }

  up(now: number): readonly HoldOutput[] {
    if (this.#state.kind === 'down' && this.#state.releaseAt === null) {
      this.#state = { ...this.#state, releaseAt: now + RELEASE_SETTLES_MS };
    }
    return [];
  }

  tick(now: number): readonly HoldOutput[] {
    return this.nextAt !== null && now >= this.nextAt ? this.lost() : [];
  }

  /** The key can no longer be watched (locked screen, sleep, the hook ended): it counts as released. */
  lost(): readonly HoldOutput[] {
    if (this.#state.kind === 'up') return [];
    this.#state = { kind: 'up' };
    return ['release'];
  }
}

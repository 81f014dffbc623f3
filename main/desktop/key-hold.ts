/** A key held longer than this is stuck, or its release was never seen. */
export const HOLD_LIMIT_MS = 10 * 60 * 1000;
/**
 * X11 reports each auto-repeat as a release and a press at once, and remote desktops send such pairs 10 to 60 ms apart. No press follows a
 * real release this soon.
 */
export const RELEASE_SETTLES_MS = 60;
/** Auto-repeat begins within two seconds on every desktop: a press after a longer silence is a new one. */
const REPEAT_GAP_MS = 2500;

export type HoldOutput = 'press' | 'release';

/**
 * The talk key as a state machine: presses, auto-repeats and releases in, one `press` and one `release` for each hold out. Time is
 * given in milliseconds of any steady clock; call `tick` at `nextAt`.
 */
export class KeyHold {
  /** After `giveUp` the key is still down and `isTalking` is false: its auto-repeat must not begin another talk. */
  #held:
    | {
        readonly isTalking: boolean;
        readonly since: number;
        readonly lastPress: number;
        readonly releaseAt: number | null;
      }
    | undefined;

  /** Whether the key is down: its auto-repeats then count without their modifiers. */
  get isDown(): boolean {
    return this.#held !== undefined;
  }

  /** When to call `tick`; null: never. */
  get nextAt(): number | null {
    if (!this.#held) return null;
    return this.#held.releaseAt ?? (this.#held.isTalking ? this.#held.since + HOLD_LIMIT_MS : null);
  }

  down(now: number): readonly HoldOutput[] {
    const before = this.#held;
    if (before) {
      // A release that had time to settle is real, also where the timer is late.
      const wasReleased = before.releaseAt !== null && now >= before.releaseAt;
      const wasLost = now - before.lastPress > REPEAT_GAP_MS;
      if (!wasReleased && !wasLost) {
        this.#held = { ...before, lastPress: now, releaseAt: null };
        return [];
      }
    }
    this.#held = { isTalking: true, since: now, lastPress: now, releaseAt: null };
    return before?.isTalking ? ['release', 'press'] : ['press'];
  }

  up(now: number): void {
    if (this.#held?.releaseAt === null) this.#held = { ...this.#held, releaseAt: now + RELEASE_SETTLES_MS };
  }

  tick(now: number): readonly HoldOutput[] {
    const held = this.#held;
    if (!held || this.nextAt === null || now < this.nextAt) return [];
    if (held.releaseAt === null) return this.giveUp();
    this.#held = undefined;
    return held.isTalking ? ['release'] : [];
  }

  /** Ends the hold, since the key-up may be lost (locked screen, sleep, held for too long): the key must come up before it counts again. */
  giveUp(): readonly HoldOutput[] {
    if (!this.#held?.isTalking) return [];
    this.#held = { ...this.#held, isTalking: false };
    return ['release'];
  }

  /** Ends the hold and forgets the key: another key is watched from now on, or none. */
  reset(): readonly HoldOutput[] {
    const outputs = this.giveUp();
    this.#held = undefined;
    return outputs;
  }
}

/** No message is longer: a key that seems to be held for more is one whose release was lost. */
const MAX_HOLD_MS = 10 * 60 * 1000;
/** A held key repeats many times a second. Where it did and stopped, with no other key to explain it, it is up. */
const REPEAT_LOST_MS = 2000;
const REPEATS_TO_TRUST = 3;

type State =
  | { readonly kind: 'up' }
  | { readonly kind: 'down'; readonly since: number; readonly seenAt: number; readonly repeats: number };

export type HoldOutput = 'press' | 'release' | undefined;

/**
 * The talk key as a state machine: raw key events in, one press and one release out, whatever the keyboard's repeat does. A
 * release that never comes is made up for, so that a lost key-up never leaves the microphone open. Times in milliseconds,
 * from any clock that does not go back.
 */
export class TalkHold {
  #state: State = { kind: 'up' };

  get isDown(): boolean {
    return this.#state.kind === 'down';
  }

  down(now: number): HoldOutput {
    const before = this.#state;
    if (before.kind === 'down') {
      this.#state = { ...before, seenAt: now, repeats: before.repeats + 1 };
      return undefined;
    }
    this.#state = { kind: 'down', since: now, seenAt: now, repeats: 0 };
    return 'press';
  }

  up(): HoldOutput {
    if (this.#state.kind === 'up') return undefined;
    this.#state = { kind: 'up' };
    return 'release';
  }

  /** Another key went down or up: from now on its repeat takes the place of ours, and silence proves nothing. */
  otherKey(): void {
    if (this.#state.kind === 'down') this.#state = { ...this.#state, repeats: 0 };
  }

  /** To be called now and then while the key is down. */
  tick(now: number): HoldOutput {
    if (this.#state.kind === 'up') return undefined;
    const { since, seenAt, repeats } = this.#state;
    const repeatStopped = repeats >= REPEATS_TO_TRUST && now - seenAt > REPEAT_LOST_MS;
    return repeatStopped || now - since > MAX_HOLD_MS ? this.up() : undefined;
  }
}

/** A talk that nobody holds ends by itself after this long: its end may have been forgotten. */
export const LATCH_LIMIT_MS = 5 * 60 * 1000;

/** Whom a key, a menu or a notification talks to; `message`: the one that is answered, left out: who spoke last. */
export type TalkTarget =
  | { readonly kind: 'talk' }
  | { readonly kind: 'reply'; readonly message?: string }
  | { readonly kind: 'person'; readonly extension: string };

export type TalkOutput = { readonly type: 'begin'; readonly target: TalkTarget } | { readonly type: 'end' };

type State =
  | { readonly kind: 'idle' }
  | { readonly kind: 'held'; readonly by: string }
  | { readonly kind: 'latched'; readonly since: number };

/**
 * Who talks is decided here, one talk at a time, as a state machine: keys that are held, keys and buttons that are tapped in, `begin` and
 * `end` in turn out. Time is milliseconds of any steady clock; call `tick` at `nextAt`.
 */
export class TalkSwitch {
  /** Keys are pressed once to begin and once to end, instead of being held. */
  latches = false;
  #state: State = { kind: 'idle' };

  /** When `tick` has something to do; null where nothing is to be waited for. */
  get nextAt(): number | null {
    return this.#state.kind === 'latched' ? this.#state.since + LATCH_LIMIT_MS : null;
  }

  /** A key goes down. */
  press(target: TalkTarget, now: number): readonly TalkOutput[] {
    if (this.latches || this.#state.kind === 'latched') return this.toggle(target, now);
    // Two keys at once: the first is the one that talks.
    if (this.#state.kind === 'held') return [];
    this.#state = { kind: 'held', by: name(target) };
    return [{ type: 'begin', target }];
  }

  /** A key comes up; where keys latch, that says nothing. */
  release(target: TalkTarget): readonly TalkOutput[] {
    return this.#state.kind === 'held' && this.#state.by === name(target) ? this.giveUp() : [];
  }

  /** A tap (a key that tells no release, a menu, a notification): begins where nobody talks, ends it otherwise, whoever it was for. */
  toggle(target: TalkTarget, now: number): readonly TalkOutput[] {
    if (this.#state.kind !== 'idle') return this.giveUp();
    this.#state = { kind: 'latched', since: now };
    return [{ type: 'begin', target }];
  }

  tick(now: number): readonly TalkOutput[] {
    return this.nextAt !== null && now >= this.nextAt ? this.giveUp() : [];
  }

  /** Whatever talks, ends: stop button, locked screen, sleep. */
  giveUp(): readonly TalkOutput[] {
    if (this.#state.kind === 'idle') return [];
    this.#state = { kind: 'idle' };
    return [{ type: 'end' }];
  }

  /** The talk ended without this machine, or never began: the next press begins. */
  ended(): void {
    this.#state = { kind: 'idle' };
  }
}

function name(target: TalkTarget): string {
  return target.kind === 'person' ? `person ${target.extension}` : target.kind;
}

/** A latched talk ends by itself after this time: the person may have forgotten it. */
export const LATCH_LIMIT_MS = 5 * 60 * 1000;

/**
 * The recipient of a talk by key, menu or notification. `message`: the message to answer; left out: the last one. `person`: the holder of
 * the extension; left out: not known yet.
 */
export type TalkTarget =
  | { readonly kind: 'talk' }
  /** Pages everybody. */
  | { readonly kind: 'page' }
  | { readonly kind: 'reply'; readonly message?: string }
  | {
      readonly kind: 'person';
      readonly extension: string;
      readonly person?: string | undefined;
      /** The group that has the extension; then there is no person. */
      readonly group?: string | undefined;
    };

export type TalkOutput = { readonly type: 'begin'; readonly target: TalkTarget } | { readonly type: 'end' };

type State =
  | { readonly kind: 'idle' }
  | { readonly kind: 'held'; readonly by: string }
  | { readonly kind: 'latched'; readonly since: number };

/**
 * Decides when a talk begins and ends, one at a time, as a state machine: held keys and taps of keys and buttons in, alternating
 * `begin` and `end` out. Time is milliseconds of any steady clock; call `tick` at `nextAt`.
 */
export class TalkSwitch {
  /** One press of a key begins a talk and the next ends it; holding means nothing. */
  latches = false;
  #state: State = { kind: 'idle' };

  /** When to call `tick`; null: never. */
  get nextAt(): number | null {
    return this.#state.kind === 'latched' ? this.#state.since + LATCH_LIMIT_MS : null;
  }

  /** A talk goes on for as long as a key is held. */
  get isHeld(): boolean {
    return this.#state.kind === 'held';
  }

  /** A key goes down. */
  press(target: TalkTarget, now: number): readonly TalkOutput[] {
    if (this.latches || this.#state.kind === 'latched') return this.toggle(target, now);
    // Of two keys held at once the first one talks.
    if (this.#state.kind === 'held') return [];
    this.#state = { kind: 'held', by: name(target) };
    return [{ type: 'begin', target }];
  }

  /** A key comes up, which a latched talk ignores. */
  release(target: TalkTarget): readonly TalkOutput[] {
    return this.#state.kind === 'held' && this.#state.by === name(target) ? this.giveUp() : [];
  }

  /** A tap (a key without reported releases, a menu, a notification): ends the current talk, to any person, or begins one. */
  toggle(target: TalkTarget, now: number): readonly TalkOutput[] {
    if (this.#state.kind !== 'idle') return this.giveUp();
    this.#state = { kind: 'latched', since: now };
    return [{ type: 'begin', target }];
  }

  tick(now: number): readonly TalkOutput[] {
    return this.nextAt !== null && now >= this.nextAt ? this.giveUp() : [];
  }

  /** Ends the current talk: stop button, locked screen, sleep. */
  giveUp(): readonly TalkOutput[] {
    if (this.#state.kind === 'idle') return [];
    this.#state = { kind: 'idle' };
    return [{ type: 'end' }];
  }

  /** The talk ended otherwise, or never began: the next press begins one. */
  ended(): void {
    this.#state = { kind: 'idle' };
  }
}

function name(target: TalkTarget): string {
  return target.kind === 'person' ? `person ${target.extension}` : target.kind;
}

import { KeyHold } from './key-hold.ts';
import { modifiersHeld, type KeyCombination, type Modifiers } from './key-name.ts';
import type { KeyAction } from './key-bindings.ts';

export interface WatchedKey {
  readonly combination: KeyCombination;
  readonly action: KeyAction;
}

export interface KeyOutput {
  readonly type: 'press' | 'release';
  readonly action: KeyAction;
}

interface Held {
  readonly hold: KeyHold;
  /** Null while the key must come up before it acts again. */
  readonly action: KeyAction | null;
}

/**
 * Several keys, each a `KeyHold`, as one state machine: reports of the keyboard in, a press and a release of an action out. It keeps
 * nothing about unbound keys, except while it is paused: a key that a person just chose must come up before it acts.
 */
export class HeldKeys {
  #watched: readonly WatchedKey[] = [];
  #held = new Map<number, Held>();
  #isPaused = false;

  /** When to call `tick`; null: never. */
  get nextAt(): number | null {
    const times = [...this.#held.values()].flatMap(({ hold }) => hold.nextAt ?? []);
    return times.length > 0 ? Math.min(...times) : null;
  }

  /** Replaces the keys; releases those that are held. */
  use(watched: readonly WatchedKey[]): readonly KeyOutput[] {
    const outputs = this.giveUp();
    // A combination with more modifiers goes first: Ctrl+F9 is not F9.
    this.#watched = [...watched].sort((a, b) => modifierCount(b.combination) - modifierCount(a.combination));
    return outputs;
  }

  /** No key acts while a person chooses one. */
  pause(isPaused: boolean): readonly KeyOutput[] {
    this.#isPaused = isPaused;
    return isPaused ? this.giveUp() : [];
  }

  down(keycode: number, modifiers: Modifiers, now: number): readonly KeyOutput[] {
    const before = this.#held.get(keycode);
    const action = this.#isPaused ? null : this.#actionOf(keycode, modifiers);
    if (!before && !action && !this.#isPaused) return [];
    const hold = before?.hold ?? new KeyHold();
    const outputs: KeyOutput[] = [];
    for (const output of hold.down(now)) {
      if (output === 'release') outputs.push(...outputOf('release', before?.action ?? null));
      else {
        if (!action) hold.giveUp();
        this.#held.set(keycode, { hold, action });
        outputs.push(...outputOf('press', action));
      }
    }
    return outputs;
  }

  up(keycode: number, now: number): void {
    this.#held.get(keycode)?.hold.up(now);
  }

  tick(now: number): readonly KeyOutput[] {
    const outputs: KeyOutput[] = [];
    for (const [keycode, { hold, action }] of this.#held) {
      for (const output of hold.tick(now)) outputs.push(...outputOf(output, action));
      if (!hold.isDown) this.#held.delete(keycode);
    }
    return outputs;
  }

  /** Releases all keys, since key-ups may be lost (locked screen, sleep): each must come up before it acts again. */
  giveUp(): readonly KeyOutput[] {
    const outputs = [...this.#held.values()].flatMap(({ hold, action }) =>
      hold.giveUp().flatMap((output) => outputOf(output, action)),
    );
    for (const [keycode, { hold }] of this.#held) this.#held.set(keycode, { hold, action: null });
    return outputs;
  }

  #actionOf(keycode: number, modifiers: Modifiers): KeyAction | null {
    const found = this.#watched.find(
      ({ combination }) => combination.keycode === keycode && modifiersHeld(combination, modifiers),
    );
    return found?.action ?? null;
  }
}

function outputOf(type: KeyOutput['type'], action: KeyAction | null): readonly KeyOutput[] {
  return action ? [{ type, action }] : [];
}

function modifierCount({ altKey, ctrlKey, metaKey, shiftKey }: Modifiers): number {
  return [altKey, ctrlKey, metaKey, shiftKey].filter(Boolean).length;
}

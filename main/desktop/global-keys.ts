import type { LocalizedText } from '../../i18n/index.ts';
import { HeldKeys, type KeyOutput, type WatchedKey } from './held-keys.ts';
import { bindingsOf, isTalk, type KeyAction, type KeyBinding, type KeySettings } from './key-bindings.ts';
import { KeyHook, type NoHook } from './key-hook.ts';
import { parseKeyName } from './key-name.ts';
import { isTakenElsewhere, KeyShortcuts } from './key-shortcuts.ts';
import { keyConflict, keysToggle, keysUnknown, keysUnseen } from './troubles.ts';

/** `talk-key`: keys do not work or have unknown names; `toggle-keys`: they only toggle; `key-conflict`: another use has a key. */
type KeyTrouble = 'talk-key' | 'toggle-keys' | 'key-conflict';

interface GlobalKeysHandlers {
  press(action: KeyAction): void;
  release(action: KeyAction): void;
  /** A key whose release the system does not report. */
  tap(action: KeyAction): void;
  /** What is wrong; undefined when it no longer is. */
  trouble(code: KeyTrouble, text: LocalizedText | undefined): void;
  log(line: string): void;
}

/** The keys that act in every window of the desktop. A person holds them; where the app cannot see a key held, they toggle. */
export class GlobalKeys {
  readonly #handlers: GlobalKeysHandlers;
  readonly #held = new HeldKeys();
  readonly #hook: KeyHook;
  readonly #shortcuts: KeyShortcuts;
  /** For each key whether another program had it when it was bound. */
  readonly #taken = new Map<string, boolean>();
  #chosen: KeySettings | undefined;
  #facts = '';
  #why: NoHook | undefined;
  #isPaused = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(handlers: GlobalKeysHandlers) {
    this.#handlers = handlers;
    this.#hook = new KeyHook({
      down: (keycode, modifiers) => this.#put(this.#held.down(keycode, modifiers, performance.now())),
      up: (keycode) => {
        this.#held.up(keycode, performance.now());
        this.#put([]);
      },
      log: (line) => handlers.log(line),
    });
    this.#shortcuts = new KeyShortcuts((action) => handlers.tap(action));
  }

  /** The keys of the settings, such as `F9` or `Ctrl+Alt+Space`. */
  use(settings: KeySettings): void {
    const facts = JSON.stringify(bindingsOf(settings));
    if (facts === this.#facts) return;
    this.#facts = facts;
    this.#chosen = settings;
    this.#apply();
  }

  /** No key acts while a person chooses one. */
  pause(isPaused: boolean): void {
    if (isPaused === this.#isPaused) return;
    this.#isPaused = isPaused;
    this.#put(this.#held.pause(isPaused));
    if (isPaused) this.#shortcuts.clear();
    else if (this.#why) this.#apply();
  }

  /** Releases all keys: behind a locked screen, or asleep, the system reports no key-ups. */
  giveUp(): void {
    this.#put(this.#held.giveUp());
  }

  /** Tries the key hook again: the person may just have allowed it. */
  lookAgain(): void {
    if (this.#why === 'accessibility') this.#apply();
  }

  stop(): void {
    this.#put(this.#held.use([]));
    clearTimeout(this.#timer);
    this.#shortcuts.clear();
    this.#hook.stop();
  }

  #apply(): void {
    if (!this.#chosen) return;
    const { bindings, twice } = bindingsOf(this.#chosen);
    this.#why = bindings.length > 0 ? this.#hook.start() : undefined;
    if (bindings.length === 0) this.#hook.stop();
    const others = this.#why
      ? { taken: this.#toggle(this.#why, bindings) }
      : { shared: this.#watch(bindings) };
    this.#handlers.trouble('key-conflict', keyConflict(twice, others));
  }

  /** Watches the keys. Returns those that another program has as well. */
  #watch(bindings: readonly KeyBinding[]): readonly string[] {
    this.#shortcuts.clear();
    const unknown: string[] = [];
    const watched: WatchedKey[] = [];
    for (const { key, action } of bindings) {
      const combination = parseKeyName(key, this.#hook.keys);
      if (combination) watched.push({ combination, action });
      else unknown.push(key);
    }
    this.#put(this.#held.use(watched));
    this.#handlers.trouble('talk-key', unknown.length > 0 ? keysUnknown(unknown) : undefined);
    this.#handlers.trouble('toggle-keys', undefined);
    const keys = new Set(bindings.map(({ key }) => key));
    for (const key of this.#taken.keys()) if (!keys.has(key)) this.#taken.delete(key);
    for (const key of keys) if (!this.#taken.has(key)) this.#taken.set(key, isTakenElsewhere(key));
    return [...keys].filter((key) => this.#taken.get(key));
  }

  /** Lets the keys toggle. Returns those that another program has. */
  #toggle(why: NoHook, bindings: readonly KeyBinding[]): readonly string[] {
    this.#put(this.#held.use([]));
    const refused = this.#isPaused ? [] : this.#shortcuts.use(bindings);
    const had = bindings.filter(({ key }) => !refused.includes(key));
    // Only keys that a person would hold work differently.
    const toggled = had.filter(({ action }) => isTalk(action)).map(({ key }) => key);
    this.#handlers.trouble('talk-key', had.length === 0 ? keysUnseen(why) : undefined);
    this.#handlers.trouble('toggle-keys', toggled.length === 0 ? undefined : keysToggle(why, toggled));
    return refused;
  }

  #put(outputs: readonly KeyOutput[]): void {
    for (const { type, action } of outputs) this.#handlers[type](action);
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const { nextAt } = this.#held;
    if (nextAt === null) return;
    const wait = Math.max(1, Math.ceil(nextAt - performance.now()));
    this.#timer = setTimeout(() => this.#put(this.#held.tick(performance.now())), wait);
  }
}

import { createRequire } from 'node:module';
import { powerMonitor, systemPreferences } from 'electron';
import type * as Uiohook from 'uiohook-napi';
import { KeyHold, type HoldOutput } from './key-hold.ts';
import { modifiersHeld, parseKeyName, type KeyCombination } from './key-name.ts';

const INSTEAD =
  'Hold a person’s button in the panel, or bind `corridor talk press` and `corridor talk release` in the desktop’s own shortcuts.';

export interface TalkKeyHandlers {
  press(): void;
  release(): void;
  /** Why the key does not work, as a sentence; undefined when it does. */
  trouble(sentence: string | undefined): void;
  log(line: string): void;
}

/** The key that is held to talk, anywhere on the desktop. Where the system does not let it be seen, `trouble` says so. */
export class TalkKey {
  readonly #handlers: TalkKeyHandlers;
  readonly #hold = new KeyHold();
  #hook: typeof Uiohook | undefined;
  #key: KeyCombination | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isRunning = false;
  #name: string | null | undefined;

  constructor(handlers: TalkKeyHandlers) {
    this.#handlers = handlers;
    // Behind a locked screen, or asleep, key-ups are not told.
    const giveUp = (): void => this.#put(this.#hold.giveUp());
    powerMonitor.on('lock-screen', giveUp);
    powerMonitor.on('suspend', giveUp);
    powerMonitor.on('shutdown', giveUp);
  }

  /** The key of the settings, such as `F9` or `Ctrl+Alt+Space`; null: no key. */
  use(name: string | null): void {
    if (name === this.#name) return;
    this.#name = name;
    this.#put(this.#hold.reset());
    this.#key = undefined;
    if (name === null) {
      this.stop();
      this.#handlers.trouble(undefined);
      return;
    }
    const why = this.#start();
    if (why !== undefined || !this.#hook) {
      this.#handlers.trouble(why);
      return;
    }
    this.#key = parseKeyName(name, this.#hook.UiohookKey);
    this.#handlers.trouble(
      this.#key ? undefined : `The talk key ${name} is not known here. Choose another one in the settings.`,
    );
  }

  stop(): void {
    this.#put(this.#hold.reset());
    if (!this.#isRunning || !this.#hook) return;
    this.#isRunning = false;
    try {
      this.#hook.uIOhook.removeAllListeners();
      this.#hook.uIOhook.stop();
    } catch (error) {
      this.#handlers.log(`the talk key could not be let go: ${String(error)}`);
    }
  }

  /** Starts to see keys; the sentence why not, if that cannot be. */
  #start(): string | undefined {
    if (this.#isRunning) return undefined;
    const refused = whyNoGlobalKeys();
    if (refused !== undefined) return refused;
    try {
      this.#hook ??= createRequire(import.meta.url)('uiohook-napi') as typeof Uiohook;
      const { uIOhook } = this.#hook;
      uIOhook.on('keydown', (event) => {
        const key = this.#key;
        if (!key || event.keycode !== key.keycode) return;
        if (this.#hold.isDown || modifiersHeld(key, event)) this.#put(this.#hold.down(performance.now()));
      });
      uIOhook.on('keyup', (event) => {
        if (event.keycode !== this.#key?.keycode) return;
        this.#hold.up(performance.now());
        this.#put([]);
      });
      uIOhook.start();
      this.#isRunning = true;
      return undefined;
    } catch (error) {
      this.#hook?.uIOhook.removeAllListeners();
      this.#handlers.log(`the talk key cannot be watched: ${String(error)}`);
      return `The talk key does not work: this system does not let Corridor see keys. ${INSTEAD}`;
    }
  }

  #put(outputs: readonly HoldOutput[]): void {
    for (const output of outputs) {
      if (output === 'press') this.#handlers.press();
      else this.#handlers.release();
    }
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const { nextAt } = this.#hold;
    if (nextAt === null) return;
    const wait = Math.max(1, Math.ceil(nextAt - performance.now()));
    this.#timer = setTimeout(() => this.#put(this.#hold.tick(performance.now())), wait);
  }
}

function whyNoGlobalKeys(): string | undefined {
  const { env, platform } = process;
  if (platform === 'linux') {
    // Under XWayland only keys of X11 windows are told, and so a key-up elsewhere would be lost: better no key than an open microphone.
    if (env['XDG_SESSION_TYPE'] === 'wayland' || env['WAYLAND_DISPLAY']) {
      return `This desktop (Wayland) does not let Corridor see a key that is held. ${INSTEAD}`;
    }
    if (!env['DISPLAY']) return `There is no X display, so the talk key cannot be seen. ${INSTEAD}`;
  }
  if (platform === 'darwin' && !systemPreferences.isTrustedAccessibilityClient(true)) {
    return 'macOS does not let Corridor see the talk key yet: allow it under System Settings, Privacy & Security, Accessibility, and start Corridor again.';
  }
  return undefined;
}

import { createRequire } from 'node:module';
import { systemPreferences } from 'electron';
import type * as Uiohook from 'uiohook-napi';
import { isWayland } from './is-wayland.ts';
import type { Modifiers } from './key-name.ts';

/** Why the app cannot see keys: the desktop is Wayland, there is no display, macOS has not allowed it, or the hook failed. */
export type NoHook = 'wayland' | 'no-display' | 'accessibility' | 'refused';

interface KeyHookHandlers {
  down(keycode: number, modifiers: Modifiers): void;
  up(keycode: number): void;
  log(line: string): void;
}

/** Reports each key that goes down or comes up in any window of the desktop, while it is started. */
export class KeyHook {
  readonly #handlers: KeyHookHandlers;
  #hook: typeof Uiohook | undefined;
  #isRunning = false;
  #hasAsked = false;

  constructor(handlers: KeyHookHandlers) {
    this.#handlers = handlers;
  }

  /** The key codes by name, once it is started. */
  get keys(): Readonly<Record<string, number>> {
    return this.#hook?.UiohookKey ?? {};
  }

  /** Starts to report keys. Returns why it cannot, or undefined. */
  start(): NoHook | undefined {
    if (this.#isRunning) return undefined;
    const refused = this.#whyNot();
    if (refused) return refused;
    try {
      this.#hook ??= createRequire(import.meta.url)('uiohook-napi') as typeof Uiohook;
      const { uIOhook } = this.#hook;
      uIOhook.on('keydown', (event) => this.#handlers.down(event.keycode, event));
      uIOhook.on('keyup', (event) => this.#handlers.up(event.keycode));
      uIOhook.start();
      this.#isRunning = true;
      return undefined;
    } catch (error) {
      this.#hook?.uIOhook.removeAllListeners();
      this.#handlers.log(`keys cannot be watched: ${String(error)}`);
      return 'refused';
    }
  }

  stop(): void {
    if (!this.#isRunning || !this.#hook) return;
    this.#isRunning = false;
    try {
      this.#hook.uIOhook.removeAllListeners();
      this.#hook.uIOhook.stop();
    } catch (error) {
      this.#handlers.log(`the keys could not be let go: ${String(error)}`);
    }
  }

  #whyNot(): NoHook | undefined {
    const { env, platform } = process;
    if (platform === 'linux') {
      // XWayland reports only keys in X11 windows. A key-up elsewhere would be lost: better no key than an open microphone.
      if (isWayland(env)) return 'wayland';
      if (!env['DISPLAY']) return 'no-display';
    }
    if (platform === 'darwin') {
      // The first check lets macOS ask the person; later checks do not ask again.
      const isTrusted = systemPreferences.isTrustedAccessibilityClient(!this.#hasAsked);
      this.#hasAsked = true;
      if (!isTrusted) return 'accessibility';
    }
    return undefined;
  }
}

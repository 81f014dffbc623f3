import { powerMonitor } from 'electron';
import type { UiohookKeyboardEvent } from 'uiohook-napi';
import { modifiersDown, parseBinding, type KeyBinding } from './key-binding.ts';
import { strings } from './strings.ts';
import { TalkHold, type HoldOutput } from './talk-hold.ts';

const WATCH_EVERY_MS = 250;

export interface TalkKeyHandlers {
  press(): void;
  release(): void;
  /** Why the key cannot work, as a sentence; null once it does. */
  trouble(sentence: string | null): void;
}

type Hook = (typeof import('uiohook-napi'))['uIOhook'];

/** The talk key, held anywhere on the desktop. */
export class TalkKey {
  readonly #handlers: TalkKeyHandlers;
  readonly #hold = new TalkHold();
  #binding: KeyBinding | null = null;
  #hook: Hook | null = null;
  #keycodes: Readonly<Record<string, number>> = {};
  #watch: NodeJS.Timeout | undefined;

  constructor(handlers: TalkKeyHandlers) {
    this.#handlers = handlers;
  }

  /** Listens for keys, if this desktop lets a program do that; says so where it does not. */
  async start(): Promise<void> {
    // There is no key-up behind a locked screen or in sleep.
    powerMonitor.on('lock-screen', this.letGo);
    powerMonitor.on('suspend', this.letGo);
    try {
      if (process.env['XDG_SESSION_TYPE'] === 'wayland') throw new Error(strings.wayland);
      if (process.platform === 'linux' && !process.env['DISPLAY']) throw new Error('no X display');
      const { uIOhook, UiohookKey } = await import('uiohook-napi');
      this.#keycodes = UiohookKey;
      uIOhook.on('keydown', (event) => this.#onDown(event));
      uIOhook.on('keyup', (event) => this.#onUp(event));
      uIOhook.start();
      this.#hook = uIOhook;
    } catch (error) {
      this.#handlers.trouble(strings.noKeyListener(error instanceof Error ? error.message : String(error)));
    }
  }

  /** null: there is no talk key. */
  choose(name: string | null): void {
    this.letGo();
    this.#binding = null;
    if (this.#hook === null) return;
    this.#binding = name === null ? null : parseBinding(name, this.#keycodes);
    this.#handlers.trouble(name !== null && this.#binding === null ? strings.unknownKey(name) : null);
  }

  /** Ends the hold, if there is one, whatever the key does. */
  readonly letGo = (): void => this.#act(this.#hold.up());

  stop(): void {
    this.letGo();
    powerMonitor.off('lock-screen', this.letGo);
    powerMonitor.off('suspend', this.letGo);
    this.#hook?.stop();
    this.#hook = null;
  }

  #onDown(event: UiohookKeyboardEvent): void {
    const binding = this.#binding;
    if (event.keycode !== binding?.keycode) this.#hold.otherKey();
    else if (this.#hold.isDown || modifiersDown(binding, event))
      this.#act(this.#hold.down(performance.now()));
  }

  #onUp(event: UiohookKeyboardEvent): void {
    const binding = this.#binding;
    if (!binding) return;
    if (event.keycode === binding.keycode || !modifiersDown(binding, event)) this.letGo();
    else this.#hold.otherKey();
  }

  #act(output: HoldOutput): void {
    if (output === 'press') {
      this.#watch = setInterval(() => this.#act(this.#hold.tick(performance.now())), WATCH_EVERY_MS);
      this.#handlers.press();
    } else if (output === 'release') {
      clearInterval(this.#watch);
      this.#handlers.release();
    }
  }
}

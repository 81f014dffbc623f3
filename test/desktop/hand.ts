import type * as Uiohook from 'uiohook-napi';
import { RELEASE_SETTLES_MS } from '../../main/desktop/key-hold.ts';
import type { DesktopApp } from './desktop-app.ts';

/** What a test keeps inside the app between two calls. */
interface Inside {
  seen?: Promise<void>;
}

/**
 * A hand on the keyboard of an app that is driven from inside and sees keys held. Each call returns once the app has seen what was
 * done: what comes next is never too early for it, however slow or fast the computer is.
 */
export class Hand {
  readonly #app: DesktopApp;

  constructor(app: DesktopApp) {
    this.#app = app;
  }

  async press(key: string): Promise<void> {
    await this.#watch('keydown', 1, 0);
    await this.#app.desk.key('keydown', key);
    await this.#seen();
  }

  /** A release counts after a short silence, which passes by the app's own clock. */
  async release(key: string): Promise<void> {
    await this.#watch('keyup', 1, RELEASE_SETTLES_MS);
    await this.#app.desk.key('keyup', key);
    await this.#seen();
  }

  async tap(key: string): Promise<void> {
    await this.#watch('keyup', 1, RELEASE_SETTLES_MS);
    await this.#app.desk.run('xdotool', 'key', key);
    await this.#seen();
  }

  /** Keeps holding what is held until it has repeated some times. */
  async letRepeat(): Promise<void> {
    await this.#watch('keydown', 5, 0);
    await this.#seen();
  }

  /** From now on the app waits for so many events of its key hook, and then lets a time pass. */
  async #watch(event: 'keydown' | 'keyup', count: number, thenMs: number): Promise<void> {
    await this.#app.inside.evaluate(
      ({ app }, wanted) => {
        const { createRequire } = process.getBuiltinModule('node:module');
        const load = createRequire(`${app.getAppPath()}/package.json`);
        const { uIOhook } = load('uiohook-napi') as typeof Uiohook;
        (globalThis as Inside).seen = new Promise((resolve) => {
          let left = wanted.count;
          const look = (): void => {
            left -= 1;
            if (left > 0) return;
            uIOhook.off(wanted.event, look);
            // Longer than the app's own timer, which was set before this one.
            setTimeout(resolve, wanted.thenMs + 5);
          };
          uIOhook.on(wanted.event, look);
        });
      },
      // Its typings have one signature for each name.
      { event: event as 'keydown', count, thenMs },
    );
  }

  async #seen(): Promise<void> {
    await this.#app.inside.evaluate(() => (globalThis as Inside).seen);
  }
}

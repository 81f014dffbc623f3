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
    await this.#watch(1);
    await this.#app.desk.key('keydown', key);
    await this.#seen();
  }

  async release(key: string): Promise<void> {
    await this.#watch('release');
    await this.#app.desk.key('keyup', key);
    await this.#seen();
  }

  async tap(key: string): Promise<void> {
    await this.#watch('release');
    await this.#app.desk.run('xdotool', 'key', key);
    await this.#seen();
  }

  /** Keeps holding what is held until it has repeated some times. */
  async letRepeat(): Promise<void> {
    await this.#watch(5);
    await this.#seen();
  }

  /**
   * From now on the app waits until it has seen so many presses or repeats, or a release that counts: one that a short silence
   * follows, by the app's own clock.
   */
  async #watch(what: number | 'release'): Promise<void> {
    await this.#app.inside.evaluate(
      ({ app }, wanted) => {
        const { createRequire } = process.getBuiltinModule('node:module');
        const load = createRequire(`${app.getAppPath()}/package.json`);
        const { uIOhook } = load('uiohook-napi') as typeof Uiohook;
        (globalThis as Inside).seen = new Promise((resolve) => {
          let presses = 0;
          let timer: NodeJS.Timeout | undefined;
          const done = (): void => {
            uIOhook.off('keydown', down);
            uIOhook.off('keyup', up);
            resolve();
          };
          const down = (): void => {
            clearTimeout(timer);
            presses += 1;
            if (presses === wanted.what) done();
          };
          const up = (): void => {
            if (wanted.what === 'release') timer = setTimeout(done, wanted.settlesMs);
          };
          uIOhook.on('keydown', down);
          uIOhook.on('keyup', up);
        });
      },
      // Longer than the app's own timer, which is set before this one.
      { what, settlesMs: RELEASE_SETTLES_MS + 5 },
    );
  }

  async #seen(): Promise<void> {
    await this.#app.inside.evaluate(() => (globalThis as Inside).seen);
  }
}

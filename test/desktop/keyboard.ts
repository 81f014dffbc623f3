import type * as Uiohook from 'uiohook-napi';
import { RELEASE_SETTLES_MS } from '../../main/desktop/key-hold.ts';
import type { DesktopApp } from './desktop-app.ts';

/** What a test keeps inside the app: settles once the app has seen the keys that `#watch` waits for. */
interface Inside {
  seen?: Promise<void>;
}

/**
 * The keyboard of a desktop whose app sees keys held. Each call resolves once the app has seen the key, so that the next is never
 * too early for it, on a computer of any speed.
 */
export class Keyboard {
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

  /** Resolves once the key that is down has repeated some times. */
  async letRepeat(): Promise<void> {
    await this.#watch(5);
    await this.#seen();
  }

  /**
   * Begins to wait, inside the app, for this many presses or repeats, or for a release that counts: one that a short silence
   * follows, by the app's own clock.
   */
  async #watch(wanted: number | 'release'): Promise<void> {
    await this.#app.inside.evaluate(
      ({ app }, { presses: pressesWanted, settlesMs }) => {
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
            if (presses === pressesWanted) done();
          };
          const up = (): void => {
            if (pressesWanted === null) timer = setTimeout(done, settlesMs);
          };
          uIOhook.on('keydown', down);
          uIOhook.on('keyup', up);
        });
      },
      // Longer than the app's own timer, which is set before this one.
      { presses: wanted === 'release' ? null : wanted, settlesMs: RELEASE_SETTLES_MS + 5 },
    );
  }

  async #seen(): Promise<void> {
    await this.#app.inside.evaluate(() => (globalThis as Inside).seen);
  }
}

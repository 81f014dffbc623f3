import { BrowserWindow, screen } from 'electron';
import type { Flash } from '../../preload/api.ts';
import { flashPage, shapeOf } from './flash-page.ts';
import type { Strings } from './strings.ts';

/** How long a flash and its text are shown, ms; the flashing itself ends earlier. */
const SHOWN_MS = 4000;

/**
 * Lights up the edge of every screen, above all windows, and says who it is. Its windows take no click and no key, and
 * are there only meanwhile.
 */
export class FlashWindows {
  readonly #log: (line: string) => void;
  #windows: BrowserWindow[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(log: (line: string) => void) {
    this.#log = log;
  }

  /** null: what lasted is over. */
  show(flash: Flash | null, { flash: texts, language }: Pick<Strings, 'flash' | 'language'>): void {
    this.close();
    if (!flash) return;
    const text = texts[flash.cause](flash.name);
    this.#windows = screen
      .getAllDisplays()
      .map(({ bounds }) => this.#open(bounds, text, language, flash.lasts));
    if (!flash.lasts) this.#timer = setTimeout(() => this.close(), SHOWN_MS);
  }

  close(): void {
    clearTimeout(this.#timer);
    for (const window of this.#windows) if (!window.isDestroyed()) window.destroy();
    this.#windows = [];
  }

  #open(bounds: Electron.Rectangle, text: string, language: string, lasts: boolean): BrowserWindow {
    const window = new BrowserWindow({
      ...bounds,
      title: 'Corridor',
      show: false,
      frame: false,
      transparent: true,
      hasShadow: false,
      roundedCorners: false,
      focusable: false,
      skipTaskbar: true,
      alwaysOnTop: true,
      resizable: false,
      movable: false,
      minimizable: false,
      maximizable: false,
      fullscreenable: false,
      enableLargerThanScreen: true,
      webPreferences: {
        sandbox: true,
        contextIsolation: true,
        nodeIntegration: false,
        javascript: false,
        spellcheck: false,
        // It is never in front, and must flash all the same.
        backgroundThrottling: false,
      },
    });
    window.setIgnoreMouseEvents(true);
    window.setAlwaysOnTop(true, 'screen-saver');
    window.setVisibleOnAllWorkspaces(true, { visibleOnFullScreen: true, skipTransformProcessType: true });
    if (process.platform !== 'darwin') window.setShape([...shapeOf(bounds)]);
    window.once('ready-to-show', () => window.showInactive());
    window.loadURL(flashPage(text, { lasts, language, size: bounds })).catch((error: unknown) => {
      if (!window.isDestroyed()) this.#log(`the screen could not flash: ${String(error)}`);
    });
    return window;
  }
}
